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
import reference_flow

HERE = Path(__file__).resolve().parent
# The run is short, and so is its report.
BRIEF = ["model.hidden=32,32", "evaluation.samples=100", "evaluation.importanceSamples=2", "evaluation.gridPoints=32"]
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

    def rebuild(self, recipe, tolerance, *settings, laws=False):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            assignments = ["training.steps=20", *BRIEF, *settings]
            run(FLOWCTL, "train", recipe, "--out", out, *(f"--set={assignment}" for assignment in assignments))
            checkpoint = out / "checkpoints" / "latest.h5"
            with h5py.File(checkpoint) as file:
                self.assertEqual(file.attrs["format"], "hamiltonian-flows")
                self.assertEqual(int(file["progress"].attrs["step"]), 20)
                for name, weight in file["model"].items():
                    if name.endswith(".weight"):
                        self.assertEqual(weight.shape[1:], file["model"][name.replace(".weight", ".bias")].shape, "weights are [in, out]")
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
                names, weighted = list(x.attrs["names"]), "log_weight" in file["samples"]
            if laws:
                self.compare_laws(checkpoint, out, Path(folder) / "many.h5", recipe_inside)
            return names, weighted

    def compare_laws(self, checkpoint, out, path, recipe):
        """Draws of the tool, and draws of NumPy through the averaged flow in the file, have the same moments."""
        count = 20000
        run(FLOWCTL, "sample", out, "-n", count, "--seed", 5, "--out", path)
        with h5py.File(path) as file:
            theirs = file["samples/x"][()].astype(np.float64)
        flow = reference_flow.read_checkpoint(checkpoint, averaged=True)
        prior = recipe["model"]["prior"]
        random = np.random.default_rng(11)
        position = random.normal(0, prior["width"], theirs.shape)
        momentum = random.normal(0, prior["momentumWidth"], theirs.shape)
        ours = flow.transport(position, momentum)[0]
        if flow.coordinates is not None:
            ours = flow.coordinates(ours)
        scale = ours.std(axis=0)
        error = 5 * np.sqrt(2 / count)  # five standard errors of a difference of two means
        np.testing.assert_array_less(np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) / scale, error)
        # The fourth moments of these laws are near the normal ones, for which the relative error of a deviation is 1/sqrt(2 n).
        np.testing.assert_array_less(np.abs(theirs.std(axis=0) / scale - 1), error)
        self.assertLess(abs(np.corrcoef(ours.T)[0, 1] - np.corrcoef(theirs.T)[0, 1]), error)

    def test_every_kinetic_energy(self):
        for kinetic in ("mass=scalar", "mass=diagonal", "mass=full", "kind=learnedKinetic"):
            for precision, tolerance in (("float64", 1e-12), ("float32", 1e-6)):
                with self.subTest(kinetic, precision=precision):
                    names, weighted = self.rebuild("nhf-gmm2d", tolerance, f"precision={precision}", f"model.{kinetic}", "data.count=2000", laws=kinetic == "mass=full")
                    self.assertEqual((names, weighted), (["x", "y"], False))

    def test_supernova(self):
        for precision, tolerance in (("float64", 1e-12), ("float32", 1e-6)):
            with self.subTest(precision):
                names, weighted = self.rebuild("supernova", tolerance, f"precision={precision}", laws=True)
                self.assertEqual((names, weighted), (["h", "omega_m"], True))

    def test_a_changed_weight_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            out, points = Path(folder) / "run", Path(folder) / "points.h5"
            run(FLOWCTL, "train", "nhf-gmm2d", "--out", out, *(f"--set={s}" for s in ("training.steps=2", "data.count=1000", "precision=float64", *BRIEF)))
            run(FLOWCTL, "sample", out, "-n", "50", "--points", "--out", points)
            checkpoint = out / "checkpoints" / "latest.h5"
            with h5py.File(checkpoint, "r+") as file:
                file["model/potential.layers.0.weight"][0, 0] += 1e-9
            with self.assertRaises(AssertionError):
                run(sys.executable, HERE / "reference_flow.py", checkpoint, points, "--tolerance", 1e-12)


if __name__ == "__main__":
    unittest.main()
