"""How the tests of this folder call the tool: FLOWCTL is the launcher."""

import argparse
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

WORKSPACE = Path(__file__).resolve().parents[2]
FLOWCTL = os.path.abspath(os.environ.get("FLOWCTL", WORKSPACE / "flowctl"))

# A run of the mixture that takes a fraction of a second.
SMALL = [
    "training.batchSize=64", "training.checkpointEvery=10", "model.hidden=16,16", "model.encoder.hidden=16", "data.count=500",
    "evaluation.samples=200", "evaluation.importanceSamples=4", "evaluation.gridPoints=32",
]  # fmt: skip


def command(*words):
    return [FLOWCTL, *map(str, words)]


def settings(assignments):
    return [f"--set={assignment}" for assignment in assignments]


def call(words, expected=0, **options):
    """Runs the words, and fails with all their output when the exit code is another than expected."""
    result = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, **options)
    if result.returncode != expected:
        raise AssertionError(f"{' '.join(words)} ended with {result.returncode}, not {expected}\n{result.stdout}{result.stderr}")
    return result


def git_identity():
    """The environment with somebody who commits."""
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "t"), ("EMAIL", "t@example.org"))}
    return os.environ | names


class Recorder(unittest.TextTestResult):
    """Keeps for each test its time; its list `notes` holds what else is worth telling."""

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.rows = [*getattr(self, "rows", []), (test, time.monotonic() - self.started)]


def run_and_record(title, script):
    """All tests of the script itself, also those that take minutes; with --out FILE a record of them, written when all have passed."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", help="write what passed to this file")
    arguments, rest = parser.parse_known_args()
    runner = unittest.TextTestRunner(verbosity=2, resultclass=Recorder)
    result = unittest.main(argv=[sys.argv[0], *rest], testRunner=runner, exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    if arguments.out:
        lines = [f"# {title}", "", f"Written by `python3 {script} --out`. All passed.", ""]
        for test, seconds in result.rows:
            lines.append(f"- {test.id().split('.')[-1].removeprefix('test_').replace('_', ' ')}: {seconds:.0f} s")
            lines += [f"  - {note}" for note in test.notes]
        Path(arguments.out).write_text("\n".join([*lines, ""]))
