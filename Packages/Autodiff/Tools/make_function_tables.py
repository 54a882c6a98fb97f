"""Writes Sources/CAutodiff/{error,gamma}_function_tables.c: piecewise polynomials of the functions that have no short formula.

    python3 Packages/Autodiff/Tools/make_function_tables.py      (needs mpmath)

A function is cut into 16 pieces per octave of its argument v. On each, with t = v - centre,
f = high + (low + t (c1 + t (c2 + ...))), the polynomial that interpolates at the Chebyshev points; high + low is
f(centre) to twice the precision. Rows are [c_DEGREE, ..., c1, low, high].
"""

import os

import mpmath as mp

mp.mp.dps = 60
DEGREE = 11
PIECES = 16

PSI_ROOT = mp.findroot(mp.digamma, mp.mpf("1.46163214496836234126"))


def near(f, point, radius=mp.mpf("1e-12")):
    """f with its removable singularity at `point` bridged by the mean of two neighbours."""
    return lambda v: (f(v - radius) + f(v + radius)) / 2 if abs(v - point) < radius else f(v)


def erf_over_x(v):
    x = v - 1
    return 2 / mp.sqrt(mp.pi) if x == 0 else mp.erf(x) / x


def scaled_erfc(v):
    x = v - 1
    return mp.exp(x * x) * mp.erfc(x)


def inverse_erf_factor(v):
    complement = mp.exp(1 - v)  # 1 - x^2
    if complement == 1:
        return mp.sqrt(mp.pi) / 2
    x = mp.sqrt(1 - complement)
    tail = complement / (1 + x)  # 1 - x
    y = mp.sqrt(v - 1) if tail < mp.mpf("0.3") else x
    for _ in range(60):
        excess = mp.erfc(y) - tail if tail < mp.mpf("0.3") else x - mp.erf(y)
        newton = excess * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += newton / (1 - y * newton)
        if abs(newton) < mp.mpf(10) ** -52:
            break
    return y / x


def log_gamma_factor(v):
    return mp.loggamma(v) / ((v - 1) * (v - 2))


def digamma_factor(v):
    return mp.digamma(v) / (v - PSI_ROOT)


# name, function of v, first octave, end of v
FUNCTIONS = [
    ("af_table_erf", erf_over_x, mp.mpf(1), mp.mpf(7)),
    ("af_table_erfc", scaled_erfc, mp.mpf(1), mp.mpf(29)),
    ("af_table_erfinv", inverse_erf_factor, mp.mpf(1), mp.mpf(39)),
    ("af_table_lgamma", near(near(log_gamma_factor, 1), 2), mp.mpf("0.25"), mp.mpf(16)),
    ("af_table_digamma", near(digamma_factor, PSI_ROOT), mp.mpf("0.25"), mp.mpf(16)),
]


def pieces(first, end):
    octave = first
    while octave < end:
        for index in range(PIECES):
            low = octave * (1 + mp.mpf(index) / PIECES)
            if low < end:
                yield low, octave / PIECES
        octave *= 2


def interpolated(f, centre, half):
    """Monomial coefficients of the interpolating polynomial in t / half."""
    nodes = [mp.cos(mp.pi * (2 * k + 1) / (2 * DEGREE + 2)) for k in range(DEGREE + 1)]
    values = [f(centre + half * node) for node in nodes]
    matrix = mp.matrix(DEGREE + 1, DEGREE + 1)
    for row, node in enumerate(nodes):
        for column in range(DEGREE + 1):
            matrix[row, column] = node**column
    return [c / half**k for k, c in enumerate(mp.lu_solve(matrix, mp.matrix(values)))]


def rows(f, first, end):
    worst = mp.mpf(0)
    lines = []
    for low, width in pieces(first, end):
        centre, half = low + width / 2, width / 2
        coefficients = interpolated(f, centre, half)
        for step in range(-8, 9):
            t = half * step / 8
            exact = f(centre + t)
            worst = max(worst, abs(mp.polyval(coefficients[::-1], t) / exact - 1))
        high = float(coefficients[0])
        low_part = float(coefficients[0] - mp.mpf(high))
        row = [float(c) for c in coefficients[:0:-1]] + [low_part, high]
        lines.append("    {" + ", ".join(c.hex() for c in row) + "},")
    return lines, worst


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    for family in ("error", "gamma"):
        out = ["// Written by Tools/make_function_tables.py.", '#include "function_tables.h"']
        for name, f, first, end in FUNCTIONS:
            if ("gamma" in name) != (family == "gamma"):
                continue
            lines, worst = rows(f, first, end)
            print(name, len(lines), "pieces, largest relative error", mp.nstr(worst, 3), "= 2^", mp.nstr(mp.log(worst, 2), 4))
            out += ["", f"const double {name}[{len(lines)}][AF_TABLE_ROW] = {{", *lines, "};"]
        with open(os.path.join(here, f"../Sources/CAutodiff/{family}_function_tables.c"), "w", encoding="utf-8") as file:
            file.write("\n".join(out) + "\n")


main()
