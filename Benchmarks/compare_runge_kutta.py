"""Runge-Kutta solves beside Boost.odeint and SciPy: time at equal accuracy, the programs run in turn.

    swift build -c release --package-path Benchmarks --product runge-kutta
    c++ -O3 -std=c++17 Benchmarks/Peers/odeint.cpp -o /tmp/odeint
    python3 Benchmarks/compare_runge_kutta.py --odeint /tmp/odeint [--rounds 5] [--scipy]
"""

import argparse
import collections
import math
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).parent


def table(program):
    """(problem, method) -> [(error, nanoseconds, evaluations)] from lines of six fields."""
    rows = collections.defaultdict(list)
    for line in subprocess.check_output(program, text=True).splitlines():
        problem, method, _, error, nanoseconds, evaluations = line.split()
        rows[problem, method].append((float(error), float(nanoseconds), float(evaluations)))
    return rows


def cost(points, error, column):
    """The cost of an error, on straight lines between neighbouring points of the log-log plot."""
    points = sorted(point for point in points if point[0] > 0)
    for low, high in zip(points, points[1:]):
        if low[0] <= error <= high[0]:
            weight = math.log(error / low[0]) / max(math.log(high[0] / low[0]), 1e-300)
            return low[column] ** (1 - weight) * high[column] ** weight
    return None


def ratios(ours, theirs, column):
    """Their cost over ours at errors from 1e-3 to 1e-11, wherever both have points on either side."""
    found = []
    for half_decade in range(6, 23):
        error = 10 ** (-half_decade / 2)
        pair = cost(ours, error, column), cost(theirs, error, column)
        if None not in pair:
            found.append(pair[1] / pair[0])
    return found


def geometric(values):
    return math.exp(statistics.fmean(math.log(value) for value in values)) if values else math.nan


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--swift", default=str(here / ".build/release/runge-kutta"))
    arguments.add_argument("--odeint", required=True)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--scipy", action="store_true", help="also Peers/scipy_peer.py, which takes minutes")
    options = arguments.parse_args()
    peers = {"odeint": [options.odeint]}
    if options.scipy:
        peers["SciPy"] = [sys.executable, str(here / "Peers/scipy_peer.py")]
    collected = collections.defaultdict(list)
    for _ in range(options.rounds):
        ours = table([options.swift])
        for name, program in peers.items():
            theirs = table(program)
            for key in ours:
                collected[name, key].append(
                    (geometric(ratios(ours[key], theirs[key], 1)), geometric(ratios(ours[key], theirs[key], 2))))
    print("| Problem | Method | Peer | times as fast at equal accuracy (median, lowest, highest round) | their evaluations over ours |")
    print("| --- | --- | --- | --- | --- |")
    for (name, (problem, method)), rounds in sorted(collected.items()):
        speed = sorted(pair[0] for pair in rounds)
        print(
            f"| {problem} | {method} | {name} | {statistics.median(speed):.2f} ({speed[0]:.2f}, {speed[-1]:.2f}) "
            f"| {rounds[0][1]:.2f} |")


main()
