"""The Kepler batch of Sources/runge-kutta/Batches.swift on diffrax: jit, vmap, float64, as many threads as given.

Prints: problem, method, nanoseconds for all trajectories (best of five), root mean square error after two revolutions.
"""

import argparse
import time

from peer_measurement import limit_threads

arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--threads", type=int, default=2)
limit_threads(arguments.parse_args().threads)

import diffrax
import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def slope(time, state, arguments):
    x, y, u, v = state
    squared = x * x + y * y
    strength = -1 / (squared * jnp.sqrt(squared))
    return jnp.stack([u, v, x * strength, y * strength])


def solver(method):
    def end(state):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(slope), method, t0=0.0, t1=12.566370614359172, dt0=None, y0=state, max_steps=100_000,
            saveat=diffrax.SaveAt(t1=True), stepsize_controller=diffrax.PIDController(rtol=1e-8, atol=1e-8),
            adjoint=diffrax.ForwardMode(),
        ).ys[0]

    return jax.jit(jax.vmap(end))


place = jnp.arange(10_000) * 0.61803398874989485
eccentricity = 0.5 * (place - jnp.floor(place))
zero = jnp.zeros_like(eccentricity)
starts = jnp.stack([1 - eccentricity, zero, zero, jnp.sqrt((1 + eccentricity) / (1 - eccentricity))], axis=-1)
for name, method in [("dormandPrince5", diffrax.Dopri5()), ("dormandPrince8", diffrax.Dopri8())]:
    solve = solver(method)
    ends = solve(starts).block_until_ready()
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        solve(starts).block_until_ready()
        best = min(best, time.perf_counter() - begin)
    print("kepler", name, best * 1e9, float(jnp.sqrt(jnp.mean((ends - starts) ** 2))))
