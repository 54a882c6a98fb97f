"""Rates of shuffled minibatches beside h5py and beside zlib alone, and of checkpoints beside plain files, in turn.

    swift build -c release --package-path Benchmarks --product data-rates
    python3 Benchmarks/compare_data.py [--gibibytes 1] [--rounds 3] [--folder /tmp] [--out Benchmarks/DATA.md]

The file holds rows of 784 float32, a fifth of them not zero, in chunks of 256 rows under gzip. h5py reads it in the best way known to us:
chunks in shuffled order, windows of 32 MiB whose rows are shuffled with NumPy, as ours; and by drawing rows at random from the whole file,
of which a few batches are timed. Ratios are taken round by round, and the median is told.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
BATCH, COLUMNS, CHUNK = 512, 784, 256


def make(path, gibibytes):
    rows = int(gibibytes * 2**30 / (COLUMNS * 4)) // CHUNK * CHUNK
    random = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        file.attrs["schema"] = "hgm-data/1"
        x = file.create_dataset("train/x", (rows, COLUMNS), "f4", chunks=(CHUNK, COLUMNS), compression="gzip", compression_opts=4)
        file["train/y"] = (np.arange(rows) % 10).astype(np.uint8)
        for first in range(0, rows, 32 * CHUNK):
            count = min(32 * CHUNK, rows - first)
            levels = random.integers(1, 256, (count, COLUMNS), dtype=np.uint8)
            x[first : first + count] = levels * (random.random((count, COLUMNS)) < 0.2) / np.float32(255)


def h5py_windows(path):
    """Megabytes per second of one epoch in windows of shuffled chunks."""
    random = np.random.default_rng(1)
    start, size = time.perf_counter(), 0
    with h5py.File(path) as file:
        x = file["train/x"]
        blocks = random.permutation(len(x) // CHUNK)
        per_window = (32 << 20) // (CHUNK * COLUMNS * 4)
        window = np.empty((per_window * CHUNK, COLUMNS), np.float32)
        for first in range(0, len(blocks), per_window):
            chosen = blocks[first : first + per_window]
            for place, block in enumerate(chosen):
                x.read_direct(window, np.s_[block * CHUNK : (block + 1) * CHUNK], np.s_[place * CHUNK : (place + 1) * CHUNK])
            order = random.permutation(len(chosen) * CHUNK)
            for at in range(0, len(order), BATCH):
                size += window[order[at : at + BATCH]].nbytes
    return size / (time.perf_counter() - start) / 1e6


def h5py_random(path, batches=3):
    """Megabytes per second of batches drawn from the whole file."""
    random = np.random.default_rng(1)
    with h5py.File(path) as file:
        x = file["train/x"]
        start, size = time.perf_counter(), 0
        for _ in range(batches):
            size += x[np.sort(random.choice(len(x), BATCH, replace=False))].nbytes
        return size / (time.perf_counter() - start) / 1e6


def ours(*words):
    tool = HERE / ".build" / "release" / "data-rates"
    result = subprocess.run([str(tool), *map(str, words)], capture_output=True, text=True, check=True)
    figures = {}
    for line in result.stdout.splitlines():
        name, value = line.split()[:2]
        figures[name] = value if name == "library" else float(value)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gibibytes", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--megabytes", type=int, default=200, help="of the checkpoint")
    parser.add_argument("--folder", help="where the files go")
    parser.add_argument("--out", help="write the report to this file")
    arguments = parser.parse_args()
    rounds, checkpoints = [], []
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "data.h5"
        make(path, arguments.gibibytes)
        stored = path.stat().st_size
        by_chance = h5py_random(path)
        for _ in range(arguments.rounds):
            stream = ours("stream", path, arguments.threads)
            rounds.append((stream, ours("inflate", path, arguments.threads)["megabytes_per_second"], h5py_windows(path)))
            checkpoints.append(ours("checkpoint", folder, arguments.megabytes))
    median = lambda values: statistics.median(list(values))
    rate = median(stream["megabytes_per_second"] for stream, _, _ in rounds)
    lines = [
        "# Data and checkpoints", "",
        f"Written by `python3 Benchmarks/compare_data.py --gibibytes {arguments.gibibytes:g} --rounds {arguments.rounds} --threads {arguments.threads}`"
        f" with {os.cpu_count()} cores, the 1-minute load at the end {os.getloadavg()[0]:.1f}.", "",
        f"Shuffled minibatches of {BATCH} x {COLUMNS} float32 from {arguments.gibibytes:g} GiB in {stored / 1e6:.0f} MB, medians of rounds:", "",
        "| | MB/s | ours over it |", "| --- | ---: | ---: |",
        f"| ours, {arguments.threads} threads, inflating with {rounds[0][0]['library']} | {rate:.0f} | |",
        f"| h5py, windows as ours | {median(h for _, _, h in rounds):.0f} | {median(s['megabytes_per_second'] / h for s, _, h in rounds):.2f} |",
        f"| h5py, rows at random | {by_chance:.1f} | {rate / by_chance:.0f} |",
        f"| zlib alone, {arguments.threads} threads, nothing read | {median(z for _, z, _ in rounds):.0f} | {median(s['megabytes_per_second'] / z for s, z, _ in rounds):.2f} |",
        "", f"Peak memory {max(stream['peak_mebibytes'] for stream, _, _ in rounds):.0f} MiB.", "",
        f"A checkpoint of {checkpoints[0]['megabytes']:.0f} MB, medians of rounds of best of five:", "",
        "| | seconds | plain file | ratio |", "| --- | ---: | ---: | ---: |",
        *(
            f"| {what} | {median(c[f'{what}_seconds'] for c in checkpoints):.3f} | {median(c[f'plain_{what}_seconds'] for c in checkpoints):.3f}"
            f" | {median(c[f'{what}_ratio'] for c in checkpoints):.2f} |"
            for what in ("write", "read")
        ),
        "", f"A step loop is held for {100 * median(c['stall_fraction'] for c in checkpoints):.2f} % of the time of a write.", "",
    ]  # fmt: skip
    text = "\n".join(lines)
    sys.stdout.write(text)
    if arguments.out:
        Path(arguments.out).write_text(text)


if __name__ == "__main__":
    main()
