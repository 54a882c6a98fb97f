"""Runs the workloads on our side and on the peers' side in turn, in one run, and writes the ratios.

    python3 Benchmarks/compare.py [--seconds 5] [--rounds 3] [--threads 2] [--out Benchmarks/RESULTS.md]

Each round runs every program once; a figure is the median over rounds, a ratio the median of the ratios round by round,
so that a machine that slows down slows both sides. A peer's figure is its best variant, over 1 ... N threads.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = ("mlp-regression", "nhf-gmm2d", "nhf-gmm2d-learned")
TARGETS = {"mlp-regression": 1.3, "nhf-gmm2d": 1.3}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"compare: {' '.join(command)} failed:\n{done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def steps_per_second(report):
    return report["stepsPerSecond"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--peers", default="jax,torch")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--out")
    arguments = parser.parse_args()

    build = ["swift", "build", "-c", "release", "--package-path", HERE]
    print("$", " ".join(build), file=sys.stderr)
    if subprocess.run(build, stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("compare: the benchmark did not build")
    ours = os.path.join(HERE, ".build", "release", "workloads")

    rows = []
    for workload in arguments.workloads.split(","):
        common = ["--workload", workload, "--dtype", arguments.dtype, "--seconds", str(arguments.seconds), "--json"]
        figures = {}
        for round_number in range(arguments.rounds):
            print(f"{workload}, round {round_number + 1} of {arguments.rounds}", file=sys.stderr)
            figures.setdefault("ours", []).append(steps_per_second(run([ours, *common, "--threads", str(arguments.threads)])))
            for peer in arguments.peers.split(","):
                script = os.path.join(HERE, "Peers", f"{peer}_peer.py")
                best = max(
                    steps_per_second(run([sys.executable, script, *common, "--threads", str(threads)]))
                    for threads in range(1, arguments.threads + 1)
                )
                figures.setdefault(peer, []).append(best)
        best_peer = max((name for name in figures if name != "ours"), key=lambda name: statistics.median(figures[name]))
        ratio = statistics.median(a / b for a, b in zip(figures["ours"], figures[best_peer]))
        rows.append((workload, {name: statistics.median(values) for name, values in figures.items()}, best_peer, ratio))

    peers = arguments.peers.split(",")
    lines = [
        "# Training steps per second, side by side",
        "",
        f"Written by `python3 Benchmarks/compare.py --seconds {arguments.seconds:g} --rounds {arguments.rounds} "
        f"--threads {arguments.threads} --dtype {arguments.dtype} --peers {arguments.peers}`; definitions in `Peers/workloads.md`.",
        f"{arguments.dtype}, batch 512, at most {arguments.threads} threads, {platform.machine()}. Medians; ratios are round by round.",
        "",
        "| workload | Hamiltonian Flows | " + " | ".join(peers) + " | ratio to the best peer | wanted |",
        "| --- | --- | " + "--- | " * len(peers) + "--- | --- |",
    ]
    for workload, medians, best_peer, ratio in rows:
        cells = " | ".join(f"{medians[name]:.1f}" for name in peers)
        wanted = f"at least {TARGETS[workload]:g}" if workload in TARGETS else ""
        lines.append(f"| {workload} | {medians['ours']:.1f} | {cells} | {ratio:.2f} ({best_peer}) | {wanted} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.out:
        temporary = arguments.out + ".partial"
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, arguments.out)


main()
