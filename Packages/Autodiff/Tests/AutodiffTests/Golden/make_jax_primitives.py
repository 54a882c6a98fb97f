"""Writes jax_primitives.json: inputs, outputs and pullbacks of tensor primitives, and random bits, from JAX on CPU.

    python3 Packages/Autodiff/Tests/AutodiffTests/Golden/make_jax_primitives.py

A case: `name`, `operation`, `attributes` (axes and such), `inputs` and `output`, each {"shape", "values"} in
row-major order, float64 unless "dtype" says otherwise ("float32", "int32", "bool"). Values that JSON lacks are the
strings "nan", "inf", "-inf", and "-0". Where the operation is differentiable, `cotangent` (element k is cos(k + 1)) and
`pullbacks`, one per input (null for an input that is not differentiated).
`convention` names a choice that is JAX's and that another library may make otherwise.
"""

import json
import math
import platform
from pathlib import Path

import jax

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)
jax.config.update("jax_threefry_partitionable", True)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax.scipy import special  # noqa: E402
from jax.scipy.special import logsumexp  # noqa: E402

INF = math.inf
NAN = math.nan
CASES = []

SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN]
SMOOTH = [-30.0, -4.5, -1.0, -1e-3, -1e-9, 1e-9, 1e-3, 0.5, 1.0, 3.25, 30.0]
POSITIVE = [1e-300, 1e-9, 0.25, 1.0, 1.0 + 1e-9, 2.0, 7.5, 1e9, 1e300]


def wave(*shape, phase=0.0):
    """A smooth array without ties: element k is sin(1.3 k + phase) + 0.1 cos(7 k)."""
    k = np.arange(math.prod(shape), dtype=np.float64)
    return (np.sin(1.3 * k + phase) + 0.1 * np.cos(7.0 * k)).reshape(shape)


def encoded_value(value):
    if isinstance(value, (bool, int)):
        return value
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0 and math.copysign(1.0, value) < 0:
        return "-0"
    return value


def encoded(array):
    array = np.asarray(array)
    record = {"shape": list(array.shape), "values": [encoded_value(v) for v in array.reshape(-1).tolist()]}
    if array.dtype != np.float64:
        record["dtype"] = str(array.dtype)
    return record


def case(name, operation, function, *arrays, attributes=None, differentiate=True, convention=None):
    arrays = [np.asarray(a, dtype=np.float64) if not isinstance(a, np.ndarray) else a for a in arrays]
    output = function(*[jnp.asarray(a) for a in arrays])
    record = {
        "name": name,
        "operation": operation,
        "attributes": attributes or {},
        "inputs": [encoded(a) for a in arrays],
        "output": encoded(output),
    }
    floating = (np.float32, np.float64)
    real = [index for index, a in enumerate(arrays) if a.dtype in floating]
    if differentiate and real and output.dtype in floating:
        cotangent = np.cos(np.arange(output.size) + 1.0).reshape(output.shape).astype(output.dtype)

        def of_real(*values):
            full = [jnp.asarray(a) for a in arrays]
            for index, value in zip(real, values):
                full[index] = value
            return function(*full)

        pulled = jax.vjp(of_real, *[jnp.asarray(arrays[index]) for index in real])[1](jnp.asarray(cotangent))
        pullbacks = [None] * len(arrays)
        for index, value in zip(real, pulled):
            pullbacks[index] = encoded(value)
        record["cotangent"] = encoded(cotangent)
        record["pullbacks"] = pullbacks
    if convention:
        record["convention"] = convention
    CASES.append(record)


