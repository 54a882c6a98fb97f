"""Interrupted runs end with the bits of uninterrupted ones.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd
"""

import random
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np
from tool import call, command, settings

STEPS = 300
SETTINGS = [
    f"training.steps={STEPS}", "training.checkpointEvery=25", "training.batchSize=64", "model.hidden=32,32", "data.count=2000",
    "evaluation.samples=500", "evaluation.importanceSamples=4", "evaluation.gridPoints=32",
]  # fmt: skip


def train_command(out, *more):
    return command("train", "nhf-gmm2d", "--out", out, *settings(SETTINGS), *more)


def state(run):
    """Every array of the newest checkpoint, as bytes."""
    arrays = {}
    with h5py.File(Path(run) / "checkpoints" / "latest.h5") as file:
        for name in ("model", "ema", "optimizer", "random", "data"):
            if name in file:
                file[name].visititems(
                    lambda path, item: arrays.update({f"{item.name}": item[()].tobytes()}) if isinstance(item, h5py.Dataset) else None
                )
        arrays["step"] = int(file["progress"].attrs["step"])
    return arrays


def rows(run):
    """metrics.csv without the time."""
    return [line.rsplit(",", 1)[0] for line in (Path(run) / "metrics.csv").read_text().splitlines()]


class ResumeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.reference = Path(cls.folder.name) / "reference"
        call(train_command(cls.reference, "--threads", 1))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def interrupted(self, name, number):
        """Starts a run and sends the signal at a random moment; returns the folder and what the tool said.

        A run that was done before the signal came is started again: what counts is that it was stopped in the middle.
        """
        for attempt in range(10):
            out = Path(self.folder.name) / f"{name}-{attempt}"
            process = subprocess.Popen(train_command(out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            metrics = out / "metrics.csv"
            target = random.randrange(2, 20)
            while process.poll() is None and not (metrics.exists() and len(metrics.read_text().splitlines()) > target):
                time.sleep(0.001)
            process.send_signal(number)
            said = process.communicate()[1]
            if process.returncode == (-number if number == signal.SIGKILL else 128 + number):
                self.assertFalse((out / "report.html").exists())
                return out, said
            self.assertEqual(process.returncode, 0, said)
        self.fail("every run was over before it could be interrupted")

    def assert_same_end(self, out):
        self.assertEqual(state(out), state(self.reference))
        self.assertEqual(rows(out), rows(self.reference))

    def test_any_number_of_threads_gives_the_same_bits(self):
        out = Path(self.folder.name) / "threads"
        call(train_command(out, "--threads", 2))
        self.assert_same_end(out)

    def test_kill_and_resume(self):
        for attempt in range(3):
            out, _ = self.interrupted(f"killed-{attempt}", signal.SIGKILL)
            left = state(out)["step"]
            self.assertLess(left, STEPS)
            resumed = call(command("resume", out))
            self.assertIn(f"after step {left} of {STEPS}", resumed.stderr)
            self.assert_same_end(out)

    def test_interrupt_saves_and_says_how_to_go_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            out, said = self.interrupted(number.name, number)
            step = state(out)["step"]
            self.assertEqual(said.splitlines()[-1], f"{number.name}: saved step {step}; continue with: flowctl resume {out}")
            call(command("resume", out))
            self.assert_same_end(out)

    def test_a_cold_start_of_what_was_left_gives_other_bits(self):
        out = Path(self.folder.name) / "cold"
        call(train_command(out, "--set", f"training.steps={STEPS // 2}"))
        other = Path(self.folder.name) / "other-seed"
        call(train_command(other, "--seed", 99))
        right = state(self.reference)
        for left in (state(out), state(other)):
            self.assertEqual(left.keys(), right.keys())
            for name in right:
                # V's own constant has no gradient: it stays where it began.
                if name.startswith("/model/") and name != "/model/potential.layers.2.bias":
                    self.assertNotEqual(left[name], right[name], name)

    def test_the_run_folder_is_complete(self):
        for name in (
            "recipe.json", "overrides.json", "environment.json", "metrics.csv", "samples.h5", "report.html", "report.json", "plots/loss.svg",
        ):  # fmt: skip
            self.assertTrue((self.reference / name).exists(), name)
        with h5py.File(self.reference / "samples.h5") as file:
            self.assertTrue(np.isfinite(file["samples/x"][()]).all())


if __name__ == "__main__":
    unittest.main()
