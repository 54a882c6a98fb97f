"""NumPy rebuilds velocity predictors from their checkpoints and draws the same. `flowctl test` runs this; FLOWCTL is the launcher."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

from test_checkpoint import FLOWCTL, HERE, run


class VelocityTest(unittest.TestCase):
    """A short run of each kind of process, rebuilt in NumPy from the checkpoint alone; 100 draws from the same noise."""

    def rebuild(self, recipe, *settings, tolerance="1e-5"):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            assignments = ["training.steps=30", "sampler.method=heun", "sampler.evaluations=20", "evaluation.samples=100", *settings]
            run(FLOWCTL, "train", recipe, "--out", out, *(f"--set={assignment}" for assignment in assignments))
            points = Path(folder) / "points.h5"
            run(FLOWCTL, "sample", out, "-n", "100", "--points", "--out", points)
            data = HERE.parent.parent / "Data" / "images" / "digits.h5"
            checkpoint = out / "checkpoints" / "latest.h5"
            script = HERE / "reference_velocity.py"
            run(sys.executable, script, checkpoint, points, "--tolerance", tolerance, "--data", data)

    def test_oscillation(self):
        self.rebuild("hgf-toy1d", "model.width=32", "evaluation.likelihoodRows=10")

    def test_oscillation_in_float64(self):
        self.rebuild("hgf-gmm2d", "model.width=32", "evaluation.likelihoodRows=10", "precision=float64", tolerance="1e-11")

    def test_flow_matching(self):
        self.rebuild("hgf-toy1d", "model.width=32", "evaluation.likelihoodRows=10", "process.kind=flowMatching")

    def test_diffusion_of_digits(self):
        self.rebuild(
            "hgf-digits", "model.width=32", "process.kind=diffusion", "process.duration=20", "evaluation.budgets=5"
        )


if __name__ == "__main__":
    if "FLOWCTL" not in os.environ:
        print(f"with {FLOWCTL}")
    unittest.main()