def element_wise():
    unary = {
        "exp": jnp.exp,
        "expm1": jnp.expm1,
        "tanh": jnp.tanh,
        "sigmoid": jax.nn.sigmoid,
        "softplus": jax.nn.softplus,
        "negate": jnp.negative,
        "sin": jnp.sin,
        "cos": jnp.cos,
        "square": jnp.square,
        "erf": jax.scipy.special.erf,
    }
    for operation, function in unary.items():
        case(f"{operation} smooth", operation, function, SMOOTH)
        case(f"{operation} special", operation, function, SPECIAL, differentiate=False)
    for operation, function in {"log": jnp.log, "log1p": jnp.log1p, "sqrt": jnp.sqrt}.items():
        case(f"{operation} positive", operation, function, POSITIVE)
        case(f"{operation} special", operation, function, SPECIAL, differentiate=False)
    case("abs", "abs", jnp.abs, [-2.0, -0.5, 0.5, 3.0])
    case("abs special", "abs", jnp.abs, SPECIAL, differentiate=False)
    case("sign special", "sign", jnp.sign, SPECIAL, differentiate=False)
    case("floor", "floor", jnp.floor, [-1.5, -0.0, 0.5, 2.0, INF, NAN], differentiate=False)

    left = np.repeat(SPECIAL, len(SPECIAL))
    right = np.tile(SPECIAL, len(SPECIAL))
    binary = {
        "add": jnp.add,
        "subtract": jnp.subtract,
        "multiply": jnp.multiply,
        "divide": jnp.divide,
        "maximum": jnp.maximum,
        "minimum": jnp.minimum,
        "power": jnp.power,
    }
    for operation, function in binary.items():
        second = np.abs(wave(3, 1, phase=0.4)) + 0.5
        first = np.abs(wave(3, 4)) + 0.25
        case(f"{operation} broadcast [3, 4] [3, 1]", operation, function, first, second)
        convention = None
        if operation in ("maximum", "minimum"):
            convention = "NaN wins over numbers; the sign of zero between 0 and -0 is not tested: compare by value"
        case(
            f"{operation} special pairs", operation, function, left, right, differentiate=False, convention=convention
        )
    case("maximum ties", "maximum", jnp.maximum, [1.0, 2.0], [1.0, 1.0], convention="a tie halves the gradient")
    case("power cube of negatives", "power", lambda x: x**3, [-2.0, -0.5, 0.0, 1.5], attributes={"exponent": 3})
    comparisons = {"less": jnp.less, "lessOrEqual": jnp.less_equal, "greater": jnp.greater, "equal": jnp.equal}
    for operation, function in comparisons.items():
        case(f"{operation} special pairs", operation, function, left, right)
    case(
        "where",
        "where",
        lambda condition, x, y: jnp.where(condition, x, y),
        np.array([True, False, True, False]),
        [1.0, NAN, INF, 4.0],
        [NAN, 6.0, 7.0, -INF],
    )


def reductions():
    x = wave(2, 3, 4)
    ties = [[1.0, 3.0, 3.0], [2.0, 2.0, -1.0]]
    infinite = [[-INF, -INF], [-INF, 1.0], [INF, 1.0], [NAN, 1.0]]
    functions = {"sum": jnp.sum, "mean": jnp.mean, "max": jnp.max, "min": jnp.min, "logSumExp": logsumexp}
    for operation, function in functions.items():
        for axes in ([0], [1], [2], [0, 2], [0, 1, 2], [-1]):
            attributes = {"axes": axes, "keepDimensions": False}
            case(
                f"{operation} axes {axes}",
                operation,
                lambda a, f=function, axes=axes: f(a, axis=tuple(axes)),
                x,
                attributes=attributes,
            )
        case(
            f"{operation} keeps the axis",
            operation,
            lambda a, f=function: f(a, axis=1, keepdims=True),
            x,
            attributes={"axes": [1], "keepDimensions": True},
        )
        case(
            f"{operation} infinite",
            operation,
            lambda a, f=function: f(a, axis=1),
            infinite,
            attributes={"axes": [1], "keepDimensions": False},
            differentiate=False,
        )
    for operation, function in {"sum": jnp.sum, "mean": jnp.mean, "logSumExp": logsumexp}.items():
        case(
            f"{operation} of an empty axis",
            operation,
            lambda a, f=function: f(a, axis=1),
            np.zeros((2, 0)),
            attributes={"axes": [1], "keepDimensions": False},
            differentiate=False,
        )
    case(
        "max ties",
        "max",
        lambda a: jnp.max(a, axis=1),
        ties,
        attributes={"axes": [1], "keepDimensions": False},
        convention="ties share the gradient equally",
    )
    case(
        "logSumExp large",
        "logSumExp",
        lambda a: logsumexp(a, axis=1),
        [[1000.0, 1000.0, 999.0], [-1000.0, -1001.0, -1002.0]],
        attributes={"axes": [1], "keepDimensions": False},
    )
    case("softmax", "softmax", lambda a: jax.nn.softmax(a, axis=-1), x, attributes={"axis": -1})
    case("argmax ties", "argmax", lambda a: jnp.argmax(a, axis=1).astype(jnp.int32), ties, attributes={"axis": 1})
    case("cumulativeSum axis 1", "cumulativeSum", lambda a: jnp.cumsum(a, axis=1), x, attributes={"axis": 1})
    case("cumulativeSum axis -1", "cumulativeSum", lambda a: jnp.cumsum(a, axis=-1), x, attributes={"axis": -1})
    case("cumulativeSum empty", "cumulativeSum", lambda a: jnp.cumsum(a, axis=1), np.zeros((2, 0)), attributes={"axis": 1})


