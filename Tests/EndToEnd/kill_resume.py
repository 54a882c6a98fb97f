"""Kills runs with SIGKILL at random moments: the newest checkpoint must load, and the resumed run must end with the bits of an
uninterrupted one.

    FLOWCTL=./flowctl python3 Tests/EndToEnd/kill_resume.py --kills 1000 --out Tests/EndToEnd/kill_resume.md

A run is killed, resumed, killed again, and so on until it ends by itself; then its last checkpoint is compared with that of the
uninterrupted run, array by array and bit by bit. So a run that was killed ten times counts for ten kills.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import h5py
from tool import call, command, settings

STEPS = 200
SETTINGS = [
    f"training.steps={STEPS}", "training.checkpointEvery=3", "training.batchSize=64", "model.hidden=16,16", "data.count=500",
    "evaluation.samples=100", "evaluation.importanceSamples=2", "evaluation.gridPoints=16",
]  # fmt: skip


def train_command(out):
    return command("train", "nhf-gmm2d", "--out", out, *settings(SETTINGS))


def state(run):
    """Every array of the newest checkpoint, as bytes, and the steps taken."""
    arrays = {}

    def keep(path, item):
        if isinstance(item, h5py.Dataset):
            arrays[path] = item[()].tobytes()

    with h5py.File(Path(run) / "checkpoints" / "latest.h5") as file:
        for name in ("model", "ema", "optimizer", "random", "data"):
            file[name].visititems(lambda path, item, name=name: keep(f"{name}/{path}", item))
        arrays["cursor"] = (int(file["data"].attrs["epoch"]), int(file["data"].attrs["cursor"]))
        arrays["step"] = int(file["progress"].attrs["step"])
    return arrays


class Kills:
    """Kills until there were enough; what happened is in `counts`."""

    def __init__(self, folder, seed):
        self.folder = Path(folder)
        self.random = random.Random(seed)
        self.counts = Counter()
        self.steps = []
        reference = self.folder / "reference"
        start = time.monotonic()
        call(train_command(reference))
        self.span = time.monotonic() - start
        self.expected = state(reference)

    def run(self, kills, deadline=float("inf")):
        while self.counts["kills"] < kills and time.monotonic() < deadline:
            self.one_run(self.folder / f"run-{self.counts['runs']}", kills)

    def one_run(self, out, kills):
        words = train_command(out)
        while True:
            limit = self.random.uniform(0, self.span / 2) if self.counts["kills"] < kills else None
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            try:
                said = process.communicate(timeout=limit)[1]
            except subprocess.TimeoutExpired:
                process.kill()
                said = process.communicate()[1]
            if process.returncode == 0:
                break
            if process.returncode != -9:
                raise AssertionError(f"{' '.join(words)} ended with {process.returncode}: {said}")
            self.counts["kills"] += 1
            if not (out / "checkpoints" / "latest.h5").exists():
                # Killed before there was anything to resume.
                self.counts["before the first checkpoint"] += 1
                shutil.rmtree(out, ignore_errors=True)
                words = train_command(out)
                continue
            self.steps.append(state(out)["step"])
            if self.steps[-1] == STEPS:
                self.counts["after the last step"] += 1
            words = command("resume", out)
        found = state(out)
        different = [name for name in self.expected if found.get(name) != self.expected[name]]
        if different or found.keys() != self.expected.keys():
            raise AssertionError(f"{out}: other bits than the uninterrupted run in {', '.join(different)}")
        left = [path.name for path in (out / "checkpoints").iterdir() if path.name.endswith(".tmp")]
        self.counts["files left half written"] += len(left)
        self.counts["runs"] += 1
        shutil.rmtree(out)


def report(kills, seconds):
    counts = kills.counts
    inside = [step for step in kills.steps if 0 < step < STEPS]
    return "\n".join([
        "# Kills and resumes", "", "Written by `python3 Tests/EndToEnd/kill_resume.py`.", "",
        f"- {counts['kills']} kills with SIGKILL at random moments of {counts['runs']} runs of {STEPS} steps, a checkpoint every 3 steps",
        f"- {counts['before the first checkpoint']} of them before the first checkpoint, {counts['after the last step']} after the last step,"
        f" {len(inside)} between (steps {min(inside, default=0)} to {max(inside, default=0)})",
        "- every newest checkpoint loaded; every run ended with the bits of the uninterrupted one",
        f"- {counts['files left half written']} temporary files left behind at the ends of runs", f"- {seconds:.0f} seconds", "",
    ])  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="start no further run after this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="write the report to this file")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kills = Kills(folder, arguments.seed)
        kills.run(arguments.kills, start + arguments.seconds)
    text = report(kills, time.monotonic() - start)
    sys.stdout.write(text)
    if arguments.out:
        Path(arguments.out).write_text(text)


if __name__ == "__main__":
    main()
