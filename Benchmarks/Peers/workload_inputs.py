"""Initial weights, batches and noise of the benchmark workloads, from closed formulas (see workloads.md).

Everything is a function of two integers, a stream and a counter, through SplitMix64, so that any language can
build the same numbers without a file.
"""

import numpy as np

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)

HIDDEN = 128
INTEGRATION_TIME = 1.0

WORKLOADS = ("mlp-regression", "nhf-gmm2d", "nhf-gmm2d-learned", "mlp-denoiser", "nhf-digits", "kernel-table")
BATCH_SIZES = {"mlp-denoiser": 256, "nhf-digits": 256}
LEAPFROG_STEPS = {"nhf-gmm2d": 5, "nhf-gmm2d-learned": 5, "nhf-digits": 10}
DENOISER_SIZES = [784, 1024, 1024, 1024, 784]
NOISE_SCALE = 0.5
PROTOTYPES = 10
DIGIT_PIXELS = 64
DIGIT_HIDDEN = 256
TABLE_COLUMNS = 10
KEPT_COLUMNS = 5
KERNEL_LAYERS = 6
KERNEL_POINTS = 150

LEARNING_RATE = 1e-3
BETA1 = 0.9
BETA2 = 0.999
EPSILON = 1e-8

REGRESSION_INPUT_STREAM = 10_000
MIXTURE_MODE_STREAM = 20_000
MIXTURE_NORMAL_STREAM = 30_000
ENCODER_NOISE_STREAM = 40_000
IMAGE_STREAM = 50_000
IMAGE_NOISE_STREAM = 60_000
PROTOTYPE_STREAM = 70_000
DIGIT_MODE_STREAM = 80_000
DIGIT_NORMAL_STREAM = 90_000
DIGIT_NOISE_STREAM = 100_000
TABLE_STREAM = 110_000
POINT_STREAM = 200
COEFFICIENT_STREAM = 220


def batch_size(workload):
    return BATCH_SIZES.get(workload, 512)


