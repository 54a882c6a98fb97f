"""Checks reference_flow.py itself: hand-written gradients, reversal, the HDF5 round trip, and JAX where installed.

    python3 Tests/Interop/check_reference_flow.py
"""

import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "Benchmarks" / "Peers")]

import h5py  # noqa: E402
import numpy as np  # noqa: E402

import reference_flow  # noqa: E402
import workload_inputs as inputs  # noqa: E402

STEPS = 5  # of both workloads that are checked
RECIPE = {"model": {"integrationTime": inputs.INTEGRATION_TIME, "leapfrogSteps": STEPS}}


def flow_of(workload):
    parameters = dict(inputs.flattened(inputs.initial_parameters(workload)))
    return parameters, reference_flow.flow_from(parameters, RECIPE)


def check_gradient(flow):
    x = inputs.normals(7, (5, 2))
    gradient = flow.potential.gradient(x)
    for axis in range(2):
        shift = np.eye(2)[axis] * 1e-6
        numerical = (flow.potential(x + shift) - flow.potential(x - shift))[:, 0] / 2e-6
        assert np.max(np.abs(numerical - gradient[:, axis])) < 1e-8


def check_reversal(flow):
    start = inputs.normals(8, (64, 2)), inputs.normals(9, (64, 2))
    back = flow.transport(*flow.transport(*start), direction=-1.0)
    assert max(np.max(np.abs(a - b)) for a, b in zip(start, back)) < 1e-13


def check_masses():
    p = inputs.normals(10, (6, 2))
    factor = np.array([[1.5, 0.0], [-0.4, 0.8]])
    scale = np.array([1.5, 0.8])
    energy = lambda q, matrix: 0.5 * np.einsum("bi,ij,bj->b", q, matrix, q)  # noqa: E731
    masses = {
        "factor": (reference_flow.FixedKineticEnergy(factor=factor), factor.T @ factor),
        "scale": (reference_flow.FixedKineticEnergy(scale=scale), np.diag(scale**2)),
    }
    for kinetic, matrix in masses.values():
        for axis in range(2):
            shift = np.eye(2)[axis] * 1e-6
            numerical = (energy(p + shift, matrix) - energy(p - shift, matrix)) / 2e-6
            assert np.max(np.abs(numerical - kinetic.gradient(p)[:, axis])) < 1e-8


def check_file(parameters, flow, axes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.h5"
        with h5py.File(path, "w") as file:
            file.attrs.update({"format": "hamiltonian-flows", "format_version": "1.0", "kind": "checkpoint"})
            file["recipe"] = json.dumps(RECIPE)
            for name, array in parameters.items():
                if name.endswith(".weight"):
                    file[f"model/{name}"] = array.T if axes == "out,in" else array
                    file[f"model/{name}"].attrs["axes"] = axes
                else:
                    file[f"model/{name}"] = array
        read = reference_flow.read_checkpoint(path)
        prior = inputs.normals(8, (16, 2)), inputs.normals(9, (16, 2))
        data = flow.transport(*prior)
        points = {
            "prior.position": prior[0],
            "prior.momentum": prior[1],
            "data.position": data[0],
            "data.momentum": data[1],
            "encoder.mean": flow.mean(data[0]),
            "encoder.logStandardDeviation": flow.log_standard_deviation(data[0]),
        }
        found = reference_flow.differences(read, points)
        assert max(found.values()) < 1e-13, found
        points["data.position"] = data[0] + 1e-9
        assert max(reference_flow.differences(read, points).values()) > 1e-10


def check_against_jax(workload, flow):
    try:
        import jax
    except ImportError:
        print("not compared with JAX, which is not installed")
        return
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    import jax_workloads

    parameters = jax_workloads.initial_state(workload, "float64")[0]
    q, p = inputs.normals(8, (64, 2)), inputs.normals(9, (64, 2))
    for direction in (1.0, -1.0):
        expected = jax_workloads.leapfrog(
            jax_workloads.gradient_of_energy(parameters["potential"]["layers"]),
            jax_workloads.velocity_of(parameters["kinetic"]),
            q,
            p,
            direction * inputs.INTEGRATION_TIME / STEPS,
            STEPS,
        )
        found = flow.transport(q, p, direction)
        error = max(reference_flow.relative_difference(a, np.asarray(b)) for a, b in zip(found, expected))
        assert error < 1e-13, error
        print(f"{workload}, direction {direction:+.0f}: differs from JAX by {error:.1e}")


def main():
    check_masses()
    for workload in ("nhf-gmm2d", "nhf-gmm2d-learned"):
        assert inputs.LEAPFROG_STEPS[workload] == STEPS
        parameters, flow = flow_of(workload)
        check_gradient(flow)
        check_reversal(flow)
        check_file(parameters, flow, "in,out")
        check_file(parameters, flow, "out,in")
        check_against_jax(workload, flow)
    print("reference flow: all checks passed")


main()
