"""Rebuilds a kernel flow, or a neural one beside it, from a checkpoint file (FORMAT.md) alone, in NumPy, and scores rows.

    python3 Tests/Interop/reference_kernel.py CHECKPOINT.h5 ROWS.csv SCORES.csv [--tolerance 1e-9]

ROWS.csv holds rows in physical units under a line of names, SCORES.csv what `flowctl density` wrote of them. The log density of each
row is computed in float64 whatever the file's precision; the largest difference relative to 1 + |value| is printed, and the script
exits with 1 when it exceeds the tolerance. `Packages/KernelFlows/README.md` says what the arrays are. Coordinates change their order
between layers; the orders are not trained and follow from the recipe's seed by the permutations of `jax.random`.
"""

import argparse
import csv
import json
import math
import sys

import h5py
import numpy as np
from reference_flow import parameters_of
from reference_order import block

SMALLEST = 1e-3  # of lengthscales, of bins as a fraction of the range, and of slopes
CORE = 1e-4  # Matern kernels are flat to this distance and measure from there, for the sake of their derivative at 0


# The keys of jax.random (Threefry-2x32).


def split(key, count):
    return [block(key, index) for index in range(count)]


def permutation(count, key):
    order = list(range(count))
    rounds = math.ceil(3 * math.log(count) / math.log(2**32 - 1)) if count > 1 else 0
    for _ in range(rounds):
        key, draw = split(key, 2)
        bits = [first ^ second for first, second in split(draw, count)]
        order = [order[place] for place in sorted(range(count), key=bits.__getitem__)]
    return order


def orders(recipe, dimension):
    """Of each layer: places of the coordinates before it."""
    initial = split((0, recipe["seed"]), 4)[0]
    model = recipe["model"]
    keys = split(split(initial, 3)[0], model["layers"])
    found = [permutation(dimension, split(key, 2)[0]) for key in keys]
    if not is_mixed_linearly(model):
        found[1::2] = [list(reversed(range(dimension)))] * len(found[1::2])
    return found


def is_mixed_linearly(model):
    return model["architecture"] in ("ff-glow", "ff-spline", "glow", "neural-spline")


# Functions of the coordinates that a layer keeps.


def profile(form, squares):
    """A stationary kernel of squared scaled distances."""
    r = np.maximum(np.sqrt(squares), CORE) - CORE
    return {
        "squared-exponential": lambda: np.exp(-squares / 2),
        "matern-1/2": lambda: np.exp(-r),
        "matern-3/2": lambda: (1 + np.sqrt(3) * r) * np.exp(-np.sqrt(3) * r),
        "matern-5/2": lambda: (1 + np.sqrt(5) * r + 5 * r**2 / 3) * np.exp(-np.sqrt(5) * r),
    }[form]()


def softplus(x):
    return np.logaddexp(0, x)


ACTIVATIONS = {"relu": lambda x: np.maximum(x, 0), "tanh": np.tanh, "softplus": softplus, "silu": lambda x: x / (1 + np.exp(-x))}


