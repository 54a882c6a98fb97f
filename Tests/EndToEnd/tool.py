"""How the tests of this folder call the tool: FLOWCTL is the launcher."""

import os
import subprocess
from pathlib import Path

WORKSPACE = Path(__file__).resolve().parents[2]
FLOWCTL = os.environ.get("FLOWCTL", str(WORKSPACE / "flowctl"))

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
