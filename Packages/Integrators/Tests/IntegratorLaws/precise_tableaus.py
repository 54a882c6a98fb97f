"""Coefficients of Runge-Kutta methods to 32 digits, from those to 16 in the library.

    python3 precise_tableaus.py > ../../Sources/IntegratorMeasurements/PreciseTableaus.swift    and then swift format

The published coefficients solve the order conditions exactly; in double they do so to round-off, which hides the order of a method
whose leading error is small. Newton's method, in steps of least length, leads from the doubles to the nearest exact solution: what
is printed is its distance from the doubles, about 1e-17, for each coefficient that is not zero.
"""

import pathlib
import re

import mpmath
import numpy as np

mpmath.mp.dps = 50
sources = pathlib.Path(__file__).parent / "../../Sources/Integrators/RungeKutta"


def tableau(name):
    """(order, a, b) as doubles, read from the source text."""
    text = next(t for t in (f.read_text() for f in sources.glob("*.swift")) if f'"{name}", order' in t)
    text = text[text.index(f'"{name}", order') :]
    order = int(re.search(r"order: (\d+)", text).group(1))

    def array(label):
        start = text.index(label) + len(label)
        depth, end = 0, start
        while True:
            depth += {"[": 1, "]": -1}.get(text[end], 0)
            end += 1
            if depth == 0:
                return eval(re.sub(r"\.(?=\D)", ".0", text[start:end]), {})

    stages = array("stages: ")
    weights = array("weights: ")
    size = len(stages) + 1
    a = np.zeros((size, size))
    for row, values in enumerate(stages):
        a[row + 1, : len(values)] = values
    b = np.zeros(size)
    b[: len(weights)] = weights
    return order, a, b


def trees(order):
    """Rooted trees with up to `order` vertices, each a sorted tuple of the numbers of its subtrees, in order of size."""
    found, sizes = [()], [1]
    for size in range(2, order + 1):

        def forests(rest, largest):
            if rest == 0:
                yield ()
            for index in range(largest, -1, -1):
                if sizes[index] <= rest:
                    for others in forests(rest - sizes[index], index):
                        yield (index,) + others

        known = len(found)
        new = list(forests(size - 1, known - 1))
        found += new
        sizes += [size] * len(new)
    return found, sizes


def densities(found, sizes):
    """γ of each tree."""
    result = []
    for tree, size in zip(found, sizes):
        density = size
        for branch in tree:
            density *= result[branch]
        result.append(density)
    return result


def residuals(a, b, found, densities, one):
    """Σᵢ bᵢ Φᵢ(t) − 1/γ(t) for all trees t; a and b of any kind, also stacks of them."""
    inner, result = [], []
    for tree, density in zip(found, densities):
        phi = one
        for branch in tree:
            phi = phi * inner[branch]
        inner.append((a @ phi[..., None])[..., 0])
        result.append((b * phi).sum(-1) - (mpmath.mpf(1) / density if one.dtype == object else 1 / density))
    return np.stack(result, -1)


def polished(name):
    order, a, b = tableau(name)
    found, sizes = trees(order)
    gamma = densities(found, sizes)
    rows, columns = np.nonzero(a)
    ends = np.nonzero(b)[0]
    count = len(rows) + len(ends)
    # All derivatives at once, by complex steps.
    shifted_a = np.repeat(a[None].astype(complex), count, 0)
    shifted_b = np.repeat(b[None].astype(complex), count, 0)
    for k in range(count):
        if k < len(rows):
            shifted_a[k, rows[k], columns[k]] += 1e-30j
        else:
            shifted_b[k, ends[k - len(rows)]] += 1e-30j
    jacobian = residuals(shifted_a, shifted_b, found, gamma, np.ones((count, len(b)))).imag.T / 1e-30
    exact_a = np.vectorize(mpmath.mpf, otypes=[object])(a)
    exact_b = np.vectorize(mpmath.mpf, otypes=[object])(b)
    one = np.array([mpmath.mpf(1)] * len(b), dtype=object)
    largest = 1
    while largest > mpmath.mpf(10) ** -33:
        rest = residuals(exact_a, exact_b, found, gamma, one)
        largest = max(abs(x) for x in rest)
        scale = largest
        right = np.array([float(x / scale) for x in rest])
        step = -np.linalg.lstsq(jacobian, right, rcond=1e-11)[0]
        for k in range(count):
            if k < len(rows):
                exact_a[rows[k], columns[k]] += scale * mpmath.mpf(step[k])
            else:
                exact_b[ends[k - len(rows)]] += scale * mpmath.mpf(step[k])
    return a, b, exact_a, exact_b


def low(exact, rounded):
    """What the doubles lack, where they are not zero, without the zeros at the end."""
    values = [float(x - mpmath.mpf(y)) for x, y in zip(exact, rounded)]
    while values and values[-1] == 0:
        values.pop()
    return "[" + ", ".join("0" if value == 0 else f"{value!r}" for value in values) + "]"


print("/// What the coefficients of some tableaus lack to 32 digits, row by row as there. Written by precise_tableaus.py.")
print("enum PreciseTableaus {")
print("  static let stages: [String: [[Double]]] = [")
names = ["tsitouras5", "verner6", "verner7", "dormandPrince8", "verner9"]
results = {name: polished(name) for name in names}
for name, (a, b, exact_a, exact_b) in results.items():
    print(f'    "{name}": [' + ",\n      ".join(low(*rows) for rows in zip(exact_a[1:], a[1:])) + "],")
print("  ]")
print("  static let weights: [String: [Double]] = [")
for name, (a, b, exact_a, exact_b) in results.items():
    print(f'    "{name}": {low(exact_b, b)},')
print("  ]")
print("}")
