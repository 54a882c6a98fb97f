"""Writes arviz_values.json: what ArviZ makes of chains and of importance weights.

    python3 -m pip install arviz
    python3 Packages/Autodiff/Tests/ProbabilityTests/Golden/make_arviz_values.py

`chains`: `draws` [chains][draws], R-hat (rank), effective sample sizes of bulk, tail and mean. `weights`: `logWeights`, `shape` k-hat and
`smoothed` log weights that sum to 1; null for an infinite shape.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import arviz

RNG = np.random.default_rng(11)


def autoregression(chains, draws, rho, shift=0.0):
    x = RNG.normal(size=(chains, draws))
    for t in range(1, draws):
        x[:, t] = rho * x[:, t - 1] + math.sqrt(1 - rho**2) * x[:, t]
    return x + shift * np.arange(chains)[:, None]


def chains(name, draws):
    draws = np.round(draws, 6)
    ess = lambda method: float(arviz.ess(draws, method=method))
    return {
        "name": name, "draws": draws.tolist(), "potentialScaleReduction": float(arviz.rhat(draws, method="rank")),
        "bulk": ess("bulk"), "tail": ess("tail"), "mean": ess("mean")}


def weights(name, values):
    values = np.round(values, 9)
    smoothed, shape = arviz.psislw(values.copy())
    shape = float(shape)
    return {
        "name": name, "logWeights": values.tolist(), "shape": shape if math.isfinite(shape) else None,
        "smoothed": np.asarray(smoothed).tolist()}


if __name__ == "__main__":
    normal = RNG.normal(size=600)
    values = {
        "chains": [
            chains("independent", RNG.normal(size=(4, 200))), chains("slow", autoregression(3, 251, 0.9)),
            chains("antithetic", autoregression(2, 150, -0.6)), chains("apart", autoregression(4, 100, 0.3, shift=0.5)),
            chains("heavy tails", RNG.standard_cauchy(size=(4, 150))), chains("few values", RNG.integers(0, 4, size=(2, 120)).astype(float)),
            chains("scales differ", RNG.normal(size=(4, 150)) * np.array([1, 1, 1, 4.0])[:, None])],
        "weights": [
            weights("light", 0.3 * normal), weights("narrow proposal", 0.8 * normal**2), weights("heavy", 2.5 * normal[:200]),
            weights("few", normal[:20]), weights("wide proposal", -0.4 * normal[:300] ** 2)]}
    Path(__file__).with_name("arviz_values.json").write_text(json.dumps(values, separators=(",", ":"), allow_nan=False) + "\n")
