"""What programs are told: JSON events on standard output, metrics for TensorBoard, exit codes.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd
"""

import csv
import importlib.util
import json
import tempfile
import unittest
from pathlib import Path

from tool import SMALL, call, command, settings


def events(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


class EventsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_folder = Path(folder.name) / "run"

    def train(self, *more, expected=0):
        words = command("train", "nhf-gmm2d", "--json", "--out", self.run_folder, *settings([*SMALL, "training.metricsEvery=2", *more]))
        return events(call(words, expected=expected))

    def test_standard_output_holds_one_object_a_line(self):
        told = self.train("training.steps=4")
        self.assertEqual([event["event"] for event in told if event["event"] != "checkpoint"], ["started", *["step"] * 3, "evaluation", "finished"])
        self.assertEqual([event["step"] for event in told if event["event"] == "checkpoint"], [0, 4])
        self.assertTrue(all(event["run"] == str(self.run_folder) for event in told))
        self.assertTrue(Path(told[-1]["report"]).exists() and Path(told[-1]["samples"]).exists())
        again = events(call(command("resume", self.run_folder, "--json")))
        self.assertEqual([event["event"] for event in again], ["started", "evaluation", "finished"])

    def test_failures_are_told(self):
        told = self.train("training.steps=50", "optimizer.learningRate=1e30", expected=1)
        self.assertEqual((told[-1]["event"], told[-1]["exitCode"]), ("failed", 1))
        self.assertIn("training stopped at step", told[-1]["message"])
        wrong = events(call(command("train", "nhf-gmm2d", "--json", "--set", "training.step=3"), expected=64))
        self.assertEqual([(event["event"], event["exitCode"]) for event in wrong], [("failed", 64)])

    @unittest.skipUnless(importlib.util.find_spec("tensorboard"), "TensorBoard is not installed")
    def test_tensorboard_reads_the_metrics(self):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        self.train("training.steps=12")
        reader = EventAccumulator(str(self.run_folder))
        reader.Reload()
        with open(self.run_folder / "metrics.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        for name in ("loss", "gradient_norm", "learning_rate"):
            scalars = reader.Scalars(name)
            self.assertEqual([scalar.step for scalar in scalars], [int(row["step"]) for row in rows])
            for scalar, row in zip(scalars, rows, strict=True):
                self.assertAlmostEqual(scalar.value, float(row[name]), delta=1e-6 * abs(float(row[name])))


if __name__ == "__main__":
    unittest.main()