def random_bits(stream, count):
    """SplitMix64 outputs number `stream * 2^32 + 0 ... count - 1` of the sequence seeded with zero, [count] uint64."""
    with np.errstate(over="ignore"):
        position = (np.uint64(stream) << np.uint64(32)) + np.arange(count, dtype=np.uint64) + np.uint64(1)
        z = position * GOLDEN_GAMMA
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniforms(stream, count):
    """(floor(bits / 2^12) + 1/2) / 2^52, strictly inside (0, 1) and exact in float64, [count]."""
    return ((random_bits(stream, count) >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def normals(stream, shape):
    """Box-Muller, cosine branch only: element k takes uniforms 2k and 2k + 1 of the stream, row-major `shape`."""
    count = int(np.prod(shape))
    pairs = uniforms(stream, 2 * count).reshape(count, 2)
    values = np.sqrt(-2.0 * np.log(pairs[:, 0])) * np.cos(2.0 * np.pi * pairs[:, 1])
    return values.reshape(shape)


def linear_layers(sizes, first_stream):
    """Weights [in, out] = (2 u - 1) / sqrt(in), row-major, one stream per layer; biases zero."""
    layers = []
    for index, (inputs, outputs) in enumerate(zip(sizes[:-1], sizes[1:])):
        u = uniforms(first_stream + index, inputs * outputs).reshape(inputs, outputs)
        layers.append({"weight": (2.0 * u - 1.0) / np.sqrt(float(inputs)), "bias": np.zeros(outputs)})
    return layers


def normalisation():
    return {"bias": np.zeros(TABLE_COLUMNS), "logScale": np.zeros(TABLE_COLUMNS)}


def kernel_layer(index):
    """A layer of the kernel flow: its points, coefficients, the logarithm of its lengthscale, and the ActNorm before it."""
    outputs = 2 * (TABLE_COLUMNS - KEPT_COLUMNS)
    coefficients = 2.0 * uniforms(COEFFICIENT_STREAM + index, KERNEL_POINTS * outputs) - 1.0
    return {
        **normalisation(),
        "logarithm": np.array(0.8),
        "points": normals(POINT_STREAM + index, (KERNEL_POINTS, KEPT_COLUMNS)),
        "coefficients": 0.05 * coefficients.reshape(KERNEL_POINTS, outputs),
    }


def initial_parameters(workload):
    """Nested dictionary of float64 arrays; paths join with dots as in a checkpoint."""
    if workload == "kernel-table":
        return {"layers": [kernel_layer(index) for index in range(KERNEL_LAYERS)], "last": normalisation()}
    if workload == "mlp-denoiser":
        return {"layers": linear_layers(DENOISER_SIZES, 0)}
    dimension, hidden = (DIGIT_PIXELS, DIGIT_HIDDEN) if workload == "nhf-digits" else (2, HIDDEN)
    scalar_network = [dimension, hidden, hidden, 1]
    vector_network = [dimension, hidden, hidden, dimension]
    if workload == "mlp-regression":
        return {"layers": linear_layers(scalar_network, 0)}
    parameters = {"potential": {"layers": linear_layers(scalar_network, 0)}}
    if workload == "nhf-gmm2d-learned":
        parameters["kinetic"] = {"layers": linear_layers(scalar_network, 3)}
    else:
        parameters["kinetic"] = {"scale": np.ones(())}
    parameters["encoder"] = {
        "mean": {"layers": linear_layers(vector_network, 6)},
        "logStandardDeviation": {"layers": linear_layers(vector_network, 9)},
    }
    return parameters


def batch(workload, step, rows=None):
    """The two arguments of training step `step`: (x, y), (image, noise), (data, noise) or (data, zeros), `rows` rows each."""
    rows = rows or batch_size(workload)
    if workload == "mlp-regression":
        x = normals(REGRESSION_INPUT_STREAM + step, (rows, 2))
        y = np.sin(3.0 * x[:, :1]) * np.cos(2.0 * x[:, 1:])
        return x, y
    if workload == "mlp-denoiser":
        shape = (rows, DENOISER_SIZES[0])
        return normals(IMAGE_STREAM + step, shape), normals(IMAGE_NOISE_STREAM + step, shape)
    if workload == "nhf-digits":
        prototypes = 2.0 * uniforms(PROTOTYPE_STREAM, PROTOTYPES * DIGIT_PIXELS).reshape(PROTOTYPES, DIGIT_PIXELS) - 1.0
        mode = np.floor(PROTOTYPES * uniforms(DIGIT_MODE_STREAM + step, rows)).astype(np.int64)
        shape = (rows, DIGIT_PIXELS)
        return prototypes[mode] + 0.3 * normals(DIGIT_NORMAL_STREAM + step, shape), normals(DIGIT_NOISE_STREAM + step, shape)
    if workload == "kernel-table":
        z = normals(TABLE_STREAM + step, (rows, TABLE_COLUMNS + 1))
        return 0.5 * z[:, :-1] + np.sin(2.0 * z[:, 1:]), np.zeros((rows, 1))
    mode = np.floor(4.0 * uniforms(MIXTURE_MODE_STREAM + step, rows)).astype(np.int64)
    mean = np.stack([2.0 - 4.0 * (mode % 2), 2.0 - 4.0 * (mode // 2)], axis=1)
    data = mean + 0.5 * normals(MIXTURE_NORMAL_STREAM + step, (rows, 2))
    return data, normals(ENCODER_NOISE_STREAM + step, (rows, 2))


def product_operations(workload, rows):
    """Multiplications and additions of the matrix products that one step cannot do without.

    A product costs 2 m n k; its reverse rule takes two more of the same size, but for the factor that is data. A
    gradient of V is two products per layer, each of which is differentiated again.
    """

    def chain(sizes, of_data):
        layers = [2 * rows * a * b for a, b in zip(sizes[:-1], sizes[1:])]
        return 3 * sum(layers) - (layers[0] if of_data else 0)

    if workload == "kernel-table":
        return KERNEL_LAYERS * chain([KEPT_COLUMNS, KERNEL_POINTS, 2 * (TABLE_COLUMNS - KEPT_COLUMNS)], False)
    if workload == "mlp-regression":
        return chain([2, HIDDEN, HIDDEN, 1], True)
    if workload == "mlp-denoiser":
        return chain(DENOISER_SIZES, True)
    dimension, hidden = (DIGIT_PIXELS, DIGIT_HIDDEN) if workload == "nhf-digits" else (2, HIDDEN)
    # Forward and backward pass of the energy through its two matrices, and the reverse of both.
    gradient = 2 * 3 * 2 * rows * (dimension * hidden + hidden * hidden)
    steps = LEAPFROG_STEPS[workload]
    gradients = steps + 1 + (steps if workload == "nhf-gmm2d-learned" else 0)
    return gradients * gradient + 2 * chain([dimension, hidden, hidden, dimension], True)


def flattened(tree, prefix=""):
    """(path, array) pairs of a nested dictionary, e.g. potential.layers.0.weight."""
    if isinstance(tree, dict):
        for name, child in tree.items():
            yield from flattened(child, f"{prefix}{name}.")
    elif isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from flattened(child, f"{prefix}{index}.")
    else:
        yield prefix[:-1], tree
