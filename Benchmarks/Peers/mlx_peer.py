"""Training steps per second of one workload in MLX on CPU (definitions: workloads.md).

Variants: `eager` (the graph is built anew at every step) and `compiled` (mx.compile of the whole step).
"""

import peer_measurement

ARGUMENTS = peer_measurement.parse_arguments(__doc__)

import mlx.core as mx  # noqa: E402  (after the thread limits)

import mlx_workloads as workloads  # noqa: E402
import workload_inputs as inputs  # noqa: E402

BATCHES = 16
START_BYTES = peer_measurement.resident_bytes()


def runner(transform):
    dtype = getattr(mx, ARGUMENTS.dtype)
    step = transform(workloads.training_step(ARGUMENTS.workload))
    holder = [workloads.initial_state(ARGUMENTS.workload, dtype)]
    pairs = [inputs.batch(ARGUMENTS.workload, step, ARGUMENTS.batch) for step in range(BATCHES)]
    batches = [tuple(mx.array(array, dtype=dtype) for array in pair) for pair in pairs]

    def run(count):
        state = holder[0]
        for index in range(count):
            state, loss = step(state, *batches[index % BATCHES])
            mx.eval(state, loss)
        holder[0] = state

    return run


def main():
    mx.set_default_device(mx.cpu)
    transforms = {"eager": lambda step: step, "compiled": mx.compile}
    chosen = ARGUMENTS.variants.split(",") if ARGUMENTS.variants else list(transforms)
    results = {}
    for name in chosen:
        try:
            results[name] = peer_measurement.steps_per_second(runner(transforms[name]), ARGUMENTS.seconds)
        except Exception as error:  # mx.compile needs a C++ compiler at run time
            results[name] = {"error": f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160]}"}
    peer_measurement.report(ARGUMENTS, "mlx", mx.__version__, results, START_BYTES)


main()
