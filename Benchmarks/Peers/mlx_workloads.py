"""The workloads of workloads.md in MLX: losses, Adam, one training step over nested dictionaries of arrays."""

import math
from functools import partial
from types import SimpleNamespace

import mlx.core as mx
from mlx.utils import tree_map

import workload_inputs as inputs
from kernel_flow import density_loss, squared_exponential_by_product
from leapfrog import leapfrog


def softplus(x):
    return mx.logaddexp(x, mx.array(0.0, x.dtype))


def multilayer_perceptron(layers, x):
    """[batch, in] -> [batch, out]; softplus between layers, none after the last."""
    for layer in layers[:-1]:
        x = softplus(mx.addmm(layer["bias"], x, layer["weight"]))
    return mx.addmm(layers[-1]["bias"], x, layers[-1]["weight"])


def gradient_of_energy(layers):
    """x [batch, d] -> gradient of the row's scalar energy, [batch, d]."""
    return mx.grad(lambda x: mx.sum(multilayer_perceptron(layers, x)))


def regression_loss(parameters, x, y):
    return mx.mean(mx.square(multilayer_perceptron(parameters["layers"], x) - y))


def denoising_loss(parameters, image, noise):
    """Mean squared error of the noise predicted from the noisy image; SiLU between layers."""
    x = image + inputs.NOISE_SCALE * noise
    for layer in parameters["layers"][:-1]:
        x = mx.addmm(layer["bias"], x, layer["weight"])
        x = x * mx.sigmoid(x)
    last = parameters["layers"][-1]
    return mx.mean(mx.square(mx.addmm(last["bias"], x, last["weight"]) - noise))


def flow_loss(parameters, data, noise, steps):
    """-mean ELBO of a neural Hamiltonian flow with standard normal priors (arXiv 2302.01955)."""
    encoder = parameters["encoder"]
    mean = multilayer_perceptron(encoder["mean"]["layers"], data)
    log_deviation = multilayer_perceptron(encoder["logStandardDeviation"]["layers"], data)
    momentum = mean + mx.exp(log_deviation) * noise
    kinetic = parameters["kinetic"]
    if "scale" in kinetic:
        velocity = lambda p: mx.square(kinetic["scale"]) * p  # noqa: E731
    else:
        velocity = gradient_of_energy(kinetic["layers"])
    q, p = leapfrog(
        gradient_of_energy(parameters["potential"]["layers"]), velocity, data, momentum, -inputs.INTEGRATION_TIME / steps, steps
    )
    log_two_pi = math.log(2.0 * math.pi)
    log_prior = mx.sum(-0.5 * (mx.square(q) + mx.square(p)) - log_two_pi, axis=1)
    minus_log_encoder = mx.sum(log_deviation + 0.5 * mx.square(noise) + 0.5 * log_two_pi, axis=1)
    return -mx.mean(log_prior + minus_log_encoder)


LIBRARY = SimpleNamespace(
    exp=mx.exp, square=mx.square, concatenate=mx.concatenate, columns=lambda x, order: mx.take(x, mx.array(order), axis=1)
)


def loss_function(workload):
    if workload == "kernel-table":
        return partial(density_loss, LIBRARY, squared_exponential_by_product)
    if workload in inputs.LEAPFROG_STEPS:
        return partial(flow_loss, steps=inputs.LEAPFROG_STEPS[workload])
    return regression_loss if workload == "mlp-regression" else denoising_loss


def initial_state(workload, dtype):
    """(parameters, first moment, second moment, completed steps)."""

    def convert(tree):
        if isinstance(tree, dict):
            return {name: convert(child) for name, child in tree.items()}
        if isinstance(tree, list):
            return [convert(child) for child in tree]
        return mx.array(tree, dtype=dtype)

    parameters = convert(inputs.initial_parameters(workload))
    return [parameters, tree_map(mx.zeros_like, parameters), tree_map(mx.zeros_like, parameters), mx.zeros((), dtype)]


def training_step(workload):
    """(state, a, b) -> (state, loss): one full step of Adam."""
    value_and_gradient = mx.value_and_grad(loss_function(workload))

    def step(state, a, b):
        parameters, first, second, count = state
        value, gradient = value_and_gradient(parameters, a, b)
        count = count + 1
        first = tree_map(lambda m, g: inputs.BETA1 * m + (1 - inputs.BETA1) * g, first, gradient)
        second = tree_map(lambda v, g: inputs.BETA2 * v + (1 - inputs.BETA2) * g * g, second, gradient)
        correction1 = 1 - mx.power(mx.array(inputs.BETA1, count.dtype), count)
        correction2 = 1 - mx.power(mx.array(inputs.BETA2, count.dtype), count)
        parameters = tree_map(
            lambda w, m, v: w
            - inputs.LEARNING_RATE * (m / correction1) / (mx.sqrt(v / correction2) + inputs.EPSILON),
            parameters,
            first,
            second,
        )
        return [parameters, first, second, count], value

    return step