def functions():
    """Element-wise functions in float64 and float32, at smooth and at special places."""
    anywhere = {
        "tan": jnp.tan,
        "atan": jnp.arctan,
        "sinh": jnp.sinh,
        "cosh": jnp.cosh,
        "erfc": special.erfc,
        "reciprocal": jnp.reciprocal,
        "logGamma": special.gammaln,
        "silu": jax.nn.silu,
        "relu": jax.nn.relu,
        "leakyRelu": jax.nn.leaky_relu,
        "elu": jax.nn.elu,
    }
    x = np.array([-6.5, -2.25, -0.7, -1e-3, 1e-3, 0.4, 1.3, 4.5, 12.0])
    for operation, function in anywhere.items():
        case(f"{operation} smooth", operation, function, x)
        case(f"{operation} float32", operation, function, x.astype(np.float32))
        case(f"{operation} special", operation, function, SPECIAL, differentiate=False)
        if operation in ("relu", "leakyRelu", "elu"):
            case(f"{operation} at kinks", operation, function, SPECIAL[:-1])
    positive = np.array([1e-5, 0.1, 0.9, 1.4616, 2.0, 7.5, 40.0, 1e6])
    for operation, function in {"digamma": special.digamma, "rsqrt": lambda a: 1 / jnp.sqrt(a)}.items():
        case(f"{operation} positive", operation, function, positive)
        case(f"{operation} float32", operation, function, positive.astype(np.float32))
        case(f"{operation} special", operation, function, SPECIAL, differentiate=False)
    # The derivative that JAX has here is only good to five digits.
    case("digamma negative", "digamma", special.digamma, [-0.5, -1.3, -7.75], differentiate=False)
    for order in (1, 2, 3):
        case(
            f"polygamma {order}",
            "polygamma",
            lambda a, order=order: special.polygamma(order, a),
            positive,
            attributes={"count": order},
            differentiate=order < 3,
        )
    opened = np.array([-0.99, -0.4, -1e-6, 0.3, 0.75, 0.999])
    for operation, function in {"asin": jnp.arcsin, "acos": jnp.arccos, "erfInverse": special.erfinv}.items():
        case(f"{operation} open interval", operation, function, opened)
        case(f"{operation} float32", operation, function, opened.astype(np.float32))
        case(f"{operation} special", operation, function, SPECIAL, differentiate=False)
    for form, approximate in (("exact", False), ("tanh", True)):
        function = lambda a, approximate=approximate: jax.nn.gelu(a, approximate=approximate)  # noqa: E731
        case(f"gelu {form} smooth", "gelu", function, x, attributes={"form": form})
        case(f"gelu {form} float32", "gelu", function, x.astype(np.float32), attributes={"form": form})
        case(f"gelu {form} special", "gelu", function, SPECIAL, attributes={"form": form}, differentiate=False)
    whole = [-2.5, -1.5, -0.5, -0.0, 0.5, 1.5, 2.5, 1e300, INF, -INF, NAN]
    steps = {"floor": jnp.floor, "ceil": jnp.ceil, "round": jnp.round, "isFinite": jnp.isfinite, "isNaN": jnp.isnan}
    for operation, function in {**steps, "sign": jnp.sign}.items():
        case(f"{operation} of halves", operation, function, whole)
    for operation in ("exp", "expm1", "tanh", "sigmoid", "softplus", "sin", "cos", "square", "erf"):
        function = {"sigmoid": jax.nn.sigmoid, "softplus": jax.nn.softplus, "erf": special.erf}.get(operation)
        case(f"{operation} float32", operation, function or getattr(jnp, operation), np.array(SMOOTH, np.float32))
    for operation in ("log", "log1p", "sqrt"):
        values = np.array([1e-30, 1e-9, 0.25, 1.0, 2.0, 7.5, 1e9, 1e30], np.float32)
        case(f"{operation} float32", operation, getattr(jnp, operation), values)