class Flow:
    def __init__(self, arrays, recipe):
        self.arrays, self.model = arrays, recipe["model"]
        self.layers = self.model["layers"]
        self.dimension = len(arrays["best.map.0.bias"])
        self.orders = orders(recipe, self.dimension)

    def __getitem__(self, path):
        return self.arrays[f"best.map.{path}"]

    def log_density(self, x):
        """Of standardised rows."""
        total = np.zeros(len(x))
        for layer in range(self.layers):
            x, change = self.normalised(3 * layer, x)
            total += change
            x, change = self.mixed(3 * layer + 1, x, self.orders[layer])
            total += change
            x, change = self.layer(3 * layer + 2, x)
            total += change
        x, change = self.normalised(3 * self.layers, x)
        return total + change - 0.5 * np.square(x).sum(1) - 0.5 * self.dimension * np.log(2 * np.pi)

    def normalised(self, place, x):
        log_scale = self[f"{place}.logScale"]
        return (x + self[f"{place}.bias"]) * np.exp(log_scale), log_scale.sum()

    def mixed(self, place, x, order):
        x = x[:, order]
        if not is_mixed_linearly(self.model):
            return x, 0.0
        log_diagonal = self[f"{place}.logDiagonal"]
        lower = np.tril(self[f"{place}.lower"], -1) + np.eye(self.dimension)
        upper = np.triu(self[f"{place}.upper"], 1) + np.diag(self[f"{place}.sign"] * np.exp(log_diagonal))
        return x @ lower @ upper, log_diagonal.sum()

    def layer(self, place, x):
        if self.model["architecture"] == "maf":
            y, slope = self.transformed(x, self.masked_network(f"{place}.conditioner", x))
            return y, slope.sum(1)
        kept = self.dimension // 2
        first, second = x[:, :kept], x[:, kept:]
        y, slope = self.transformed(second, self.conditioner(f"{place}.conditioner", first))
        return np.concatenate([first, y], 1), slope.sum(1)

    def conditioner(self, path, u):
        if not self.model["architecture"].startswith("ff-"):
            return self.network(f"{path}.network.layers", u)
        features = self.model["expansion"] == "random-features"
        name = f"{path}.lengthscale.logarithm" if features else f"{path}.kernel.lengthscale.logarithm"
        length = SMALLEST + np.exp(self[name])
        if features:
            frequencies = self[f"{path}.frequencies"]
            waves = np.sqrt(2 / frequencies.shape[1]) * np.cos((u / length) @ frequencies + self[f"{path}.phases"])
            return waves @ self[f"{path}.coefficients"]
        away = (u[:, None, :] - self[f"{path}.points"]) / length
        return profile(self.model["kernel"]["form"], np.square(away).sum(-1)) @ self[f"{path}.coefficients"]

    def network(self, path, x, masks=None):
        count = sum(name.startswith(f"best.map.{path}.") and name.endswith(".weight") for name in self.arrays)
        activation = ACTIVATIONS[self.model["activation"]]
        for index in range(count):
            weight = self[f"{path}.{index}.weight"] * (1 if masks is None else masks[index])
            x = (activation(x) if index else x) @ weight + self[f"{path}.{index}.bias"]
        return x

    def masked_network(self, path, x):
        """Of coordinate i only what depends on those before it (Germain et al. 2015)."""
        d = self.dimension
        last = self[f"{path}.layers.{len(self.model['hidden'])}.weight"].shape[1]
        degrees = [np.arange(1, d + 1), *(1 + np.arange(size) % max(1, d - 1) for size in self.model["hidden"]), np.arange(last) % d]
        return self.network(f"{path}.layers", x, [a[:, None] <= b for a, b in zip(degrees, degrees[1:])])

    def transformed(self, x, parameters):
        d = x.shape[1]
        if self.model["architecture"] in ("ff-spline", "neural-spline"):
            return spline(x, parameters.reshape(len(x), -1, d), self.model["bins"], self.model["reach"])
        if self.model["form"] == "additive":
            return x + parameters, np.zeros_like(x)
        log_scale, bound = parameters[:, :d], self.model["logScaleBound"]
        if bound is not None:
            log_scale = bound * np.tanh(log_scale / bound)
        return np.exp(log_scale) * x + parameters[:, d:], log_scale


def spline(x, parameters, bins, reach):
    """Monotone rational-quadratic splines (Durkan et al. 2019, equations 4 and 5), and the logarithms of their slopes."""

    def extents(raw):
        shares = np.exp(raw - raw.max(1, keepdims=True))
        return 2 * reach * (SMALLEST + (1 - SMALLEST * bins) * shares / shares.sum(1, keepdims=True))

    widths, heights = extents(parameters[:, :bins]), extents(parameters[:, bins : 2 * bins])
    inner = softplus(parameters[:, 2 * bins :] + np.log(np.expm1(1 - SMALLEST))) + SMALLEST
    ends = np.ones((len(x), 1, x.shape[1]))
    slopes = np.concatenate([ends, inner, ends], 1)
    inside = np.clip(x, -reach, reach)
    starts = np.cumsum(widths, 1) - widths - reach
    bin_ = np.clip((inside[:, None, :] >= starts).sum(1) - 1, 0, bins - 1)[:, None, :]
    at = lambda values: np.take_along_axis(values, bin_, 1)[:, 0]  # noqa: E731
    width, height, left, right = at(widths), at(heights), at(slopes[:, :-1]), at(slopes[:, 1:])
    bottom = at(np.cumsum(heights, 1) - heights - reach)
    t = (inside - at(starts)) / width
    mean = height / width
    below = mean + (left + right - 2 * mean) * t * (1 - t)
    y = bottom + height * (mean * t**2 + left * t * (1 - t)) / below
    log_slope = 2 * np.log(mean / below) + np.log(right * t**2 + 2 * mean * t * (1 - t) + left * (1 - t) ** 2)
    changed = np.abs(x) < reach
    return np.where(changed, y, x), np.where(changed, log_slope, 0)


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint")
    arguments.add_argument("rows")
    arguments.add_argument("scores")
    arguments.add_argument("--tolerance", type=float, default=1e-9)
    options = arguments.parse_args()
    with h5py.File(options.checkpoint) as file:
        flow = Flow(parameters_of(file["model"]), json.loads(file["recipe"].asstr()[()]))
        mean, deviation = (file[f"data/scaling/{name}"][()] for name in ("mean", "std"))
    rows = np.array([[float(value) for value in row.values()] for row in table(options.rows)])
    theirs = np.array([float(row["log_density"]) for row in table(options.scores)])
    ours = flow.log_density((rows - mean) / deviation) - np.log(deviation).sum()
    difference = np.max(np.abs(ours - theirs) / (1 + np.abs(theirs)))
    print(f"log density of {len(rows)} rows: {difference:.2e}")
    sys.exit(0 if difference <= options.tolerance else 1)


if __name__ == "__main__":
    main()
