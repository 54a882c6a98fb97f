"""Effective samples per gradient of BlackJAX's NUTS on the targets of Sources/markov-chains: prints the same lines.

    python3 -m pip install blackjax arviz h5py
    python3 Benchmarks/Peers/blackjax_peer.py [--seeds 3]

Four chains, window adaptation of a diagonal mass matrix, 1000 iterations of warm-up and 1000 draws, float64. Effective sample sizes are
ArviZ's, whose values ours are tested against; gradients are the leapfrog steps of the draws.
"""

import argparse
import math
import pathlib
import time
import warnings

import jax

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)
warnings.filterwarnings("ignore")

import blackjax  # noqa: E402
import h5py  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import arviz  # noqa: E402

CHAINS, WARMUP, DRAWS = 4, 1000, 1000
DATA = pathlib.Path(__file__).parents[2] / "Data/blr/german_credit.h5"


def correlated_normal():
    d, rho = 100, 0.9
    deviations = 1 + np.arange(d) / 50
    covariance = rho ** np.abs(np.arange(d)[:, None] - np.arange(d)) * deviations[:, None] * deviations
    precision, mean = jnp.array(np.linalg.inv(covariance)), jnp.cos(jnp.arange(d))
    return d, lambda x: -0.5 * (x - mean) @ precision @ (x - mean)


def funnel():
    """Neal's funnel without its centre: standard normal coordinates."""
    return 10, lambda z: -0.5 * jnp.sum(z**2)


def logistic_regression():
    with h5py.File(DATA) as file:
        x = np.concatenate([file[split]["x"][:] for split in ("train", "validation", "test")]).astype(np.float64)
        y = np.concatenate([file[split]["y"][:] for split in ("train", "validation", "test")]).astype(np.float64).reshape(-1)
    x = np.concatenate([(x - x.mean(0)) / x.std(0), np.ones((len(x), 1))], axis=1)
    x, y = jnp.array(x), jnp.array(y)
    return x.shape[1], lambda w: -jnp.sum(jax.nn.softplus(x @ w) - y * (x @ w)) - 0.5 * jnp.sum(w**2)


def sample(log_density, d, seed):
    def chain(key):
        start, adapt, draw = jax.random.split(key, 3)
        position = jax.random.uniform(start, (d,), minval=-2.0, maxval=2.0)
        (state, parameters), _ = blackjax.window_adaptation(blackjax.nuts, log_density).run(adapt, position, num_steps=WARMUP)
        kernel = blackjax.nuts(log_density, **parameters)

        def step(state, key):
            state, info = kernel.step(key, state)
            return state, (state.position, info.num_integration_steps)

        _, (positions, steps) = jax.lax.scan(step, state, jax.random.split(draw, DRAWS))
        return positions, steps

    return jax.jit(jax.vmap(chain))(jax.random.split(jax.random.key(seed), CHAINS))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print("target seed gradients minimum_bulk mean_bulk minimum_tail seconds")
    for name, make in [("normal100", correlated_normal), ("funnel", funnel), ("logistic-german", logistic_regression)]:
        d, log_density = make()
        for seed in range(options.seeds):
            begin = time.perf_counter()
            positions, steps = map(np.asarray, sample(log_density, d, seed))
            seconds = time.perf_counter() - begin
            bulk = [float(arviz.ess(positions[:, :, i], method="bulk")) for i in range(d)]
            tail = [float(arviz.ess(positions[:, :, i], method="tail")) for i in range(d)]
            assert math.isfinite(sum(bulk))
            print(name, seed, int(steps.sum()), round(min(bulk)), round(sum(bulk) / d), round(min(tail)), round(seconds, 2), flush=True)