def pairs():
    """Functions of two numbers, at all pairs of special ones and where they are smooth."""
    left, right = np.repeat(SPECIAL, len(SPECIAL)), np.tile(SPECIAL, len(SPECIAL))
    first, second = wave(3, 4) * 2, wave(3, 1, phase=0.4) + 0.05
    functions = {"atan2": jnp.arctan2, "logAddExp": jnp.logaddexp, "remainder": jnp.remainder}
    for operation, function in functions.items():
        case(f"{operation} broadcast", operation, function, first, second)
        case(f"{operation} float32", operation, function, first.astype(np.float32), second.astype(np.float32))
        case(f"{operation} special pairs", operation, function, left, right, differentiate=False)
    case("logAddExp infinite", "logAddExp", jnp.logaddexp, [1.0, 0.0, -INF], [-INF, 0.0, 2.0])
    values = np.array([-2.0, -1.0, 0.0, 0.5, 3.0, NAN])
    case("clamp", "clamp", lambda a: jnp.clip(a, -1.0, 0.5), values[:5], convention="half of the gradient at a bound")
    case("clamp to tensors", "clamp", jnp.clip, wave(4, 3), [-0.5, -0.25, 0.0], wave(4, 1) * 0.1 + 0.5)
    case("clamp of NaN", "clamp", jnp.clip, values, [-1.0], [0.5], differentiate=False)
    case("maximum of equal infinities", "maximum", jnp.maximum, [INF, -INF], [INF, -INF])
    whole = np.array([7, -7, 7, -7, 0, 2**31 - 1, -(2**31), 5], np.int32)
    divisor = np.array([3, 3, -3, -3, 5, 2, 3, -1], np.int32)
    integers = {
        "add": jnp.add,
        "subtract": jnp.subtract,
        "multiply": jnp.multiply,
        "divide": jnp.floor_divide,
        "remainder": jnp.remainder,
        "maximum": jnp.maximum,
        "minimum": jnp.minimum,
        "less": jnp.less,
        "equal": jnp.equal,
    }
    for operation, function in integers.items():
        convention = "towards minus infinity" if operation == "divide" else None
        case(f"{operation} int32", operation, function, whole, divisor, convention=convention)
    for operation, function in {"abs": jnp.abs, "sign": jnp.sign, "square": jnp.square, "negate": jnp.negative}.items():
        case(f"{operation} int32", operation, function, whole)


