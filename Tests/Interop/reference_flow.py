"""Rebuilds a neural Hamiltonian flow from a checkpoint file (FORMAT.md) alone, in NumPy, and compares it with points.

    python3 Tests/Interop/reference_flow.py CHECKPOINT.h5 POINTS.h5 [--tolerance 1e-12] [--averaged]

POINTS.h5 holds what the Swift side computed, [points, features] each: `prior/position`, `prior/momentum`,
`data/position`, `data/momentum` (the same points before and after the flow), and optionally `encoder/mean` and
`encoder/logStandardDeviation` at `data/position`, and `data/parameters`, the physical parameters there. The script transports the prior points forward and the data points
backward, in float64 whatever the file's precision, prints the largest differences relative to 1 + |value|, and exits
with 1 when one exceeds the tolerance. Gradients are written out by hand: nothing here comes from an autodiff library.
"""

import argparse
import json
import sys

import h5py
import numpy as np

DEFAULT_WEIGHT_AXES = "in,out"  # of a weight without the attribute `axes`


def softplus(x):
    """log(1 + exp x) without overflow."""
    return np.logaddexp(0.0, x)


def sigmoid(x):
    return 0.5 * (1.0 + np.tanh(0.5 * x))


class MultilayerPerceptron:
    """x W1 + b1, softplus, ..., x Wn + bn, with weights [in, out]."""

    def __init__(self, layers):
        self.layers = layers

    def __call__(self, x):
        for weight, bias in self.layers[:-1]:
            x = softplus(x @ weight + bias)
        weight, bias = self.layers[-1]
        return x @ weight + bias

    def gradient(self, x):
        """Gradient of the single output with respect to x, [batch, in]."""
        slopes = []
        for weight, bias in self.layers[:-1]:
            x = x @ weight + bias
            slopes.append(sigmoid(x))
            x = softplus(x)
        gradient = np.broadcast_to(self.layers[-1][0][:, 0], x.shape)
        for (weight, _), slope in zip(reversed(self.layers[:-1]), reversed(slopes)):
            gradient = (gradient * slope) @ weight.T
        return gradient


class FixedKineticEnergy:
    """K(p) = 1/2 p^T M^-1 p; M^-1 is scale^2 (scalar or per feature) or factor^T factor."""

    def __init__(self, scale=None, factor=None):
        self.scale = scale
        self.factor = factor

    def gradient(self, p):
        if self.factor is not None:
            return p @ (self.factor.T @ self.factor)
        return np.square(self.scale) * p


class HamiltonianFlow:
    """Prior to data over `time` in `steps` leapfrog steps, kick-drift-kick."""

    def __init__(self, potential, kinetic, mean, log_standard_deviation, time, steps, coordinates=None):
        self.potential = potential
        self.kinetic = kinetic
        self.mean = mean
        self.log_standard_deviation = log_standard_deviation
        self.coordinates = coordinates
        self.time_step = time / steps
        self.steps = steps

    def transport(self, position, momentum, direction=1.0):
        """(position, momentum) carried from prior to data (direction 1) or from data to prior (direction -1)."""
        step = direction * self.time_step
        for _ in range(self.steps):
            momentum = momentum - 0.5 * step * self.potential.gradient(position)
            position = position + step * self.kinetic.gradient(momentum)
            momentum = momentum - 0.5 * step * self.potential.gradient(position)
        return position, momentum


class Coordinates:
    """From the flow's coordinates to parameters: lower + (upper - lower) sigmoid(shift + L x), L the lower triangle of factor."""

    def __init__(self, parameters):
        self.shift = parameters["coordinates.first.shift"]
        self.factor = np.tril(parameters["coordinates.first.factor"])
        self.lower = parameters["coordinates.second.lower"]
        self.upper = parameters["coordinates.second.upper"]

    def __call__(self, x):
        return self.lower + (self.upper - self.lower) * sigmoid(self.shift + x @ self.factor.T)


