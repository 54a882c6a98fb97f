"""Rebuilds an energy-based diffusion generator on a mixture of normals from a checkpoint file (FORMAT.md) alone, in NumPy.

    python3 Tests/Interop/reference_generator.py CHECKPOINT.h5 POINTS.h5 [--tolerance 1e-10]

POINTS.h5 holds what the Swift side computed, [points, features] each: `latent`, `event`, `decoder/mean` and
`decoder/logStandardDeviation` at the latents, and `encoder/score` at the latents, the events and time 0.3. Exits with 1 where a value
differs by more than the tolerance relative to 1 + |value|; the score's is 1e-5, because the gradient in it is a central difference here.
"""

import argparse
import json
import sys

import h5py
import numpy as np
from reference_flow import parameters_of

GRID = [(x, y) for x in (-5.0, 0.0, 5.0) for y in (-5.0, 0.0, 5.0)]
CIRCLE = [(5 * np.cos(k * np.pi / 3), 5 * np.sin(k * np.pi / 3)) for k in range(6)]
MIXTURES = {
    "mog2": ([(-5.0, 0.0), (5.0, 0.0)], [0.5, 0.5]),
    "mog2i": ([(-5.0, 0.0), (5.0, 0.0)], [1.5, 0.3]),
    "mog6": (CIRCLE, [0.1] * 6),
    "mog9": (GRID, [0.3] * 9),
}


def silu(x):
    return x * 0.5 * (1.0 + np.tanh(0.5 * x))


class Mixture:
    def __init__(self, name):
        centres, variances = MIXTURES[name]
        self.centres, self.variances = np.array(centres), np.array(variances)

    def gradient(self, x):
        """Gradient of -log p, [batch, 2]."""
        away = x[:, None, :] - self.centres
        logs = -0.5 * np.square(away).sum(-1) / self.variances - np.log(self.variances)
        shares = np.exp(logs - logs.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        return (shares[:, :, None] * away / self.variances[:, None]).sum(1)


def limited(gradient, limit):
    if limit is None:
        return gradient
    return gradient * limit / np.maximum(np.linalg.norm(gradient, axis=1, keepdims=True), limit)


class Generator:
    def __init__(self, parameters, recipe):
        self.p = parameters
        self.settings = recipe["decoder"]
        self.mixture = Mixture(recipe["target"]["name"])
        self.gate = recipe["encoder"]["gate"]

    def linear(self, path, x):
        return x @ self.p[f"{path}.weight"] + self.p[f"{path}.bias"]

    def network(self, path, x, activation):
        count = sum(name.startswith(f"{path}.layers.") and name.endswith(".weight") for name in self.p)
        for index in range(count):
            x = self.linear(f"{path}.layers.{index}", activation(x) if index else x)
        return x

    def force(self, y):
        return limited(self.mixture.gradient(y), self.settings["gradientLimit"])

    def decoder(self, z):
        """(mean, log standard deviation) of events given latents."""
        base, d = self.settings["baseStep"], 2
        y = self.linear("decoder.affine", z[:, :d]) + self.network("decoder.network", z[:, :d], silu)
        for block in range(self.settings["blocks"]):
            v = z[:, d * (block + 1) : d * (block + 2)]
            y = self.evolved(f"decoder.blocks.{block}", y, v, base)
        log_step = np.log(base) + base * self.network("decoder.langevin", y, np.tanh)
        return y - np.exp(log_step) * self.force(y), 0.5 * (np.log(2.0) + log_step)

    def evolved(self, path, y, v, base):
        iterations, d = self.settings["iterations"], 2
        for index in range(iterations):
            step = base * np.exp(base * self.p[f"{path}.logSteps"][index])
            progress = np.full((len(y), 1), (index + 1) / iterations)

            def kick(v):
                force = self.force(y)
                both = self.network(f"{path}.kick", np.concatenate([y, force, progress], 1), np.tanh)
                return v - 0.5 * step * (force * np.exp(0.5 * base * both[:, :d]) + both[:, d:])

            v = kick(v)
            both = self.network(f"{path}.drift", np.concatenate([v, progress], 1), np.tanh)
            y = y + step * (v * np.exp(base * both[:, :d]) + both[:, d:])
            v = kick(v)
        return y

    def joint_score(self, z, x, reach=1e-6):
        """Gradient of log p(x|z) + log p(z) in z, by central differences."""

        def log_density(z):
            mean, log_deviation = self.decoder(z)
            return (-0.5 * np.square((x - mean) * np.exp(-log_deviation)) - log_deviation).sum(1)

        slopes = np.zeros_like(z)
        for axis in range(z.shape[1]):
            shift = np.zeros(z.shape[1])
            shift[axis] = reach
            slopes[:, axis] = (log_density(z + shift) - log_density(z - shift)) / (2 * reach)
        return slopes - z

    def score(self, z, x, t):
        """The variance-preserving score with exact values at both ends."""
        n = z.shape[1]
        accumulated = t * (0.1 + 0.5 * 19.9 * t)
        variance = -np.expm1(-accumulated)
        boundary = self.joint_score(z, x)
        held = boundary / np.sqrt(1 + variance * np.square(boundary).sum(1, keepdims=True) / (9 * n))
        logarithm = 0.2 * np.log(accumulated + 1e-5)
        waves = [f(k * logarithm) for k in range(1, 5) for f in (np.sin, np.cos)]
        features = np.tile([0.1 * accumulated, logarithm, *waves], (len(z), 1))
        h = self.linear("score.network.input", np.concatenate([z, x / self.p["score.eventScale"], np.sqrt(variance) * held, features], 1))
        blocks = sum(name.startswith("score.network.blocks.") and name.endswith("first.weight") for name in self.p)
        for block in range(blocks):
            path = f"score.network.blocks.{block}"
            h = h + self.linear(f"{path}.second", silu(self.linear(f"{path}.first", silu(h))))
        output = self.linear("score.network.output", silu(h))
        if self.gate == "linear":
            return (1 - t) * (boundary + t * output[:, :n]) - t * z
        fading = variance * np.exp(np.clip(output[:, n:] + 2, -10, 14))
        kept = 1 / (1 + fading)
        return (1 - t) * (kept * held + fading * kept * (output[:, :n] / np.sqrt(variance + 1e-12) - z)) - t * z


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint")
    arguments.add_argument("points")
    arguments.add_argument("--tolerance", type=float, default=1e-10)
    options = arguments.parse_args()
    with h5py.File(options.checkpoint) as file:
        generator = Generator(parameters_of(file["model"]), json.loads(file["recipe"].asstr()[()]))
    with h5py.File(options.points) as file:
        points = {name: file[name][()].astype(np.float64) for name in ("latent", "event")}
        theirs = {name: file[name][()] for name in ("decoder/mean", "decoder/logStandardDeviation", "encoder/score")}
    mean, log_deviation = generator.decoder(points["latent"])
    score = generator.score(points["latent"], points["event"], 0.3)
    worst = 0
    for name, ours, tolerance in (
        ("decoder/mean", mean, options.tolerance),
        ("decoder/logStandardDeviation", log_deviation, options.tolerance),
        ("encoder/score", score, max(options.tolerance, 1e-5)),
    ):
        difference = np.max(np.abs(ours - theirs[name]) / (1 + np.abs(theirs[name])))
        print(f"{name}: {difference:.2e}")
        worst = max(worst, difference / tolerance)
    sys.exit(0 if worst <= 1 else 1)


if __name__ == "__main__":
    main()