def more_reductions():
    x = wave(2, 3, 4)
    zeros = np.array([[2.0, 0.0, 3.0, 0.5], [0.0, 4.0, 0.0, 1.0], [1.0, -2.0, 3.0, -0.5]])
    infinite = [[-INF, -INF], [-INF, 1.0], [INF, 1.0], [NAN, 1.0], [0.0, -0.0]]
    functions = {"product": jnp.prod, "variance": jnp.var, "standardDeviation": jnp.std}

    def norm(a, axis=None, keepdims=False):
        return jnp.sqrt(jnp.sum(jnp.square(a), axis=axis, keepdims=keepdims))

    for operation, function in {**functions, "norm": norm}.items():
        for axes in ([1], [0, 2], [0, 1, 2], [-1, 0], []):
            if operation == "standardDeviation" and not axes:
                continue  # the root of zeros
            name = f"{operation} axes {axes}"
            axis = tuple(axes)
            case(name, operation, lambda a, f=function, axis=axis: f(a, axis=axis), x, attributes={"axes": axes})
        keep = {"axes": [1], "keepDimensions": True}
        case(f"{operation} keeps the axis", operation, lambda a, f=function: f(a, axis=1, keepdims=True), x, attributes=keep)
        case(f"{operation} float32", operation, lambda a, f=function: f(a, axis=1), x.astype(np.float32), attributes={"axes": [1]})
        case(f"{operation} of a scalar", operation, function, 1.5, differentiate=operation in ("product", "norm"))
        case(
            f"{operation} infinite",
            operation,
            lambda a, f=function: f(a, axis=1),
            infinite,
            attributes={"axes": [1]},
            differentiate=False,
        )
        case(
            f"{operation} of an empty axis",
            operation,
            lambda a, f=function: f(a, axis=1),
            np.zeros((2, 0)),
            attributes={"axes": [1]},
            differentiate=False,
        )
        case(
            f"{operation} of no rows", operation, lambda a, f=function: f(a, axis=1), np.zeros((0, 3)), attributes={"axes": [1]}
        )
    case("product with zeros", "product", lambda a: jnp.prod(a, axis=1), zeros, attributes={"axes": [1]})
    case("product of all with one zero", "product", jnp.prod, [2.0, 0.0, -3.0])
    for correction in (1, 4, 7):
        attributes = {"axes": [2], "correction": correction}
        function = lambda a, c=correction: jnp.var(a, axis=2, correction=c)  # noqa: E731
        case(f"variance correction {correction}", "variance", function, x, attributes=attributes, differentiate=correction == 1)
    for operation, function in {"sum": jnp.sum, "mean": jnp.mean, "max": jnp.max, "min": jnp.min, "logSumExp": logsumexp}.items():
        axis = {"axes": [0, 2]}
        case(f"{operation} float32", operation, lambda a, f=function: f(a, axis=(0, 2)), x.astype(np.float32), attributes=axis)
        case(f"{operation} of a scalar", operation, function, 1.5)
        axis = {"axes": [1]}
        case(f"{operation} of no rows", operation, lambda a, f=function: f(a, axis=1), np.zeros((0, 3)), attributes=axis)
        case(f"{operation} over no axes", operation, lambda a, f=function: f(a, axis=()), x, attributes={"axes": []})
    integers = np.array([[3, -1, 0], [5, 5, -7]], np.int32)
    for operation, function in {"sum": jnp.sum, "product": jnp.prod, "max": jnp.max, "min": jnp.min}.items():
        narrow = lambda a, f=function: f(a, axis=1).astype(jnp.int32)  # noqa: E731
        case(f"{operation} int32", operation, narrow, integers, attributes={"axes": [1]})
    truth = np.array([[[True, False], [False, False]], [[True, True], [True, False]]])
    for operation, function in {"any": jnp.any, "all": jnp.all}.items():
        for axes in ([0], [1, 2], [-1], [0, 1, 2]):
            case(f"{operation} axes {axes}", operation, lambda a, f=function: f(a, axis=tuple(axes)), truth, attributes={"axes": axes})
        axis = {"axes": [1]}
        case(f"{operation} of an empty axis", operation, lambda a, f=function: f(a, axis=1), np.zeros((2, 0), bool), attributes=axis)
        case(f"{operation} of numbers", operation, lambda a, f=function: f(a, axis=1), infinite, attributes=axis)
    ties = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, -1.0], [NAN, 5.0, NAN], [-INF, INF, INF], [0.0, -0.0, 0.0]])
    for operation, function in {"argmax": jnp.argmax, "argmin": jnp.argmin}.items():
        for axis in (0, 1, -1):
            values = ties[:, ::-1].copy() if axis == 1 else ties
            extreme = lambda a, f=function: f(a, axis=axis).astype(jnp.int32)  # noqa: E731
            case(f"{operation} special axis {axis}", operation, extreme, values, attributes={"axis": axis})
        case(f"{operation} among all", operation, lambda a, f=function: f(a).astype(jnp.int32), wave(3, 4))
        case(f"{operation} int32", operation, lambda a, f=function: f(a, axis=1).astype(jnp.int32), integers, attributes={"axis": 1})
    for operation, function in {"max": jnp.max, "min": jnp.min}.items():
        shared = [[INF, INF, 1.0], [-INF, -INF, 1.0], [0.0, -0.0, 0.0]]
        case(f"{operation} infinite ties", operation, lambda a, f=function: f(a, axis=1), shared, attributes={"axes": [1]})


