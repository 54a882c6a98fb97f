"""Rebuilds a velocity predictor from a checkpoint file (FORMAT.md) alone, in NumPy, and draws with it.

    python3 Tests/Interop/reference_velocity.py CHECKPOINT.h5 POINTS.h5 [--tolerance 1e-5] [--data DATA.h5]

POINTS.h5 holds what the Swift side computed, [points, features] each: `noise/position`, `noise/velocity` (the predictor
there at half of T) and `data/position` (the draws made of that noise by Heun's method). The script computes the last two
from the first in float64, prints the largest differences relative to 1 + |value|, and exits with 1 when one exceeds the
tolerance. DATA.h5 is the training data where the model is one of rows of a file: the scale of the data is found there.
"""

import argparse
import json
import sys

import h5py
import numpy as np

TOY_SCALES = {"two-modes": 2.2, "four-corners": np.sqrt(4.25)}


def silu(x):
    return x * 0.5 * (1.0 + np.tanh(0.5 * x))


class Process:
    """x_t = A x_0 + B u and v_t = A' x_0 + B' u with noise u of deviation tau."""

    def __init__(self, section, scale):
        self.kind = section["kind"]
        if self.kind == "oscillation":
            self.alpha = section["frequency"]
            self.duration = np.pi / (2 * self.alpha)
            self.tau = self.alpha * scale
        elif self.kind in ("flowMatching", "optimalTransport"):
            self.duration, self.tau = 1.0, 1.0
        elif self.kind == "diffusion":
            self.duration, self.tau = section["duration"], 1.0
        else:
            raise SystemExit(f"the process '{self.kind}' has no path in closed form here")

    def coefficients(self, t):
        if self.kind == "oscillation":
            sine, cosine = np.sin(self.alpha * t), np.cos(self.alpha * t)
            return cosine, sine / self.alpha, -self.alpha * sine, cosine
        if self.kind == "diffusion":
            return 1.0, t, 0.0, 1.0
        return 1.0 - t, t, -1.0, 1.0


class Predictor:
    """V = c_skip x + c_out N(c_in x, waves of t): a perceptron, or a residual one."""

    def __init__(self, tensors, process, scale, frequencies):
        self.tensors, self.process, self.scale = tensors, process, scale
        self.omega = 100.0 ** (-np.arange(frequencies) / frequencies)

    def linear(self, name, x):
        return x @ self.tensors[f"network.{name}.weight"] + self.tensors[f"network.{name}.bias"]

    def network(self, x):
        if "network.input.weight" not in self.tensors:
            depth = sum(name.endswith(".weight") for name in self.tensors)
            for layer in range(depth - 1):
                x = silu(self.linear(f"layers.{layer}", x))
            return self.linear(f"layers.{depth - 1}", x)
        h = self.linear("input", x)
        for block in range(sum(name.endswith(".first.weight") for name in self.tensors)):
            h = h + self.linear(f"blocks.{block}.second", silu(self.linear(f"blocks.{block}.first", silu(h))))
        return self.linear("output", silu(h))

    def __call__(self, x, t):
        a, b, da, db = self.process.coefficients(t)
        data, noise = self.scale**2, self.process.tau**2
        variance = data * a * a + noise * b * b
        skip = (data * a * da + noise * b * db) / variance
        out = np.sqrt(data * noise * (a * db - da * b) ** 2 / variance)
        logarithmic = self.process.kind == "diffusion" and self.process.duration > 10
        u = 0.25 * np.log(max(t, 1e-5)) if logarithmic else t / self.process.duration
        phase = 10.0 * u * self.omega
        waves = np.broadcast_to(np.concatenate([np.sin(phase), np.cos(phase)]), (len(x), 2 * len(self.omega)))
        missing = self.expected_inputs() - x.shape[1] - waves.shape[1]  # context, zeros for none
        inputs = [x / np.sqrt(variance), waves] + ([np.zeros((len(x), missing))] if missing else [])
        return skip * x + out * self.network(np.concatenate(inputs, axis=1))

    def expected_inputs(self):
        first = "network.input.weight" if "network.input.weight" in self.tensors else "network.layers.0.weight"
        return self.tensors[first].shape[0]


def heun(predictor, x, duration, steps, power):
    """From T back to 0, at times even in t^(1/power)."""
    times = (duration ** (1 / power) * (1 - np.arange(steps + 1) / steps)) ** power
    for start, end in zip(times[:-1], times[1:]):
        h = end - start
        first = predictor(x, start)
        second = predictor(x + h * first, end)
        x = x + h * (first + second) / 2
    return x


def data_scale(recipe, path):
    section = recipe["data"]
    if "name" in section:
        return TOY_SCALES[section["name"]]
    if section["levels"] == 0:
        return 1.0
    with h5py.File(path or section["path"]) as file:
        grey = file["train/x"][()].astype(float)
    return 2.0 / section["levels"] * np.sqrt(grey.var() + 1.0 / 12.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("points")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    parser.add_argument("--data")
    arguments = parser.parse_args()

    with h5py.File(arguments.checkpoint) as file:
        recipe = json.loads(file["recipe"].asstr()[()])
        found = {name: dataset[()].astype(float) for name, dataset in file["model"].items()}
    # A model of several holds them by number; the first is the one that points are made of.
    prefixes = [prefix for prefix in ("predictor.", "0.predictor.") if any(name.startswith(prefix) for name in found)]
    tensors = {name[len(prefixes[0]) :]: value for name, value in found.items() if name.startswith(prefixes[0])}
    section = dict(recipe["process"])
    if recipe.get("processes"):
        section["kind"] = recipe["processes"][0]
    scale = data_scale(recipe, arguments.data)
    process = Process(section, scale)
    predictor = Predictor(tensors, process, scale, recipe["model"]["timeFrequencies"])
    if recipe["sampler"]["method"] != "heun":
        raise SystemExit("the points must be drawn by Heun's method: --set sampler.method=heun")

    with h5py.File(arguments.points) as file:
        points = {name: file[name][()] for name in ("noise/position", "noise/velocity", "data/position")}
    noise = points["noise/position"]
    steps = recipe["sampler"]["evaluations"] // 2
    power = recipe["sampler"]["diffusionSpacing" if section["kind"] == "diffusion" else "spacing"]
    own = {
        "noise/velocity": predictor(noise, 0.5 * process.duration),
        "data/position": heun(predictor, noise, process.duration, steps, power),
    }
    worst = 0.0
    for name, value in own.items():
        difference = np.max(np.abs(value - points[name]) / (1.0 + np.abs(value)))
        print(f"{name}: {difference:.2e} over {len(noise)} points")
        worst = max(worst, difference)
    if not worst <= arguments.tolerance:
        print(f"a difference exceeds {arguments.tolerance:g}")
        sys.exit(1)


if __name__ == "__main__":
    main()
