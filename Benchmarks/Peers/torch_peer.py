"""Training steps per second of one workload in PyTorch on CPU (definitions: workloads.md).

Variants: `eager` (tape, gradients of V and K by autograd with the graph kept), `eager-by-hand` (those gradients
written out), `compiled` and `compiled-cpp` (torch.compile of the loss, gradients of V and K written out; the latter with
Inductor's C++ wrapper). For `kernel-table` those with the Gram matrix by one product, and by all differences
(`eager-differences`, `compiled-differences`). Adam is the fused one.
"""

import peer_measurement

ARGUMENTS = peer_measurement.parse_arguments(__doc__)

import torch  # noqa: E402  (after the thread limits)

import workload_inputs as inputs  # noqa: E402
import torch_workloads as workloads  # noqa: E402
from kernel_flow import squared_exponential_by_differences, squared_exponential_by_product  # noqa: E402

BATCHES = 16
START_BYTES = peer_measurement.resident_bytes()


def runner(loss_function):
    dtype = getattr(torch, ARGUMENTS.dtype)
    parameters = workloads.initial_parameters(ARGUMENTS.workload, dtype)
    adam = workloads.optimiser(parameters)
    pairs = [inputs.batch(ARGUMENTS.workload, step, ARGUMENTS.batch) for step in range(BATCHES)]
    batches = [tuple(torch.tensor(array, dtype=dtype) for array in pair) for pair in pairs]

    def run(count):
        for index in range(count):
            adam.zero_grad(set_to_none=True)
            loss = loss_function(parameters, *batches[index % BATCHES])
            loss.backward()
            adam.step()
        return loss.item()

    return run


def compiled(loss, **options):
    return torch.compile(loss, fullgraph=True, dynamic=False, **options)


def table_losses():
    product = workloads.table_loss(squared_exponential_by_product)
    differences = workloads.table_loss(squared_exponential_by_differences)
    return {
        "eager": lambda: product,
        "eager-differences": lambda: differences,
        "compiled": lambda: compiled(product),
        "compiled-differences": lambda: compiled(differences),
        "compiled-cpp": lambda: compiled(product, options={"cpp_wrapper": True}),
    }


def losses_of_networks():
    by_tape = workloads.loss_function(ARGUMENTS.workload, workloads.gradient_by_tape)
    by_hand = workloads.loss_function(ARGUMENTS.workload, workloads.gradient_by_hand)
    losses = {
        "eager": lambda: by_tape,
        "eager-by-hand": lambda: by_hand,
        "compiled": lambda: compiled(by_hand),
        "compiled-cpp": lambda: compiled(by_hand, options={"cpp_wrapper": True}),
    }
    if ARGUMENTS.workload.startswith("mlp"):
        del losses["eager-by-hand"]
    return losses


def main():
    torch.set_num_threads(ARGUMENTS.threads)
    torch.set_num_interop_threads(1)
    losses = table_losses() if ARGUMENTS.workload == "kernel-table" else losses_of_networks()
    chosen = ARGUMENTS.variants.split(",") if ARGUMENTS.variants else list(losses)
    results = {}
    for name in chosen:
        try:
            torch._dynamo.reset()
            results[name] = peer_measurement.steps_per_second(runner(losses[name]()), ARGUMENTS.seconds)
        except Exception as error:  # torch.compile needs a C++ compiler at run time
            results[name] = {"error": f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160]}"}
    peer_measurement.report(ARGUMENTS, "torch", torch.__version__, results, START_BYTES)


main()