def softmaxes():
    x = wave(2, 3, 4)
    masked = [[-INF, 1.0, 2.0], [0.0, -INF, -INF]]
    infinite = [[-INF, -INF], [INF, 1.0], [NAN, 1.0], [INF, -INF]]
    for operation, function in {"softmax": jax.nn.softmax, "logSoftmax": jax.nn.log_softmax}.items():
        for axis in (0, 1, -1):
            case(f"{operation} axis {axis}", operation, lambda a, f=function: f(a, axis=axis), x, attributes={"axis": axis})
        last = {"axis": -1}
        case(f"{operation} float32", operation, function, x.astype(np.float32), attributes=last)
        case(f"{operation} large", operation, function, [[1e4, 1e4 - 1, -1e4]], attributes=last)
        case(f"{operation} masked", operation, function, masked, attributes=last, differentiate=operation == "softmax")
        case(f"{operation} infinite", operation, function, infinite, attributes=last, differentiate=False)
        case(f"{operation} empty", operation, function, np.zeros((2, 0)), attributes=last)
    case("logSumExp masked", "logSumExp", lambda a: logsumexp(a, axis=1), masked, attributes={"axes": [1]})


def running():
    x = wave(2, 3, 4)
    zeros = np.array([[2.0, 0.0, 3.0, 0.5], [0.0, 4.0, 0.0, 1.0], [1.0, -2.0, 3.0, -0.5]])
    functions = {"cumulativeSum": jax.lax.cumsum, "cumulativeProduct": jax.lax.cumprod, "cumulativeLogSumExp": jax.lax.cumlogsumexp}
    for operation, function in functions.items():
        for axis in (0, 1, 2):
            for reverse in (False, True):
                attributes = {"axis": axis, "reverse": reverse}
                function_of = lambda a, f=function: f(a, axis=axis, reverse=reverse)  # noqa: E731
                case(f"{operation} axis {axis} reverse {reverse}", operation, function_of, x, attributes=attributes)
        first = {"axis": 0}
        case(f"{operation} float32", operation, lambda a, f=function: f(a, axis=0), x.astype(np.float32), attributes=first)
        case(f"{operation} over an empty axis", operation, lambda a, f=function: f(a, axis=1), np.zeros((2, 0)), attributes={"axis": 1})
        case(f"{operation} of one", operation, lambda a, f=function: f(a, axis=0), [[2.5, -1.0]], attributes=first)
        special_values = [1.0, -INF, 2.0, INF, -1.0, NAN, 0.0]
        case(f"{operation} special", operation, lambda a, f=function: f(a), special_values, attributes=first, differentiate=False)
    case("cumulativeProduct with zeros", "cumulativeProduct", lambda a: jax.lax.cumprod(a, axis=1), zeros, attributes={"axis": 1})
    case("cumulativeLogSumExp large", "cumulativeLogSumExp", jax.lax.cumlogsumexp, [1000.0, 1000.0, -1000.0], attributes={"axis": 0})
    case("cumulativeLogSumExp masked", "cumulativeLogSumExp", jax.lax.cumlogsumexp, [1.0, -INF, 2.0, -INF], attributes={"axis": 0})
    integers = np.array([3, -1, 4, 0, 5], np.int32)
    for operation in ("cumulativeSum", "cumulativeProduct"):
        case(f"{operation} int32", operation, lambda a, f=functions[operation]: f(a), integers, attributes={"axis": 0})


def shapes():
    x = wave(2, 3, 4)
    case("reshape", "reshape", lambda a: a.reshape(4, 6), x, attributes={"shape": [4, 6]})
    case("transpose", "transpose", lambda a: a.transpose(2, 0, 1), x, attributes={"permutation": [2, 0, 1]})
    case("broadcast", "broadcast", lambda a: jnp.broadcast_to(a, (2, 3, 4)), wave(3, 1), attributes={"shape": [2, 3, 4]})
    case(
        "slice",
        "slice",
        lambda a: a[:, 1:3, 0:4:2],
        x,
        attributes={"starts": [0, 1, 0], "ends": [2, 3, 4], "strides": [1, 1, 2]},
    )
    case(
        "concatenate",
        "concatenate",
        lambda a, b: jnp.concatenate([a, b], axis=1),
        wave(2, 3),
        wave(2, 2, phase=2.0),
        attributes={"axis": 1},
    )
    case(
        "gather rows, one twice",
        "gather",
        lambda a, index: jnp.take(a, index, axis=0),
        wave(4, 3),
        np.array([2, 0, 2], dtype=np.int32),
        attributes={"axis": 0},
    )
    case("iota", "iota", lambda: jnp.arange(5, dtype=jnp.int32), attributes={"count": 5}, differentiate=False)


