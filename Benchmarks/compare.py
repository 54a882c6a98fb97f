"""Runs the workloads on our side and on the peers' side in turn, in one run, and writes the ratios.

    python3 Benchmarks/compare.py [--seconds 2] [--rounds 3] [--threads 2] [--out Benchmarks/RESULTS.md]

Each round runs every program once for every number of threads up to N, at the stated batch and at 8 rows. A figure is
the median over rounds, a ratio the median of the ratios round by round, so that a machine that slows down slows both
sides. A peer's figure with n threads is its best variant over 1 ... n threads.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "Peers"))

from workload_inputs import WORKLOADS, batch_size, product_operations  # noqa: E402

WANTED_RATIO = {"mlp-regression": 2.0, "nhf-gmm2d": 2.0, "mlp-denoiser": 1.3, "nhf-digits": 1.3, "kernel-table": 2.5}
WANTED_OF_PRODUCTS = {"nhf-gmm2d": 1.4, "mlp-denoiser": 1.25, "nhf-digits": 1.25}
SMALL_BATCH = 8


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"compare: {' '.join(command)} failed:\n{done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def median(values):
    return statistics.median(values)


class Runs:
    """The programs of both sides."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.peers = arguments.peers.split(",")
        self.ours = os.path.join(HERE, ".build", "release", "workloads")

    def options(self, threads):
        a = self.arguments
        return ["--dtype", a.dtype, "--seconds", str(a.seconds), "--threads", str(threads), "--json"]

    def our_report(self, workload, batch, threads):
        return run([self.ours, "--workload", workload, "--batch", str(batch), *self.options(threads)])

    def peer_report(self, peer, workload, batch, threads, variants=None):
        script = os.path.join(HERE, "Peers", f"{peer}_peer.py")
        chosen = ["--variants", variants] if variants else []
        return run([sys.executable, script, "--workload", workload, "--batch", str(batch), *self.options(threads), *chosen])

    def peak_rate(self, threads):
        """Best rate of matrix products alone, operations per second."""
        report = run([self.ours, "--workload", "matrix-products", *self.options(threads)])
        return report["operationsPerSecond"]


def measured(runs, workload, batch):
    """For every number of threads: our rates and each peer's best rates so far, round by round."""
    counts = range(1, runs.arguments.threads + 1)
    table = {threads: {name: [] for name in ["ours", "peak", *runs.peers]} for threads in counts}
    reports, variants = {}, {}
    for number in range(runs.arguments.rounds):
        print(f"{workload}, batch {batch}, round {number + 1} of {runs.arguments.rounds}", file=sys.stderr)
        best = {peer: 0.0 for peer in runs.peers}
        for threads in counts:
            table[threads]["peak"].append(runs.peak_rate(threads))
            reports[threads] = runs.our_report(workload, batch, threads)
            table[threads]["ours"].append(reports[threads]["stepsPerSecond"])
            for peer in runs.peers:
                # The first round finds the best variant, the others repeat it.
                report = runs.peer_report(peer, workload, batch, threads, variants.get((peer, threads)))
                variants[peer, threads] = report["best"]
                best[peer] = max(best[peer], report["stepsPerSecond"])
                table[threads][peer].append(best[peer])
    return table, reports, variants


def best_peer(row, peers):
    return max(peers, key=lambda name: median(row[name]))


def rows_of(runs, workload, batch):
    """Lines of the table of speeds, and the last reports."""
    table, reports, variants = measured(runs, workload, batch)
    lines = []
    for threads, row in table.items():
        best = best_peer(row, runs.peers)
        ratio = median(a / b for a, b in zip(row["ours"], row[best]))
        of_products = median(
            rate / (product_operations(workload, batch) * steps) for rate, steps in zip(row["peak"], row["ours"])
        )
        stated = batch == batch_size(workload)
        wanted = f"{WANTED_RATIO[workload]:g}" if workload in WANTED_RATIO else ""
        bound = f"{WANTED_OF_PRODUCTS[workload]:g}" if stated and workload in WANTED_OF_PRODUCTS else ""
        cells = " | ".join(f"{median(row[name]):.1f}" for name in runs.peers)
        lines.append(
            f"| {workload} | {batch} | {threads} | {median(row['ours']):.1f} | {cells} | {ratio:.2f} ({best}) | {wanted} "
            f"| {of_products:.2f} | {bound} |"
        )
    return lines, reports, variants


def resources(runs, workload, reports, variants):
    """One line: compilation and memory at the stated batch and the most threads."""
    threads = runs.arguments.threads
    ours = reports[threads]
    compilation = "" if "jax" not in runs.peers else "-"
    memory = {}
    for peer in runs.peers:
        # A process of its own per variant, or their memory would add up.
        report = runs.peer_report(peer, workload, batch_size(workload), threads, variants[peer, threads])
        memory[peer] = report["peakBytes"] or 0
        if peer == "jax":
            alone = runs.peer_report(peer, workload, batch_size(workload), threads, "step")
            compilation = alone["variants"]["step"]["compilationSeconds"]
    speedup = f"{compilation:.3f} | {compilation / ours['compilationSeconds']:.1f}" if "jax" in runs.peers else "| "
    cells = " | ".join(f"{memory[peer] / 2**20:.0f}" for peer in runs.peers)
    return f"| {workload} | {ours['compilationSeconds']:.4f} | {speedup} | {ours['peakBytes'] / 2**20:.0f} | {cells} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--peers", default="jax,torch")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--batches", choices=("stated", "small", "both"), default="both")
    parser.add_argument("--out")
    arguments = parser.parse_args()

    build = ["swift", "build", "-c", "release", "--package-path", HERE]
    print("$", " ".join(build), file=sys.stderr)
    if subprocess.run(build, stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("compare: the benchmark did not build")

    runs = Runs(arguments)
    speeds, usages = [], []
    for workload in arguments.workloads.split(","):
        if arguments.batches != "small":
            lines, reports, variants = rows_of(runs, workload, batch_size(workload))
            speeds += lines
            usages.append(resources(runs, workload, reports, variants))
        if arguments.batches != "stated":
            speeds += rows_of(runs, workload, SMALL_BATCH)[0]

    names = " | ".join(runs.peers)
    columns = "--- | " * len(runs.peers)
    command = " ".join(
        ["python3 Benchmarks/compare.py"]
        + [f"--{name} {value}" for name, value in vars(arguments).items() if value is not None and name != "out"]
    )
    lines = [
        "# Training steps per second, side by side",
        "",
        f"Written by `{command}`; definitions in `Peers/workloads.md`. {platform.machine()}, {arguments.dtype}. Medians over rounds; "
        "ratios are round by round. A peer's figure is its best variant over 1 ... n threads.",
        '"Step / products" is the time of a step over that of its matrix products alone at the best rate measured for products.',
        "",
        f"| workload | batch | threads | Hamiltonian Flows | {names} | ratio to the best peer | at least | step / products | at most |",
        f"| --- | --- | --- | --- | {columns}--- | --- | --- | --- |",
        *speeds,
    ]
    if usages:
        lines += [
            "",
            f"Time to trace and compile the step, and resident memory above that at the start of the process (after imports), at its "
            f"peak; stated batch, {arguments.threads} threads.",
            "",
            f"| workload | ours, s | JAX, s | times quicker | ours, MiB | {', MiB | '.join(runs.peers)}, MiB |",
            f"| --- | --- | --- | --- | --- | {columns}".rstrip(),
            *usages,
        ]
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.out:
        temporary = arguments.out + ".partial"
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, arguments.out)


main()
