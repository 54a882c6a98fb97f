"""Writes jax_primitives.json: inputs, outputs and pullbacks of tensor primitives, and random bits, from JAX on CPU.

    python3 Packages/Autodiff/Tests/AutodiffTests/Golden/make_jax_primitives.py

A case: `name`, `operation`, `attributes` (axes and such), `inputs` and `output`, each {"shape", "values"} in
row-major order, float64 unless "dtype" says otherwise. Values that JSON lacks are the strings "nan", "inf", "-inf",
and "-0". Where the operation is differentiable, `cotangent` (element k is cos(k + 1)) and `pullbacks`, one per input
(null for an input that is not differentiated).
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
    real = [index for index, a in enumerate(arrays) if a.dtype == np.float64]
    if differentiate and np.asarray(output).dtype == np.float64:
        cotangent = np.cos(np.arange(output.size, dtype=np.float64) + 1.0).reshape(output.shape)

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
    case("argmax ties", "argmax", lambda a: jnp.argmax(a, axis=1), ties, attributes={"axis": 1})
    case("cumulativeSum axis 1", "cumulativeSum", lambda a: jnp.cumsum(a, axis=1), x, attributes={"axis": 1})
    case("cumulativeSum axis -1", "cumulativeSum", lambda a: jnp.cumsum(a, axis=-1), x, attributes={"axis": -1})
    case("cumulativeSum empty", "cumulativeSum", lambda a: jnp.cumsum(a, axis=1), np.zeros((2, 0)), attributes={"axis": 1})


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
        for shape in ((1,), (7,), (2, 3), (0,)):
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
    reductions()
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
