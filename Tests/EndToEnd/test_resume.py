"""The tool as a user has it: interrupted runs end with the bits of uninterrupted ones, and mistakes are one sentence.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd
"""

import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

FLOWCTL = os.environ.get("FLOWCTL", str(Path(__file__).resolve().parents[2] / "flowctl"))
STEPS = 300
SETTINGS = [
    f"training.steps={STEPS}", "training.checkpointEvery=25", "training.batchSize=64", "model.hidden=32,32", "data.count=2000",
    "evaluation.samples=500", "evaluation.importanceSamples=4", "evaluation.gridPoints=32",
]  # fmt: skip


def command(*words):
    return [FLOWCTL, *map(str, words)]


def train_command(out, *more):
    return command("train", "nhf-gmm2d", "--out", out, *(f"--set={setting}" for setting in SETTINGS), *more)


def call(words, expected=0):
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode != expected:
        raise AssertionError(f"{' '.join(words)} ended with {result.returncode}, not {expected}\n{result.stdout}{result.stderr}")
    return result


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
        """Starts a run, sends the signal at a random moment after the first checkpoints, and returns folder and exit code."""
        out = Path(self.folder.name) / name
        process = subprocess.Popen(train_command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        metrics = out / "metrics.csv"
        target = random.randrange(2, 25)
        while process.poll() is None and not (metrics.exists() and len(metrics.read_text().splitlines()) > target):
            time.sleep(0.002)
        process.send_signal(number)
        return out, process.wait()

    def assert_same_end(self, out):
        self.assertEqual(state(out), state(self.reference))
        self.assertEqual(rows(out), rows(self.reference))

    def test_any_number_of_threads_gives_the_same_bits(self):
        out = Path(self.folder.name) / "threads"
        call(train_command(out, "--threads", 2))
        self.assert_same_end(out)

    def test_kill_and_resume(self):
        for attempt in range(3):
            out, code = self.interrupted(f"killed-{attempt}", signal.SIGKILL)
            self.assertIn(code, (-signal.SIGKILL, 0))
            call(command("resume", out))
            self.assert_same_end(out)

    def test_interrupt_saves_and_says_how_to_go_on(self):
        out, code = self.interrupted("interrupted", signal.SIGINT)
        self.assertIn(code, (130, 0))
        call(command("resume", out))
        self.assert_same_end(out)

    def test_a_cold_start_of_what_was_left_gives_other_bits(self):
        out = Path(self.folder.name) / "cold"
        call(train_command(out, "--set", f"training.steps={STEPS // 2}"))
        self.assertNotEqual(state(out)["step"], state(self.reference)["step"])
        other = Path(self.folder.name) / "other-seed"
        call(train_command(other, "--seed", 99))
        left, right = state(other), state(self.reference)
        self.assertEqual(left.keys(), right.keys())
        self.assertNotEqual(left, right)

    def test_the_run_folder_is_complete(self):
        for name in (
            "recipe.json", "overrides.json", "environment.json", "metrics.csv", "samples.h5", "report.html", "report.json", "plots/loss.svg",
        ):  # fmt: skip
            self.assertTrue((self.reference / name).exists(), name)
        with h5py.File(self.reference / "samples.h5") as file:
            self.assertTrue(np.isfinite(file["samples/x"][()]).all())


class MistakeTest(unittest.TestCase):
    def sentence(self, words, code):
        result = call(words, expected=code)
        lines = result.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith("flowctl: "), lines)
        return lines[0]

    def test_mistakes_are_one_sentence(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            out = folder / "run"
            self.assertIn("did you mean 'supernova'", self.sentence(command("train", "supernvoa"), 64))
            self.assertIn("did you mean 'training.steps'", self.sentence(train_command(out, "--set", "training.step=3"), 64))
            self.sentence(command("train", folder / "none.json"), 1)
            self.sentence(command("resume", folder / "none"), 1)
            (folder / "file").write_text("x")
            self.sentence(train_command(folder / "file" / "run"), 1)
            self.sentence(train_command(folder), 1)
            self.assertFalse(out.exists())

    def test_bad_data_is_one_sentence_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            good = Path(__file__).resolve().parents[2] / "Data" / "images" / "digits.h5"
            (folder / "cut.h5").write_bytes(good.read_bytes()[:20000])
            (folder / "text.h5").write_text("not HDF5")
            with h5py.File(folder / "shape.h5", "w") as file:
                file.attrs["schema"] = "hgm-data/1"
                file["train/x"] = np.zeros((100, 3), np.float32)
            with h5py.File(folder / "nan.h5", "w") as file:
                file.attrs["schema"] = "hgm-data/1"
                file["train/x"] = np.full((100, 8, 8), np.nan, np.float32)
            for data in ("missing.h5", "cut.h5", "text.h5", "shape.h5", "nan.h5"):
                with self.subTest(data):
                    out = folder / "run"
                    sentence = self.sentence(command("train", "nhf-digits", "--out", out, "--set", f"data.path={folder / data}"), 1)
                    self.assertIn(data, sentence)
                    self.assertFalse(out.exists())

    def test_a_damaged_checkpoint_is_one_sentence(self):
        with tempfile.TemporaryDirectory() as name:
            out = Path(name) / "run"
            call(train_command(out, "--set", "training.steps=5"))
            checkpoint = out / "checkpoints" / "latest.h5"
            checkpoint.write_bytes(checkpoint.read_bytes()[:-200])
            self.assertIn("latest.h5", self.sentence(command("resume", out), 1))


if __name__ == "__main__":
    unittest.main()
