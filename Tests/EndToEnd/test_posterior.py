"""A short supernova run against quadrature of the same posterior by SciPy, Tests/Golden/supernova_posterior.json.

The run is a tenth of the recipe's steps, so its tolerances are wider than the recipe's own targets: means within 0.15 posterior standard
deviations (0.05 there), deviations within 12 % (5 %), correlation within 0.05 (0.03), log evidence within 0.03 nats (0.02),
effective sample size at least 75 % (80 %). Reweighted, the draws have to meet the recipe's targets already.
"""

import json
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
from tool import WORKSPACE, call, command, settings

SETTINGS = ["training.steps=300", "optimizer.schedule.warmupSteps=30", "optimizer.learningRate=0.004", "evaluation.samples=20000"]


def moments(x, weights):
    mean = weights @ x
    centred = x - mean
    covariance = (centred * weights[:, None]).T @ centred
    deviation = np.sqrt(np.diag(covariance))
    return mean, deviation, covariance[0, 1] / deviation.prod()


class SupernovaPosteriorTest(unittest.TestCase):
    def test_a_short_run_finds_the_posterior(self):
        exact = json.loads((WORKSPACE / "Tests" / "Golden" / "supernova_posterior.json").read_text())["independent"]
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            call(command("train", "supernova", "--out", out, *settings(SETTINGS)))
            recipe = json.loads((out / "recipe.json").read_text())
            self.assertEqual(recipe["posterior"]["h"], [0.4, 1.0])
            self.assertEqual(recipe["posterior"]["omegaMatter"], [0.0, 1.0])
            with h5py.File(out / "samples.h5") as file:
                self.assertEqual(list(file["samples/x"].attrs["names"]), ["h", "omega_m"])
                x, log_weight = file["samples/x"][()], file["samples/log_weight"][()]
            rows = json.loads(call(command("evaluate", out, "--json")).stdout)
        self.assertEqual(x.shape, (20000, 2))
        weights = np.exp(log_weight - log_weight.max())
        weights /= weights.sum()
        expected_mean = np.array([exact["mean"]["h"], exact["mean"]["omega_m"]])
        expected_deviation = np.array([exact["standardDeviation"]["h"], exact["standardDeviation"]["omega_m"]])
        even = np.full(len(x), 1 / len(x))
        for probabilities, shift, stretch, turn in ((even, 0.15, 0.12, 0.05), (weights, 0.05, 0.05, 0.03)):
            mean, deviation, correlation = moments(x, probabilities)
            np.testing.assert_array_less(np.abs(mean - expected_mean) / expected_deviation, shift)
            np.testing.assert_array_less(np.abs(deviation / expected_deviation - 1), stretch)
            self.assertLess(abs(correlation - exact["correlation"]), turn)
        self.assertGreater(1 / np.square(weights).sum() / len(x), 0.75)
        found = {row["quantity"]: row for row in self.comparisons(rows)}
        self.assertLess(abs(found["log evidence"]["ours"] - exact["logEvidence"]), 0.03)
        # The tool's own quadrature is another program than SciPy's, and agrees to the nodes' rounding.
        self.assertLess(abs(found["log evidence"]["exact"] - exact["logEvidence"]), 1e-6)
        self.assertLess(abs(found["mean of h"]["exact"] - exact["mean"]["h"]), 1e-6)
        self.assertLess(abs(found["standard deviation of omega_m"]["exact"] - exact["standardDeviation"]["omega_m"]), 1e-6)

    def comparisons(self, document):
        return document if isinstance(document, list) else document["comparisons"]


if __name__ == "__main__":
    unittest.main()