def linear_algebra():
    def product(name, a, b):
        case(name, "matmul", jnp.matmul, a, b)

    product("matmul [3, 4] [4, 5]", wave(3, 4), wave(4, 5, phase=1.0))
    product("matmul [2, 3, 4] [2, 4, 5]", wave(2, 3, 4), wave(2, 4, 5, phase=1.0))
    product("matmul [2, 3, 4] [4, 5]", wave(2, 3, 4), wave(4, 5, phase=1.0))
    product("matmul [2, 1, 3, 4] [3, 4, 2]", wave(2, 1, 3, 4), wave(3, 4, 2, phase=1.0))
    product("matmul over an empty axis", np.zeros((2, 0)), np.zeros((0, 3)))
    product("matmul [1, 1] [1, 1]", [[3.0]], [[-2.0]])
    case("matmul with NaN", "matmul", jnp.matmul, [[NAN, 1.0], [2.0, 3.0]], [[0.0], [1.0]], differentiate=False)
    factor = np.tril(wave(4, 4)) + 2.0 * np.eye(4)
    definite = factor @ factor.T
    case(
        "cholesky",
        "cholesky",
        lambda a: jnp.linalg.cholesky(a, symmetrize_input=True),
        definite,
        convention="lower triangle; the pullback is symmetric",
    )
    case(
        "cholesky batch",
        "cholesky",
        lambda a: jnp.linalg.cholesky(a, symmetrize_input=True),
        np.stack([definite, definite + np.eye(4)]),
        convention="lower triangle; the pullback is symmetric",
    )
    for transposed in (False, True):
        case(
            f"triangularSolve lower, transposed {transposed}",
            "triangularSolve",
            lambda a, b, t=transposed: jax.scipy.linalg.solve_triangular(a, b, lower=True, trans=1 if t else 0),
            factor,
            wave(4, 2, phase=0.7),
            attributes={"lower": True, "transposed": transposed},
        )
    case(
        "triangularSolve upper",
        "triangularSolve",
        lambda a, b: jax.scipy.linalg.solve_triangular(a, b, lower=False),
        factor.T.copy(),
        wave(4, 2, phase=0.7),
        attributes={"lower": False, "transposed": False},
    )


def words(array):
    """Bit patterns in hexadecimal, row-major."""
    array = np.asarray(array)
    unsigned = array.view(np.uint32 if array.dtype.itemsize == 4 else np.uint64).reshape(-1)
    return [f"0x{int(word):0{2 * array.dtype.itemsize}x}" for word in unsigned]


def distributions(key):
    logits = jnp.log(jnp.arange(1.0, 13.0).reshape(4, 3))
    probabilities = jnp.array([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0])
    record = {}
    for name, dtype in (("32", jnp.float32), ("64", jnp.float64)):
        record["exponential" + name] = words(jax.random.exponential(key, (5,), dtype=dtype))
        record["gumbel" + name] = words(jax.random.gumbel(key, (5,), dtype=dtype))
        truncated = jax.random.truncated_normal(key, -1.0, 2.0, (6,), dtype=dtype)
        record["truncatedNormal" + name] = words(truncated)
        record["bernoulli" + name] = np.asarray(jax.random.bernoulli(key, probabilities.astype(dtype))).tolist()
        record["categorical" + name] = np.asarray(jax.random.categorical(key, logits.astype(dtype))).tolist()
    for name, lower, upper in (("small", -5, 17), ("large", -(2**31), 2**31 - 1), ("top", 2**31 - 10, 2**31)):
        bound = np.int64(upper)
        draws = jax.random.randint(key, (8,), np.int64(lower), bound, dtype=jnp.int32)
        record[name + "Integers"] = np.asarray(draws).tolist()
    return record


