"""Workload F of workloads.md in any library of arrays: a Ferumal flow (arXiv 2307.14839), its loss.

`library` has `exp`, `square`, `concatenate(list, axis)` and `columns(x, order)`, the columns of x in another order.
"""

import math

from workload_inputs import KEPT_COLUMNS, TABLE_COLUMNS


def squared_exponential_by_product(library, x, y):
    """exp(-|x_i - y_j|^2 / 2), [n, d] and [m, d] to [n, m]: one matrix product, -|x - y|^2/2 = x.y - |x|^2/2 - |y|^2/2."""
    half_x = 0.5 * library.square(x).sum(1)[:, None]
    half_y = 0.5 * library.square(y).sum(1)[None, :]
    return library.exp(x @ y.T - half_x - half_y)


def squared_exponential_by_differences(library, x, y):
    """The same from all differences."""
    return library.exp(-0.5 * library.square(x[:, None, :] - y[None, :, :]).sum(2))


def order(layer):
    """Which column of the layer's input comes first, second, ...: in turns a fixed shuffle and the reversal."""
    if layer % 2 == 1:
        return list(range(TABLE_COLUMNS))[::-1]
    return [(3 * column + layer) % TABLE_COLUMNS for column in range(TABLE_COLUMNS)]


def density_loss(library, gram, parameters, x, _):
    """-mean log-likelihood of the rows x, [batch, 10]."""
    log_determinant = 0.0
    for index, layer in enumerate(parameters["layers"]):
        x = (x + layer["bias"]) * library.exp(layer["logScale"])
        x = library.columns(x, order(index))
        kept, changed = x[:, :KEPT_COLUMNS], x[:, KEPT_COLUMNS:]
        scale = 1.0 / (1e-3 + library.exp(layer["logarithm"]))
        theta = gram(library, kept * scale, layer["points"] * scale) @ layer["coefficients"]
        log_scale, shift = theta[:, : TABLE_COLUMNS - KEPT_COLUMNS], theta[:, TABLE_COLUMNS - KEPT_COLUMNS :]
        x = library.concatenate([kept, library.exp(log_scale) * changed + shift], 1)
        log_determinant = log_determinant + layer["logScale"].sum() + log_scale.sum(1)
    last = parameters["last"]
    x = (x + last["bias"]) * library.exp(last["logScale"])
    log_determinant = log_determinant + last["logScale"].sum()
    log_normal = -0.5 * library.square(x).sum(1) - 0.5 * TABLE_COLUMNS * math.log(2.0 * math.pi)
    return -(log_normal + log_determinant).mean()
