"""Moments of the two-dimensional generators as FFJORD wrote them (lib/toy_data.py), from a million points each.

    python3 planar_data.py
"""
import numpy as np

n, rng = 1_000_000, np.random.RandomState(0)


def eight_gaussians():
    a = rng.randint(8, size=n) * np.pi / 4
    return (4 * np.c_[np.cos(a), np.sin(a)] + 0.5 * rng.randn(n, 2)) / 1.414


def moons():  # sklearn.datasets.make_moons, angles uniform instead of equally spaced
    t = np.pi * rng.rand(n // 2)
    x = np.r_[np.c_[np.cos(t), np.sin(t)], np.c_[1 - np.cos(t), 1 - np.sin(t) - 0.5]]
    return 2 * (x + 0.1 * rng.randn(n, 2)) + [-1, -0.2]


def pinwheel():
    f = rng.randn(n, 2) * [0.3, 0.1]
    f[:, 0] += 1
    a = np.linspace(0, 2 * np.pi, 5, endpoint=False)[rng.randint(5, size=n)] + 0.25 * np.exp(f[:, 0])
    r = np.stack([np.cos(a), -np.sin(a), np.sin(a), np.cos(a)]).T.reshape(-1, 2, 2)
    return 2 * np.einsum("ti,tij->tj", f, r)


def checkerboard():
    x = 4 * rng.rand(n) - 2
    return 2 * np.c_[x, rng.rand(n) - 2 * rng.randint(0, 2, n) + np.floor(x) % 2]


def swiss_roll():  # sklearn.datasets.make_swiss_roll, columns 0 and 2
    t = 1.5 * np.pi * (1 + 2 * rng.rand(n))
    return (np.c_[t * np.cos(t), t * np.sin(t)] + rng.randn(n, 2)) / 5


def circles():
    t, r = 2 * np.pi * rng.rand(n), np.where(rng.rand(n) < 0.5, 1, 0.5)
    return 3 * (np.c_[r * np.cos(t), r * np.sin(t)] + 0.08 * rng.randn(n, 2))


def rings():
    t, r = 2 * np.pi * rng.rand(n), rng.choice([0.25, 0.5, 0.75, 1], n)
    return 3 * np.c_[r * np.cos(t), r * np.sin(t)] + 0.08 * rng.randn(n, 2)


def spirals():
    m = np.sqrt(rng.rand(n // 2, 1)) * 540 * 2 * np.pi / 360
    d = np.hstack((-np.cos(m) * m + rng.rand(n // 2, 1) * 0.5, np.sin(m) * m + rng.rand(n // 2, 1) * 0.5))
    x = np.vstack((d, -d)) / 3
    return x + rng.randn(*x.shape) * 0.1


for f in (eight_gaussians, moons, pinwheel, checkerboard, swiss_roll, circles, rings, spirals):
    x = f()
    print(f.__name__, x.mean(0).round(3), x.var(0).round(3))
