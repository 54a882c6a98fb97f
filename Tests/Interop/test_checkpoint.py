"""Python reads what the tool writes, and computes the same from it. `flowctl test` runs this; FLOWCTL is the launcher.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/Interop -t Tests/Interop
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
FLOWCTL = os.environ.get("FLOWCTL", str(HERE.parent.parent / "flowctl"))


def run(*command):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} ended with {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


class ReferenceFlowTest(unittest.TestCase):
    def test_the_reference_itself(self):
        run(sys.executable, HERE / "check_reference_flow.py")


class CheckpointTest(unittest.TestCase):
    """A short run of each kind of flow, rebuilt in NumPy from the checkpoint alone."""

    def rebuild(self, recipe, tolerance, *settings):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            assignments = ["training.steps=20", "evaluation.samples=500", "evaluation.importanceSamples=4", *settings]
            run(FLOWCTL, "train", recipe, "--out", out, *(f"--set={assignment}" for assignment in assignments))
            checkpoint = out / "checkpoints" / "latest.h5"
            with h5py.File(checkpoint) as file:
                self.assertEqual(file.attrs["format"], "hamiltonian-flows")
                self.assertEqual(int(file["progress"].attrs["step"]), 20)
                recipe_inside = json.loads(file["recipe"].asstr()[()])
                self.assertEqual(recipe_inside, json.loads((out / "recipe.json").read_text()))
            points = Path(folder) / "points.h5"
            run(FLOWCTL, "sample", out, "-n", "200", "--points", "--out", points)
            run(sys.executable, HERE / "reference_flow.py", checkpoint, points, "--tolerance", tolerance)
            samples = Path(folder) / "samples.h5"
            run(FLOWCTL, "sample", out, "-n", "300", "--out", samples)
            with h5py.File(samples) as file:
                x = file["samples/x"]
                self.assertEqual(x.shape[0], 300)
                self.assertEqual(len(x.attrs["names"]), x.shape[1])
                self.assertTrue(np.isfinite(x[()]).all())
                return list(x.attrs["names"]), "log_weight" in file["samples"]

    def test_float64(self):
        self.rebuild("nhf-gmm2d", 1e-12, "precision=float64", "model.mass=full")

    def test_float32(self):
        self.rebuild("nhf-gmm2d", 1e-6, "precision=float32")

    def test_learned_kinetic_energy(self):
        self.rebuild("nhf-gmm2d", 1e-12, "precision=float64", "model.kind=learnedKinetic")

    def test_supernova_samples_are_named_and_weighted(self):
        names, weighted = self.rebuild("supernova", 1e-12, "precision=float64")
        self.assertEqual(names, ["h", "omega_m"])
        self.assertTrue(weighted)


if __name__ == "__main__":
    unittest.main()
