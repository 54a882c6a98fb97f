"""Writes jax_losses.json: losses of the benchmark workloads in JAX, float64, over their first training steps.

    python3 Tests/Golden/make_jax_losses.py

The workloads, the initial weights, the batches and the noise are defined in Benchmarks/Peers/workloads.md.
PyTorch, where installed, runs the same steps, and the file records by how much the two differ.
"""

import json
import platform
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "Benchmarks" / "Peers"))

import jax  # noqa: E402

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import jax_workloads  # noqa: E402
import workload_inputs as inputs  # noqa: E402

# Rows of a batch and training steps; the large workloads are cut short.
ROWS = {"mlp-denoiser": 16, "nhf-digits": 32}
STEPS = {"mlp-denoiser": 5, "nhf-digits": 10, "kernel-table": 20}
KEPT = (0, 1, 2, 5, 10, 20, 50, 100)


def rows_and_steps(workload):
    return ROWS.get(workload, inputs.batch_size(workload)), STEPS.get(workload, 100)


def by_path(tree, function):
    return {path: float(function(np.asarray(leaf))) for path, leaf in inputs.flattened(tree)}


def euclidean_norm(array):
    return np.sqrt(np.sum(np.square(array)))


def jax_record(workload):
    loss = jax_workloads.loss_function(workload)
    step = jax.jit(jax_workloads.training_step(workload))
    state = jax_workloads.initial_state(workload, jnp.float64)
    rows, steps = rows_and_steps(workload)
    first = tuple(jnp.asarray(array) for array in inputs.batch(workload, 0, rows))
    gradient = jax.jit(jax.grad(loss))(state[0], *first)
    losses = []
    for index in range(steps):
        state, value = step(state, *(jnp.asarray(array) for array in inputs.batch(workload, index, rows)))
        losses.append(float(value))
    last = (jnp.asarray(array) for array in inputs.batch(workload, steps, rows))
    losses.append(float(jax.jit(loss)(state[0], *last)))
    record = {
        "rows": rows,
        "loss": {str(index): losses[index] for index in KEPT if index <= steps},
        "gradientNormAtStep0": by_path(gradient, euclidean_norm),
        "firstGradientElementAtStep0": by_path(gradient, lambda array: array.reshape(-1)[0]),
        "parameterNormAfterLastStep": by_path(state[0], euclidean_norm),
        "parameterCount": int(sum(leaf.size for _, leaf in inputs.flattened(state[0]))),
    }
    return record, losses


def torch_losses(workload):
    import torch

    import torch_workloads

    parameters = torch_workloads.initial_parameters(workload, torch.float64)
    adam = torch_workloads.optimiser(parameters)
    from kernel_flow import squared_exponential_by_product

    table_loss = torch_workloads.table_loss(squared_exponential_by_product)
    by_hand = torch_workloads.gradient_by_hand
    loss_function = table_loss if workload == "kernel-table" else torch_workloads.loss_function(workload, by_hand)
    losses = []
    rows, steps = rows_and_steps(workload)
    for index in range(steps + 1):
        adam.zero_grad()
        pair = (torch.tensor(array, dtype=torch.float64) for array in inputs.batch(workload, index, rows))
        loss = loss_function(parameters, *pair)
        losses.append(loss.item())
        loss.backward()
        adam.step()
    return losses


def main():
    document = {
        "madeBy": "Tests/Golden/make_jax_losses.py",
        "definitions": "Benchmarks/Peers/workloads.md",
        "dtype": "float64",
        "meaning": "loss[t] is the loss of step t, before its update, on batch t; t = 0 is the first step",
        "versions": {"python": platform.python_version(), "jax": jax.__version__, "numpy": np.__version__},
        "spotValues": {
            "bits(10000, 0...2)": [f"0x{int(bits):016x}" for bits in inputs.random_bits(10_000, 3)],
            "uniform(10000, 0...2)": inputs.uniforms(10_000, 3).tolist(),
            "normal(10000, 0...2)": inputs.normals(10_000, (3,)).tolist(),
            "nhf-gmm2d data of step 1, rows 0 and 1": inputs.batch("nhf-gmm2d", 1)[0][:2].tolist(),
        },
        "workloads": {},
    }
    for workload in inputs.WORKLOADS:
        record, losses = jax_record(workload)
        try:
            others = torch_losses(workload)
            differences = [abs(a - b) / abs(a) for a, b in zip(losses, others)]
            record["largestRelativeDifferenceFromPyTorch"] = max(differences)
        except ImportError:
            pass
        document["workloads"][workload] = record
        print(workload, record["loss"], record.get("largestRelativeDifferenceFromPyTorch"))
    (HERE / "jax_losses.json").write_text(json.dumps(document, indent=1) + "\n")


main()