def parameters_of(group):
    """Path with dots -> float64 array, for every dataset below the group; weights come out as [in, out]."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            path = name.replace("/", ".")
            found[path] = item[()].astype(np.float64)
            axes = item.attrs.get("axes", DEFAULT_WEIGHT_AXES)
            if path.endswith(".weight") and axes == "out,in":
                found[path] = found[path].T

    group.visititems(visit)
    return found


def perceptron(parameters, path):
    layers = []
    while f"{path}.layers.{len(layers)}.weight" in parameters:
        prefix = f"{path}.layers.{len(layers)}"
        layers.append((parameters[f"{prefix}.weight"], parameters[f"{prefix}.bias"]))
    if not layers:
        raise SystemExit(f"no layers under {path}; the file has {', '.join(sorted(parameters))}")
    return MultilayerPerceptron(layers)


def kinetic_energy(parameters):
    if "kinetic.layers.0.weight" in parameters:
        return perceptron(parameters, "kinetic")
    if "kinetic.factor" in parameters:
        return FixedKineticEnergy(factor=np.tril(parameters["kinetic.factor"]))
    return FixedKineticEnergy(scale=parameters["kinetic.scale"])


def flow_from(parameters, recipe):
    settings = recipe["model"]
    return HamiltonianFlow(
        potential=perceptron(parameters, "potential"),
        kinetic=kinetic_energy(parameters),
        mean=perceptron(parameters, "encoder.mean"),
        log_standard_deviation=perceptron(parameters, "encoder.logStandardDeviation"),
        time=float(settings["integrationTime"]),
        steps=int(settings["leapfrogSteps"]),
        coordinates=Coordinates(parameters) if "coordinates.first.shift" in parameters else None,
    )


def read_checkpoint(path, averaged=False):
    """The flow of /model, or with `averaged` of the moving averages in /ema where they exist."""
    with h5py.File(path, "r") as file:
        if file.attrs["format"] != "hamiltonian-flows" or file.attrs["kind"] != "checkpoint":
            raise SystemExit(f"{path} is not a checkpoint")
        parameters = parameters_of(file["model"])
        if averaged:
            parameters.update(parameters_of(file["ema"]))
        return flow_from(parameters, json.loads(file["recipe"].asstr()[()]))


def relative_difference(found, expected):
    return float(np.max(np.abs(found - expected) / (1.0 + np.abs(expected))))


def differences(flow, points):
    """Name -> largest difference between what the flow gives here and what the points file says."""
    prior = points["prior.position"], points["prior.momentum"]
    data = points["data.position"], points["data.momentum"]
    forward = flow.transport(*prior)
    backward = flow.transport(*data, direction=-1.0)
    result = {
        "data position": relative_difference(forward[0], data[0]),
        "data momentum": relative_difference(forward[1], data[1]),
        "prior position": relative_difference(backward[0], prior[0]),
        "prior momentum": relative_difference(backward[1], prior[1]),
    }
    if "encoder.mean" in points:
        result["encoder mean"] = relative_difference(flow.mean(data[0]), points["encoder.mean"])
        logarithm = flow.log_standard_deviation(data[0])
        result["encoder log deviation"] = relative_difference(logarithm, points["encoder.logStandardDeviation"])
    if "data.parameters" in points:
        result["parameters"] = relative_difference(flow.coordinates(data[0]), points["data.parameters"])
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("points")
    parser.add_argument("--tolerance", type=float, default=1e-12)
    parser.add_argument("--averaged", action="store_true", help="take the moving averages in /ema")
    arguments = parser.parse_args()
    flow = read_checkpoint(arguments.checkpoint, arguments.averaged)
    with h5py.File(arguments.points, "r") as file:
        points = parameters_of(file)
    found = differences(flow, points)
    for name, value in found.items():
        print(f"{name:22s} {value:.3e}")
    if not max(found.values()) <= arguments.tolerance:
        sys.exit(f"differences exceed the tolerance {arguments.tolerance:g}")


if __name__ == "__main__":
    main()
