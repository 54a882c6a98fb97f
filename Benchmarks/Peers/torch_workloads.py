"""The workloads of workloads.md in PyTorch: functions of nested dictionaries of tensors."""

import math
from functools import partial
from types import SimpleNamespace

import torch
from torch.nn.functional import silu, softplus

import workload_inputs as inputs
from kernel_flow import density_loss
from leapfrog import leapfrog


def multilayer_perceptron(layers, x):
    """[batch, in] -> [batch, out]; softplus between layers, none after the last."""
    for layer in layers[:-1]:
        x = softplus(torch.addmm(layer["bias"], x, layer["weight"]))
    return torch.addmm(layers[-1]["bias"], x, layers[-1]["weight"])


def gradient_by_tape(layers):
    """Gradient of the row's scalar energy by autograd with the graph kept, [batch, d] -> [batch, d]."""

    def gradient(x):
        if not x.requires_grad:
            x = x.detach().requires_grad_()
        energy = multilayer_perceptron(layers, x).sum()
        return torch.autograd.grad(energy, x, create_graph=True)[0]

    return gradient


def gradient_by_hand(layers):
    """The same gradient written out: torch.compile cannot differentiate twice through its own backward pass."""

    def gradient(x):
        slopes = []
        for layer in layers[:-1]:
            x = torch.addmm(layer["bias"], x, layer["weight"])
            slopes.append(torch.sigmoid(x))
            x = softplus(x)
        g = layers[-1]["weight"].T.expand(x.shape[0], -1)
        for layer, slope in zip(reversed(layers[:-1]), reversed(slopes)):
            g = (g * slope) @ layer["weight"].T
        return g

    return gradient


def regression_loss(parameters, x, y):
    return torch.mean(torch.square(multilayer_perceptron(parameters["layers"], x) - y))


def denoising_loss(parameters, image, noise):
    """Mean squared error of the noise predicted from the noisy image; SiLU between layers."""
    x = image + inputs.NOISE_SCALE * noise
    for layer in parameters["layers"][:-1]:
        x = silu(torch.addmm(layer["bias"], x, layer["weight"]))
    last = parameters["layers"][-1]
    return torch.mean(torch.square(torch.addmm(last["bias"], x, last["weight"]) - noise))


def flow_loss(gradient_of_energy, steps):
    """-mean ELBO; `gradient_of_energy` is `gradient_by_tape` or `gradient_by_hand`."""

    def loss(parameters, data, noise):
        encoder = parameters["encoder"]
        mean = multilayer_perceptron(encoder["mean"]["layers"], data)
        log_deviation = multilayer_perceptron(encoder["logStandardDeviation"]["layers"], data)
        momentum = mean + torch.exp(log_deviation) * noise
        kinetic = parameters["kinetic"]
        if "scale" in kinetic:
            velocity = lambda p: torch.square(kinetic["scale"]) * p  # noqa: E731
        else:
            velocity = gradient_of_energy(kinetic["layers"])
        q, p = leapfrog(
            gradient_of_energy(parameters["potential"]["layers"]),
            velocity,
            data,
            momentum,
            -inputs.INTEGRATION_TIME / steps,
            steps,
        )
        log_two_pi = math.log(2.0 * math.pi)
        log_prior = torch.sum(-0.5 * (torch.square(q) + torch.square(p)) - log_two_pi, dim=1)
        minus_log_encoder = torch.sum(log_deviation + 0.5 * torch.square(noise) + 0.5 * log_two_pi, dim=1)
        return -torch.mean(log_prior + minus_log_encoder)

    return loss


LIBRARY = SimpleNamespace(
    exp=torch.exp, square=torch.square, concatenate=torch.cat, columns=lambda x, order: x[:, torch.tensor(order)]
)


def table_loss(gram):
    """The loss of the kernel flow with this form of the Gram matrix."""
    return partial(density_loss, LIBRARY, gram)


def loss_function(workload, gradient_of_energy):
    if workload in inputs.LEAPFROG_STEPS:
        return flow_loss(gradient_of_energy, inputs.LEAPFROG_STEPS[workload])
    return regression_loss if workload == "mlp-regression" else denoising_loss


def initial_parameters(workload, dtype):
    """Nested dictionary of leaf tensors that require gradients."""

    def convert(tree):
        if isinstance(tree, dict):
            return {name: convert(child) for name, child in tree.items()}
        if isinstance(tree, list):
            return [convert(child) for child in tree]
        return torch.tensor(tree, dtype=dtype).requires_grad_()

    return convert(inputs.initial_parameters(workload))


def optimiser(parameters):
    leaves = [leaf for _, leaf in inputs.flattened(parameters)]
    return torch.optim.Adam(
        leaves, lr=inputs.LEARNING_RATE, betas=(inputs.BETA1, inputs.BETA2), eps=inputs.EPSILON, fused=True
    )
