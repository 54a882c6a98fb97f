"""Training steps per second of one workload in JAX on CPU (definitions: workloads.md), and the time to trace and compile.

Variants: `step` (one jitted call per step, state donated), `scan` (lax.scan over 16 steps in one call), and both
with the derivative of softplus stated as the sigmoid (`step-rule`, `scan-rule`); for `kernel-table` both with the Gram
matrix by one product, and by all differences (`step-differences`, `scan-differences`).
"""

import time

import peer_measurement

ARGUMENTS = peer_measurement.parse_arguments(__doc__)

import jax  # noqa: E402  (after the thread limits)

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", ARGUMENTS.dtype == "float64")

import jax.numpy as jnp  # noqa: E402

import workload_inputs as inputs  # noqa: E402
from kernel_flow import squared_exponential_by_differences, squared_exponential_by_product  # noqa: E402
from jax_workloads import initial_state, softplus_with_rule, training_step  # noqa: E402

BATCHES = 16
START_BYTES = peer_measurement.resident_bytes()


def device_batches():
    pairs = [inputs.batch(ARGUMENTS.workload, step, ARGUMENTS.batch) for step in range(BATCHES)]
    return [tuple(jnp.asarray(array, ARGUMENTS.dtype) for array in pair) for pair in pairs]


def step_runner(softplus):
    holder = [initial_state(ARGUMENTS.workload, ARGUMENTS.dtype)]
    batches = device_batches()
    begin = time.perf_counter()
    step = jax.jit(training_step(ARGUMENTS.workload, softplus), donate_argnums=0).lower(holder[0], *batches[0]).compile()
    compilation = time.perf_counter() - begin

    def run(count):
        state = holder[0]
        for index in range(count):
            state, loss = step(state, *batches[index % BATCHES])
        holder[0] = state
        jax.block_until_ready((state, loss))

    return run, 1, compilation


def scan_runner(softplus):
    step = training_step(ARGUMENTS.workload, softplus)

    def steps(state, first, second):
        return jax.lax.scan(lambda carry, pair: step(carry, *pair), state, (first, second))

    holder = [initial_state(ARGUMENTS.workload, ARGUMENTS.dtype)]
    batches = device_batches()
    first = jnp.stack([pair[0] for pair in batches])
    second = jnp.stack([pair[1] for pair in batches])
    begin = time.perf_counter()
    compiled = jax.jit(steps, donate_argnums=0).lower(holder[0], first, second).compile()
    compilation = time.perf_counter() - begin

    def run(count):
        state = holder[0]
        for _ in range(count // BATCHES):
            state, losses = compiled(state, first, second)
        holder[0] = state
        jax.block_until_ready((state, losses))

    return run, BATCHES, compilation


def main():
    plain, rule = jax.nn.softplus, softplus_with_rule
    runners = {
        "step": (step_runner, plain),
        "scan": (scan_runner, plain),
        "step-rule": (step_runner, rule),
        "scan-rule": (scan_runner, rule),
    }
    if ARGUMENTS.workload == "kernel-table":
        product, differences = squared_exponential_by_product, squared_exponential_by_differences
        runners = {
            "step": (step_runner, product),
            "scan": (scan_runner, product),
            "step-differences": (step_runner, differences),
            "scan-differences": (scan_runner, differences),
        }
    if ARGUMENTS.workload == "mlp-denoiser":  # no softplus in it
        del runners["step-rule"], runners["scan-rule"]
    chosen = ARGUMENTS.variants.split(",") if ARGUMENTS.variants else list(runners)
    results = {}
    for name in chosen:
        make, softplus = runners[name]
        run, granularity, compilation = make(softplus)
        results[name] = peer_measurement.steps_per_second(run, ARGUMENTS.seconds, granularity)
        results[name]["compilationSeconds"] = compilation
    peer_measurement.report(ARGUMENTS, "jax", jax.__version__, results, START_BYTES)


main()