def random_record():
    def data(key):
        return words(jax.random.key_data(key))

    records = []
    for seed in (0, 1, 42, 2**32 - 1, 2**40 + 7):
        key = jax.random.key(seed)
        record = {"seed": seed, "key": data(key)}
        record["split2"] = [data(child) for child in jax.random.split(key, 2)]
        record["split5"] = [data(child) for child in jax.random.split(key, 5)]
        record["foldIn"] = [{"data": n, "key": data(jax.random.fold_in(key, n))} for n in (0, 1, 12345, 2**32 - 1)]
        for shape in ((1,), (7,), (2, 3), (0,), (37,), ()):
            draws = {
                "bits32": jax.random.bits(key, shape, dtype=jnp.uint32),
                "bits64": jax.random.bits(key, shape, dtype=jnp.uint64),
                "uniform32": jax.random.uniform(key, shape, dtype=jnp.float32),
                "uniform64": jax.random.uniform(key, shape, dtype=jnp.float64),
                "normal32": jax.random.normal(key, shape, dtype=jnp.float32),
                "normal64": jax.random.normal(key, shape, dtype=jnp.float64),
            }
            draws = {name: words(array) for name, array in draws.items()}
            record.setdefault("draws", []).append({"shape": list(shape), **draws})
        record["uniform64 in [-2, 3)"] = words(jax.random.uniform(key, (4,), dtype=jnp.float64, minval=-2, maxval=3))
        record["uniform32 in [-2, 3)"] = words(jax.random.uniform(key, (4,), dtype=jnp.float32, minval=-2, maxval=3))
        record["permutation10"] = np.asarray(jax.random.permutation(key, 10)).tolist()
        # From 1626 elements on JAX sorts twice.
        record["permutation3000"] = np.asarray(jax.random.permutation(key, 3000))[:20].tolist()
        record["distributions"] = distributions(key)
        records.append(record)
    return {
        "meaning": "Threefry-2x32 keys with jax_threefry_partitionable = True; words in hexadecimal, floats as their bits",
        "tolerance": "keys, bits and uniforms exactly; normals to a few units in the last place (inverse error function)",
        "random123": [
            {"key": ["0x00000000"] * 2, "counter": ["0x00000000"] * 2, "output": ["0x6b200159", "0x99ba4efe"]},
            {"key": ["0xffffffff"] * 2, "counter": ["0xffffffff"] * 2, "output": ["0x1cb996fc", "0xbb002be7"]},
            {
                "key": ["0x13198a2e", "0x03707344"],
                "counter": ["0x243f6a88", "0x85a308d3"],
                "output": ["0xc4923a9c", "0x483df7a0"],
            },
        ],
        "cases": records,
    }


def check_random123(vectors):
    """The published known answers of Random123, against JAX's own cipher."""
    from jax.extend.random import threefry_2x32

    for vector in vectors:
        key = jnp.array([int(word, 16) for word in vector["key"]], jnp.uint32)
        counter = jnp.array([int(word, 16) for word in vector["counter"]], jnp.uint32)
        assert words(threefry_2x32(key, counter)) == vector["output"], vector


def dump(document, path):
    """One case per line, so that differences between versions can be read."""
    lines = [json.dumps(record, allow_nan=False) for record in document["cases"]]
    head = {name: value for name, value in document.items() if name != "cases"}
    text = json.dumps(head, indent=1, allow_nan=False)[:-2] + ',\n "cases": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"
    json.loads(text)
    path.write_text(text)


def main():
    element_wise()
    functions()
    pairs()
    reductions()
    more_reductions()
    softmaxes()
    running()
    shapes()
    linear_algebra()
    random = random_record()
    check_random123(random["random123"])
    here = Path(__file__).resolve().parent
    head = {
        "madeBy": "Packages/Autodiff/Tests/AutodiffTests/Golden/make_jax_primitives.py",
        "versions": {"python": platform.python_version(), "jax": jax.__version__, "numpy": np.__version__},
    }
    description = " ".join(__doc__.split("\n\n", 2)[2].split())
    dump({**head, "meaning": description, "cases": CASES}, here / "jax_primitives.json")
    dump({**head, **random}, here / "jax_random.json")
    print(len(CASES), "primitive cases,", len(random["cases"]), "seeds")


if __name__ == "__main__":
    main()
