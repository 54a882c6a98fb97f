"""Writes torch_values.json: layers forwards and backwards, optimisers over 20 steps and schedules, from PyTorch in float64.

    python3 Packages/Autodiff/Tests/NeuralNetworksTests/Golden/make_torch_values.py

`layers`: `tensors` by the paths of the Swift layer, `input`, `output`, the gradients of sum(cotangent * output), whose
cotangent has element k equal to cos(k + 1), and `updated`, the buffers after a training pass. Arrays are {"shape", "values"}.
`optimizers`: the points after each step on f(x) = sum (1 - x_i)^2 + 5 (x_{i+1} - x_i^2)^2 from `start`.
`schedules`: the rate after 0, 1, 2, ... completed steps.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def wave(*shape, phase=0.0):
    k = np.arange(math.prod(shape), dtype=np.float64)
    return torch.tensor((np.sin(1.3 * k + phase) + 0.1 * np.cos(7.0 * k)).reshape(shape))


def encoded(tensor):
    array = tensor.detach().numpy()
    return {"shape": list(array.shape), "values": [float(v) for v in array.reshape(-1)]}


def layer_case(name, function, tensors, x, updated=None):
    """`function(tensors, x)` applies the layer; tensors of integers and buffers get no gradient."""
    leaves = {path: t.clone().requires_grad_(not path.startswith("running")) for path, t in tensors.items()}
    x = x.clone().requires_grad_(x.is_floating_point())
    y = function(leaves, x)
    cotangent = torch.cos(torch.arange(y.numel(), dtype=torch.float64) + 1).reshape(y.shape)
    (y * cotangent).sum().backward()
    case = {"name": name, "tensors": {p: encoded(t) for p, t in tensors.items()}, "input": encoded(x), "output": encoded(y)}
    case["gradients"] = {p: encoded(t.grad) for p, t in leaves.items() if t.grad is not None}
    if x.grad is not None:
        case["inputGradient"] = encoded(x.grad)
    if updated is not None:
        case["updated"] = {p: encoded(t) for p, t in updated.items()}
    return case


F = torch.nn.functional


def affine(tensors, path, x):
    return x @ tensors[f"{path}weight"] + tensors[f"{path}bias"]


def residual(tensors, x):
    h = affine(tensors, "input.", x)
    for block in range(2):
        inner = affine(tensors, f"blocks.{block}.first.", torch.tanh(h))
        h = h + affine(tensors, f"blocks.{block}.second.", torch.tanh(inner))
    return affine(tensors, "output.", torch.tanh(h))


def batch_norm_case(name, shape, training):
    channels = shape[1]
    tensors = {
        "scale": 1 + 0.3 * wave(channels), "shift": wave(channels, phase=1.0), "runningMean": 0.2 * wave(channels, phase=2.0),
        "runningVariance": 1.5 + wave(channels, phase=3.0)}
    mean, variance = tensors["runningMean"].clone(), tensors["runningVariance"].clone()
    x = wave(*shape, phase=0.4)
    F.batch_norm(x, mean, variance, training=training, momentum=0.1)
    function = lambda t, x: F.batch_norm(
        x, tensors["runningMean"].clone(), tensors["runningVariance"].clone(), t["scale"], t["shift"], training=training)
    return layer_case(name, function, tensors, x, {"runningMean": mean, "runningVariance": variance})


def layers():
    linear = {"weight": wave(3, 4), "bias": wave(4, phase=1.0)}
    norm = {"scale": 1 + 0.3 * wave(6), "shift": wave(6, phase=1.0)}
    blocks = {"input.weight": wave(2, 4), "input.bias": wave(4, phase=0.3)}
    for block in range(2):
        for index, part in enumerate(["first", "second"]):
            blocks[f"blocks.{block}.{part}.weight"] = 0.5 * wave(4, 4, phase=1.0 + block + 0.5 * index)
            blocks[f"blocks.{block}.{part}.bias"] = 0.5 * wave(4, phase=2.0 + block + 0.5 * index)
    blocks |= {"output.weight": wave(4, 3, phase=0.7), "output.bias": wave(3, phase=0.9)}
    omega = 100.0 ** (-torch.arange(3) / 3)
    waves = lambda phase: torch.cat([torch.sin(phase), torch.cos(phase)], dim=-1)
    return [
        layer_case("Linear", lambda t, x: affine(t, "", x), linear, wave(5, 3, phase=0.2)),
        layer_case("ResidualMLP", residual, blocks, wave(5, 2, phase=0.2)),
        layer_case("LayerNorm", lambda t, x: F.layer_norm(x, [6], t["scale"], t["shift"]), norm, wave(4, 6, phase=0.2)),
        layer_case("GroupNorm", lambda t, x: F.group_norm(x, 3, t["scale"], t["shift"]), norm, wave(2, 6, 2, 3, phase=0.2)),
        batch_norm_case("BatchNorm", [5, 3], False),
        batch_norm_case("BatchNorm images", [2, 3, 2, 2], False),
        batch_norm_case("BatchNorm training", [5, 3], True),
        batch_norm_case("BatchNorm training images", [2, 3, 2, 2], True),
        layer_case(
            "Embedding", lambda t, x: F.embedding(x, t["table"]), {"table": wave(5, 3)},
            torch.tensor([[1, 4], [0, 1]], dtype=torch.int32)),
        layer_case("SinusoidalFeatures", lambda t, x: waves(x[:, None] * omega), {}, wave(4)),
        layer_case(
            "FourierFeatures", lambda t, x: waves(2 * math.pi * x @ t["frequencies"].detach()), {"frequencies": wave(2, 3)},
            wave(4, 2, phase=0.2)),
    ]


START = [-0.7, 0.4, 1.2]


def objective(x):
    return ((1 - x[:-1]) ** 2 + 5 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def path_of(make, steps=20):
    x = torch.tensor(START, requires_grad=True)
    optimizer = make([x])

    def closure():
        optimizer.zero_grad()
        value = objective(x)
        value.backward()
        return value

    points = []
    for _ in range(steps):
        optimizer.step(closure)
        points.append([float(v) for v in x.detach()])
    return points


def optimizers():
    optim = torch.optim
    return {
        "gradient descent": path_of(lambda p: optim.SGD(p, lr=5e-3)),
        "momentum": path_of(lambda p: optim.SGD(p, lr=5e-3, momentum=0.8)),
        "Nesterov": path_of(lambda p: optim.SGD(p, lr=5e-3, momentum=0.8, nesterov=True)),
        "Adam": path_of(lambda p: optim.Adam(p, lr=0.05)),
        "AdamW": path_of(lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1)),
        "RMSProp": path_of(lambda p: optim.RMSprop(p, lr=0.02, alpha=0.9)),
        "RMSProp with momentum": path_of(lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5)),
        # One iteration for each call, so that every point is seen.
        "L-BFGS": path_of(
            lambda p: optim.LBFGS(
                p, max_iter=1, max_eval=26, history_size=4, line_search_fn="strong_wolfe", tolerance_grad=0, tolerance_change=0),
            steps=12),
    }


def rates_of(make, steps, rate):
    x = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=rate)
    schedule = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        schedule.step()
    return rates


def schedules():
    lr = torch.optim.lr_scheduler
    return {
        "cosine": rates_of(lambda o: lr.CosineAnnealingLR(o, T_max=12, eta_min=0.1), 13, 2.0),
        "step": rates_of(lambda o: lr.StepLR(o, step_size=4, gamma=0.5), 13, 2.0),
        "exponential": rates_of(lambda o: lr.ExponentialLR(o, gamma=0.9), 13, 2.0),
        "warm-up": rates_of(lambda o: lr.LinearLR(o, start_factor=0.2, total_iters=4), 13, 2.0),
        "one cycle": rates_of(lambda o: lr.OneCycleLR(o, max_lr=2.0, total_steps=30), 30, 2.0),
    }


if __name__ == "__main__":
    values = {"torch": torch.__version__.split("+")[0], "start": START}
    values |= {"layers": layers(), "optimizers": optimizers(), "schedules": schedules()}
    Path(__file__).with_name("torch_values.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
