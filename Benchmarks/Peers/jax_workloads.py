"""The workloads of workloads.md in JAX: losses, Adam, one training step. Pure functions over nested dictionaries."""

import math
from functools import partial
from types import SimpleNamespace

import jax
import jax.numpy as jnp

import workload_inputs as inputs
from kernel_flow import density_loss, squared_exponential_by_product
from leapfrog import leapfrog


@jax.custom_jvp
def softplus_with_rule(x):
    """log(1 + e^x) whose derivative is stated as the sigmoid: less work than the derived rule of jax.nn.softplus."""
    return jnp.maximum(x, 0.0) + jnp.log1p(jnp.exp(-jnp.abs(x)))


softplus_with_rule.defjvps(lambda tangent, value, x: tangent * jax.nn.sigmoid(x))


def multilayer_perceptron(layers, x, softplus=jax.nn.softplus):
    """[batch, in] -> [batch, out]; softplus between layers, none after the last."""
    for layer in layers[:-1]:
        x = softplus(x @ layer["weight"] + layer["bias"])
    return x @ layers[-1]["weight"] + layers[-1]["bias"]


def gradient_of_energy(layers, softplus=jax.nn.softplus):
    """x [batch, d] -> gradient of the row's scalar energy, [batch, d]."""
    return jax.grad(lambda x: jnp.sum(multilayer_perceptron(layers, x, softplus)))


def velocity_of(kinetic, softplus=jax.nn.softplus):
    """Gradient of the kinetic energy: scale^2 p for the fixed form, the network's gradient for the learned one."""
    if "scale" in kinetic:
        return lambda p: jnp.square(kinetic["scale"]) * p
    return gradient_of_energy(kinetic["layers"], softplus)


def regression_loss(parameters, x, y, softplus=jax.nn.softplus):
    return jnp.mean(jnp.square(multilayer_perceptron(parameters["layers"], x, softplus) - y))


def denoising_loss(parameters, image, noise, softplus=None):
    """Mean squared error of the noise predicted from the noisy image; SiLU between layers."""
    x = image + inputs.NOISE_SCALE * noise
    for layer in parameters["layers"][:-1]:
        x = jax.nn.silu(x @ layer["weight"] + layer["bias"])
    last = parameters["layers"][-1]
    return jnp.mean(jnp.square(x @ last["weight"] + last["bias"] - noise))


def flow_loss(parameters, data, noise, steps, softplus=jax.nn.softplus):
    """-mean ELBO of a neural Hamiltonian flow with standard normal priors (arXiv 2302.01955)."""
    encoder = parameters["encoder"]
    mean = multilayer_perceptron(encoder["mean"]["layers"], data, softplus)
    log_deviation = multilayer_perceptron(encoder["logStandardDeviation"]["layers"], data, softplus)
    momentum = mean + jnp.exp(log_deviation) * noise
    time_step = -inputs.INTEGRATION_TIME / steps
    q, p = leapfrog(
        gradient_of_energy(parameters["potential"]["layers"], softplus),
        velocity_of(parameters["kinetic"], softplus),
        data,
        momentum,
        time_step,
        steps,
    )
    log_two_pi = math.log(2.0 * math.pi)
    log_prior = jnp.sum(-0.5 * (jnp.square(q) + jnp.square(p)) - log_two_pi, axis=1)
    minus_log_encoder = jnp.sum(log_deviation + 0.5 * jnp.square(noise) + 0.5 * log_two_pi, axis=1)
    return -jnp.mean(log_prior + minus_log_encoder)


LIBRARY = SimpleNamespace(
    exp=jnp.exp, square=jnp.square, concatenate=jnp.concatenate, columns=lambda x, order: x[:, jnp.array(order)]
)


def table_loss(parameters, x, unused, softplus=squared_exponential_by_product):
    """The loss of the kernel flow; what the other workloads choose softplus by chooses the form of the Gram matrix here."""
    gram = squared_exponential_by_product if softplus is jax.nn.softplus else softplus
    return density_loss(LIBRARY, gram, parameters, x, unused)


def loss_function(workload):
    if workload == "kernel-table":
        return table_loss
    if workload in inputs.LEAPFROG_STEPS:
        return partial(flow_loss, steps=inputs.LEAPFROG_STEPS[workload])
    return regression_loss if workload == "mlp-regression" else denoising_loss


def initial_state(workload, dtype):
    """(parameters, first moment, second moment, completed steps)."""
    parameters = jax.tree.map(lambda a: jnp.array(a, dtype), inputs.initial_parameters(workload))
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    return parameters, zeros, jax.tree.map(jnp.zeros_like, parameters), jnp.zeros((), dtype)


def training_step(workload, softplus=jax.nn.softplus):
    """(state, a, b) -> (state, loss): one full step of Adam."""
    loss = partial(loss_function(workload), softplus=softplus)

    def step(state, a, b):
        parameters, first, second, count = state
        value, gradient = jax.value_and_grad(loss)(parameters, a, b)
        count = count + 1
        first = jax.tree.map(lambda m, g: inputs.BETA1 * m + (1 - inputs.BETA1) * g, first, gradient)
        second = jax.tree.map(lambda v, g: inputs.BETA2 * v + (1 - inputs.BETA2) * g * g, second, gradient)
        correction1 = 1 - inputs.BETA1**count
        correction2 = 1 - inputs.BETA2**count
        parameters = jax.tree.map(
            lambda w, m, v: w
            - inputs.LEARNING_RATE * (m / correction1) / (jnp.sqrt(v / correction2) + inputs.EPSILON),
            parameters,
            first,
            second,
        )
        return (parameters, first, second, count), value

    return step
