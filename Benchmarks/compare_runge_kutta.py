"""The speed of Integrators beside its peers, in one run of about three minutes; the programs run in turn.

    swift build -c release --package-path Benchmarks --product runge-kutta
    swift build -c release --package-path Benchmarks --product nbody
    swift build -c release --package-path Benchmarks --product runge-kutta --scratch-path /tmp/native -Xcc -march=native
    c++ -O3 -std=c++17 Benchmarks/Peers/odeint.cpp -o /tmp/odeint
    python3 Benchmarks/compare_runge_kutta.py --odeint /tmp/odeint --native /tmp/native/release/runge-kutta \
        --out Benchmarks/INTEGRATORS.md

Peers that are not installed (`python3 -m pip install scipy diffrax`) are left out, and the table says so.
"""

import argparse
import collections
import math
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).parent


def lines(program):
    return [line.split() for line in subprocess.check_output(program, text=True).splitlines()]


def table(program):
    """(problem, method) -> [(error, nanoseconds, evaluations)] from lines of six fields."""
    rows = collections.defaultdict(list)
    for problem, method, _, error, nanoseconds, evaluations in lines(program):
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


def available(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def markdown(headings, rows):
    table = [headings, ["---"] * len(headings)] + rows
    return "\n".join("| " + " | ".join(row) + " |" for row in table)


def solves(options):
    """Single solves beside odeint and SciPy, SciPy once because it takes as long as all the rest."""
    collected = collections.defaultdict(list)
    for round in range(options.rounds):
        ours = table([options.swift])
        peers = {"Boost.odeint": [options.odeint]}
        if round == 0 and available("scipy"):
            peers["SciPy"] = [sys.executable, str(here / "Peers/scipy_peer.py")]
        for name, program in peers.items():
            theirs = table(program)
            for key in ours:
                speed, evaluations = (geometric(ratios(ours[key], theirs[key], column)) for column in (1, 2))
                collected[name, key].append((speed, evaluations))
    rows = []
    for (name, (problem, method)), rounds in sorted(collected.items()):
        speed = sorted(pair[0] for pair in rounds)
        rows.append(
            [problem, method, name, f"{statistics.median(speed):.2f} ({speed[0]:.2f}, {speed[-1]:.2f})",
             "1.2" if name == "Boost.odeint" else "20", f"{rounds[0][1]:.2f}"])
    return markdown(
        ["Problem", "Method", "Peer", "times as fast at equal accuracy (median, lowest, highest round)", "at least",
         "their evaluations over ours"], rows)


def batches(options):
    """10,000 trajectories in lanes, beside one after the other and beside diffrax."""
    builds = {"baseline": options.swift}
    if options.native:
        builds["native"] = options.native
    found = {build: {tuple(row[1:3]): [float(x) for x in row[3:]] for row in lines([program, "batch"])} for build, program in builds.items()}
    plain, alone = ({key: min(rows[key][column] for rows in found.values()) for key in found["baseline"]} for column in (0, 1))
    rows = []
    for build, measured in found.items():
        for (problem, method), (arrays, single, lanes, tasks, _) in measured.items():
            rows.append(
                [problem, method, build, f"{arrays / 1e6:.1f}", f"{single / 1e6:.1f}", f"{lanes / 1e6:.1f}", f"{tasks / 1e6:.1f}",
                 f"{plain[problem, method] / lanes:.2f}", f"{alone[problem, method] / lanes:.2f}"])
    text = markdown(
        ["Problem", "Method", "Build", "one by one as arrays, ms", "one by one as vectors, ms", "in lanes, ms",
         "in lanes and two tasks, ms", "in lanes, times the arrays' rate (at least 3)", "times the vectors' rate"], rows)
    if not available("diffrax"):
        return text + "\n\ndiffrax is not installed."
    rows = []
    for problem, method, nanoseconds, error in lines([sys.executable, str(here / "Peers/diffrax_peer.py")]):
        build, ours = min(((build, measured[problem, method]) for build, measured in found.items()), key=lambda pair: pair[1][3])
        rows.append(
            [problem, method, build, f"{ours[3] / 1e6:.1f}", f"{float(nanoseconds) / 1e6:.1f}",
             f"{float(nanoseconds) / ours[3]:.2f}", f"{ours[4]:.1e}", f"{float(error):.1e}"])
    return text + "\n\nBeside diffrax (jit, vmap, float64) on two cores, relative and absolute tolerance 1e-8:\n\n" + markdown(
        ["Problem", "Method", "Build", "ours, ms", "diffrax, ms", "times as fast (at least 2)", "our error, RMS", "diffrax's error, RMS"],
        rows)


def many_bodies(program):
    if not pathlib.Path(program).exists():
        return "Not built."
    return "\n".join("- " + line for line in subprocess.check_output([program], text=True).splitlines())


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--swift", default=str(here / ".build/release/runge-kutta"))
    arguments.add_argument("--nbody", default=str(here / ".build/release/nbody"))
    arguments.add_argument("--native", help="runge-kutta built with -Xcc -march=native, for the batches")
    arguments.add_argument("--odeint", required=True)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--out", help="a file for the tables, else standard output")
    options = arguments.parse_args()
    text = f"""# Integrators beside their peers

Written by `Benchmarks/compare_runge_kutta.py`, which says how to build what it runs. Float64, one thread where nothing else is said.

## Single solves

Errors from 1e-3 to 1e-11; odeint has no DOP853 and runs Fehlberg's method of order 8 instead.

{solves(options)}

## Batches of 10,000 trajectories

SIMD8<Double>. The baseline build of x86-64 has vector instructions for two doubles; the native one uses what the machine has. Both
give the same digits. The single rate is the better of both builds.

{batches(options)}

## The outer solar system beside a loop in C

Ratios are our speed over that of C; at least 0.9.

{many_bodies(options.nbody)}
"""
    if options.out:
        pathlib.Path(options.out).write_text(text)
    else:
        print(text)


main()
