"""NumPy rebuilds an energy-based diffusion generator from a checkpoint. `flowctl test` runs this; FLOWCTL is the launcher."""

import sys
import tempfile
import unittest
from pathlib import Path

from test_checkpoint import FLOWCTL, HERE, run

BRIEF = ["training.steps=20", "training.batchSize=32", "annealing.freezeSteps=0", "evaluation.samples=256", "evaluation.chainSteps=8"]
BRIEF += ["evaluation.discrepancyPoints=100", "encoder.width=16", "precision=float64"]


class GeneratorTest(unittest.TestCase):
    """A short run of each gate, so that no network is zero, rebuilt in NumPy."""

    def test_decoder_and_score(self):
        for recipe, *settings in (("edg-mog9", "decoder.blocks=2"), ("edg-mog2i", "encoder.gate=linear")):
            with self.subTest(recipe), tempfile.TemporaryDirectory() as folder:
                out, points = Path(folder) / "run", Path(folder) / "points.h5"
                run(FLOWCTL, "train", recipe, "--out", out, *(f"--set={assignment}" for assignment in [*BRIEF, *settings]))
                run(FLOWCTL, "sample", out, "-n", "100", "--points", "--out", points)
                run(sys.executable, HERE / "reference_generator.py", out / "checkpoints" / "latest.h5", points)


if __name__ == "__main__":
    unittest.main()
