"""NumPy rebuilds kernel flows and their neural peers from their checkpoints. `flowctl test` runs this; FLOWCTL is the launcher."""

import csv
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
from test_checkpoint import FLOWCTL, HERE, run

BRIEF = ["training.steps=30", "training.batchSize=50", "training.checkpointEvery=30", "stopping.validationEvery=10", "evaluation.samples=200"]
BRIEF += ["model.layers=3", "model.points=12", "model.bins=5", "model.hidden=16,12", "optimizer.learningRate=0.02"]


class KernelTest(unittest.TestCase):
    """A short run of each architecture, scored in physical units by both."""

    def rebuild(self, *settings):
        random = np.random.default_rng(4)
        rows = random.normal(size=(600, 3)) @ np.array([[2, 0.5, 0], [0, 1, -3], [0, 0, 7]]) + [5, -1, 300]
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder)
            for name, part in (("table", rows[:500]), ("new", rows[500:] + 0.5 * random.normal(size=(100, 3)))):
                with open(base / f"{name}.csv", "w", newline="", encoding="ascii") as file:
                    csv.writer(file).writerows([["a", "b", "c"], *part.tolist()])
            out = base / "run"
            words = [*BRIEF, *settings, f"data.path={base / 'table.csv'}"]
            run(FLOWCTL, "train", "kernel-table", "--out", out, *(f"--set={assignment}" for assignment in words))
            run(FLOWCTL, "density", out, base / "new.csv", "--out", base / "scores.csv")
            checkpoint = out / "checkpoints" / "latest.h5"
            run(sys.executable, HERE / "reference_kernel.py", checkpoint, base / "new.csv", base / "scores.csv")
            with h5py.File(checkpoint, "r+") as file:
                self.assertGreater(int(file["model/step"][()]), 0)
                file["model/best.map.0.bias"][0] += 1e-4
            with self.assertRaises(AssertionError):
                run(sys.executable, HERE / "reference_kernel.py", checkpoint, base / "new.csv", base / "scores.csv")

    def test_kernels(self):
        for settings in (
            ["model.architecture=ff-spline"],
            ["model.architecture=ff-glow", "model.kernel.form=matern-3/2", "model.kernel.perDimension=true"],
            ["model.architecture=ff-realnvp", "model.expansion=random-features", "model.logScaleBound=2"],
            ["model.architecture=ff-realnvp", "model.form=additive", "model.kernel.form=matern-5/2", "precision=float64"],
        ):
            with self.subTest(settings):
                self.rebuild(*settings)

    def test_networks_beside_them(self):
        for architecture in ("realnvp", "glow", "neural-spline", "maf"):
            with self.subTest(architecture):
                self.rebuild(f"model.architecture={architecture}")


if __name__ == "__main__":
    unittest.main()
