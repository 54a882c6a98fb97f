"""Effective samples per gradient of the no-U-turn sampler beside BlackJAX's, on the same targets, one after the other.

    python3 -m pip install blackjax arviz h5py
    python3 Benchmarks/compare_markov_chains.py [--seeds 3]
"""

import argparse
import collections
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).parent


def rates(lines):
    """target -> [(smallest, mean) bulk effective sample size per thousand gradients]"""
    found = collections.defaultdict(list)
    for line in lines.splitlines()[1:]:
        target, _, gradients, smallest, mean, *_ = line.split()
        found[target].append((1000 * float(smallest) / float(gradients), 1000 * float(mean) / float(gradients)))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    data = str(here.parent / "Data/blr/german_credit.h5")
    swift = ["swift", "run", "-c", "release", "--package-path", str(here), "markov-chains", data, str(options.seeds)]
    python = [sys.executable, str(here / "Peers/blackjax_peer.py"), "--seeds", str(options.seeds)]
    ours, theirs = (rates(subprocess.check_output(command, text=True)) for command in (swift, python))
    print(f"{'target':18} {'ours':>8} {'BlackJAX':>9} {'ratio':>6}   smallest over coordinates; ratio of means over them")
    for target in theirs:
        averages = [[statistics.fmean(run[i] for run in side[target]) for i in (0, 1)] for side in (ours, theirs)]
        (a, b), (c, d) = averages
        print(f"{target:18} {a:8.2f} {c:9.2f} {a / c:6.2f}   {b / d:.2f}")


if __name__ == "__main__":
    main()
