"""Writes scipy_values.json: log densities, entropies, divergences, moments and quantiles of distributions from SciPy (divergences from
torch.distributions, checked here by quadrature), energies of known points, and two-sample statistics from NumPy and SciPy.

    python3 Packages/Autodiff/Tests/ProbabilityTests/Golden/make_scipy_values.py

`distributions`: `parameters` and `other` by the paths of the Swift type; `points` [n, event] and `logDensity` [n]; `entropy` in nats;
`divergence` = KL(parameters || other); `mean`, `variance`, excess `kurtosis` and 63 `quantiles` of each coordinate. null: there is none.
"""

import json
import math
from pathlib import Path

import jax

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)
jax.config.update("jax_threefry_partitionable", True)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from scipy import integrate, optimize, special, stats  # noqa: E402

torch.set_default_dtype(torch.float64)
D = torch.distributions
LEVELS = np.arange(1, 64) / 64
CASES = []


def plain(value):
    if value is None:
        return None
    return np.asarray(value, dtype=np.float64).tolist()


def shaped(value):
    array = np.asarray(value, dtype=np.float64)
    return {"shape": list(array.shape), "values": array.reshape(-1).tolist()}


def moments(frozen):
    mean, variance, kurtosis = frozen.stats(moments="mvk")
    return [float(v) if np.isfinite(v) else None for v in (mean, variance, kurtosis)]


def quadrature(p, q):
    """KL(p || q) as an integral over the quantiles of p."""
    excess = lambda u: p.logpdf(p.ppf(u)) - q.logpdf(p.ppf(u))
    cuts = [0, 1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9, 1 - 1e-3, 1 - 1e-6, 1 - 1e-9, 1]
    cuts = sorted(cuts + [float(u) for u in p.cdf([p.mean(), q.mean()]) if 0 < u < 1]) if np.isfinite(p.mean()) else cuts
    return sum(integrate.quad(excess, a, b, limit=500)[0] for a, b in zip(cuts[:-1], cuts[1:]))


def around_the_circle(p, q):
    """The same of two densities of angles, by the trapezoidal rule, which is exact to rounding."""
    x = -math.pi + 2 * math.pi * np.arange(4096) / 4096
    return np.sum(np.exp(p.logpdf(x)) * (p.logpdf(x) - q.logpdf(x))) * 2 * math.pi / 4096


def coordinates(name, make, parameters, other, points, divergence=None):
    """Independent coordinates: `make` gives SciPy's law of one coordinate from its parameters; `divergence` is torch's, or None for angles."""
    count = len(next(iter(parameters.values())))
    laws = [make(**{k: v[i] for k, v in parameters.items()}) for i in range(count)]
    others = [make(**{k: v[i] for k, v in other.items()}) for i in range(count)] if other else []
    x = np.array(points, dtype=np.float64)
    case = {
        "name": name, "parameters": {k: shaped(v) for k, v in parameters.items()},
        "other": {k: shaped(v) for k, v in other.items()} if other else None, "points": shaped(x),
        "logDensity": sum(law.logpdf(x[:, i]) for i, law in enumerate(laws)).tolist(),
        "entropy": float(sum(law.entropy() for law in laws)),
        "quantiles": [law.ppf(LEVELS).tolist() for law in laws]}
    case["mean"], case["variance"], case["kurtosis"] = map(list, zip(*[moments(law) for law in laws]))
    if others and divergence is None:
        case["divergence"] = float(sum(around_the_circle(p, q) for p, q in zip(laws, others)))
    elif others:
        case["divergence"] = float(divergence.sum())
        check = sum(quadrature(p, q) for p, q in zip(laws, others))
        assert abs(case["divergence"] - check) < 1e-5 * (1 + check), (name, case["divergence"], check)
    CASES.append(case)


def kl(make, parameters, other):
    """Of torch distributions, from parameters in torch's order."""
    build = lambda values: make(*[torch.tensor(v, dtype=torch.float64) for v in values.values()])
    return D.kl_divergence(build(parameters), build(other))


def pair(name, scipy_law, torch_law, first, second, points):
    coordinates(name, scipy_law, first, second, points, kl(torch_law, first, second) if torch_law else None)


def univariate():
    line = [[0.3, -1.2], [2.0, 0.7], [-0.4, -0.1]]
    positive = [[0.3, 1.2], [2.0, 0.7], [0.04, 3.1]]
    unit = [[0.3, 0.95], [0.02, 0.7], [0.5, 0.1]]
    place = lambda a, b, c, d: {"location": [a, b], "scale": [c, d]}
    two = (place(0.5, -1.0, 0.8, 1.4), place(-0.2, 0.3, 1.1, 0.6))
    pair("DiagonalNormal", lambda mean, standardDeviation: stats.norm(mean, standardDeviation), D.Normal,
         {"mean": [0.5, -1.0], "standardDeviation": [0.8, 1.4]}, {"mean": [-0.2, 0.3], "standardDeviation": [1.1, 0.6]}, line)
    pair("LogNormal", lambda location, scale: stats.lognorm(scale, scale=np.exp(location)), D.LogNormal,
         place(0.5, -1.0, 0.4, 0.3), place(-0.2, 0.3, 1.1, 0.6), positive)
    pair("Uniform", lambda lower, upper: stats.uniform(lower, upper - lower), D.Uniform,
         {"lower": [-1.0, -1.5], "upper": [2.5, 3.5]}, {"lower": [-1.5, -1.5], "upper": [3.0, 6.0]}, line)
    pair("Laplace", lambda location, scale: stats.laplace(location, scale), D.Laplace, *two, line)
    coordinates("Logistic", lambda location, scale: stats.logistic(location, scale), two[0], None, line)
    pair("Cauchy", lambda location, scale: stats.cauchy(location, scale), D.Cauchy, *two, line)
    pair("Exponential", lambda rate: stats.expon(scale=1 / rate), D.Exponential, {"rate": [0.5, 2.0]}, {"rate": [1.3, 0.7]}, positive)
    coordinates("StudentT", lambda degreesOfFreedom, location, scale: stats.t(degreesOfFreedom, location, scale),
                {"degreesOfFreedom": [3.5, 12.0], "location": [0.5, -1.0], "scale": [0.8, 1.4]}, None, line)
    pair("Gamma", lambda concentration, rate: stats.gamma(concentration, scale=1 / rate), D.Gamma,
         {"concentration": [0.7, 4.2], "rate": [0.5, 2.0]}, {"concentration": [1.3, 2.2], "rate": [1.5, 1.0]}, positive)
    pair("Beta", lambda alpha, beta: stats.beta(alpha, beta), D.Beta,
         {"alpha": [0.7, 4.2], "beta": [1.5, 2.0]}, {"alpha": [1.3, 2.2], "beta": [0.9, 3.0]}, unit)
    pair("VonMises", lambda mean, concentration: stats.vonmises(concentration, mean), None,
         {"mean": [0.5, -1.0], "concentration": [0.4, 30.0]}, {"mean": [-0.2, -0.7], "concentration": [2.0, 18.0]}, line)
    # SciPy's moments are those of the unwrapped line; angles in [-pi, pi] need no others here.
    CASES[-1]["mean"] = CASES[-1]["variance"] = CASES[-1]["kurtosis"] = [None, None]
    wrapped = [stats.vonmises(0.4, 0.5), stats.vonmises(30.0, -1.0)]
    CASES[-1]["quantiles"] = [
        [optimize.brentq(lambda x: law.cdf(x) - law.cdf(-math.pi) - p, -math.pi, math.pi, xtol=1e-14) for p in LEVELS] for law in wrapped]
    base = {"base.mean": [0.5, -1.0], "base.standardDeviation": [0.8, 1.4]}
    normals = [stats.norm(0.5, 0.8), stats.norm(-1.0, 1.4)]
    x = np.array(unit)
    logit = np.log(x) - np.log1p(-x)
    CASES.append({
        "name": "TransformedDistribution", "parameters": {k: shaped(v) for k, v in base.items()}, "points": shaped(x),
        "logDensity": (sum(n.logpdf(logit[:, i]) for i, n in enumerate(normals)) - (np.log(x) + np.log1p(-x)).sum(1)).tolist(),
        "quantiles": [special.expit(n.ppf(LEVELS)).tolist() for n in normals],
        "mean": [n.expect(special.expit) for n in normals], "variance": [None, None], "kurtosis": [None, None]})


def multivariate():
    mean, factor = np.array([0.5, -1.0, 0.2]), np.array([[0.8, 0, 0], [-0.5, 1.4, 0], [0.3, 0.6, 0.5]])
    mean2, factor2 = np.array([-0.2, 0.3, 0.0]), np.array([[1.1, 0, 0], [0.2, 0.6, 0], [-0.4, 0.1, 0.9]])
    law = stats.multivariate_normal(mean, factor @ factor.T)
    x = np.array([[0.3, -1.2, 0.1], [2.0, 0.7, -1.0], [-0.4, -0.1, 2.0]])
    spread = np.sqrt(np.diag(factor @ factor.T))
    build = lambda m, f: D.MultivariateNormal(torch.tensor(m), scale_tril=torch.tensor(f))
    CASES.append({
        "name": "MultivariateNormal", "parameters": {"mean": shaped(mean), "factor": shaped(factor)},
        "other": {"mean": shaped(mean2), "factor": shaped(factor2)}, "points": shaped(x), "logDensity": law.logpdf(x).tolist(),
        "entropy": float(law.entropy()), "divergence": float(D.kl_divergence(build(mean, factor), build(mean2, factor2))),
        "mean": mean.tolist(), "variance": (spread**2).tolist(), "kurtosis": [0.0, 0.0, 0.0],
        "quantiles": [stats.norm(m, s).ppf(LEVELS).tolist() for m, s in zip(mean, spread)]})
    alpha, other = np.array([0.7, 4.2, 2.0]), np.array([1.3, 2.2, 0.6])
    law, total = stats.dirichlet(alpha), alpha.sum()
    x = np.array([[0.2, 0.5, 0.3], [0.01, 0.9, 0.09], [0.6, 0.1, 0.3]])
    margins = [stats.beta(a, total - a) for a in alpha]
    CASES.append({
        "name": "Dirichlet", "parameters": {"concentration": shaped(alpha)}, "other": {"concentration": shaped(other)}, "points": shaped(x),
        "logDensity": [float(law.logpdf(row)) for row in x], "entropy": float(law.entropy()),
        "divergence": float(D.kl_divergence(D.Dirichlet(torch.tensor(alpha)), D.Dirichlet(torch.tensor(other)))),
        **dict(zip(["mean", "variance", "kurtosis"], map(list, zip(*[moments(m) for m in margins])))),
        "quantiles": [m.ppf(LEVELS).tolist() for m in margins]})
    scale = 3.0
    x = np.array([[0.3, -1.2, 0.1], [2.0, 0.7, -1.0], [-4.0, -0.1, 0.2]])
    tails = stats.norm(0, np.exp(x[:, :1] / 2)).logpdf(x[:, 1:]).sum(1)
    CASES.append({
        "name": "Funnel", "parameters": {}, "points": shaped(x), "logDensity": (stats.norm(0, scale).logpdf(x[:, 0]) + tails).tolist(),
        "entropy": float(stats.norm(0, scale).entropy() + 2 * stats.norm().entropy()), "mean": [0.0, None, None],
        "variance": [scale**2, None, None], "kurtosis": [0.0, None, None],
        "quantiles": [stats.norm(0, scale).ppf(LEVELS).tolist()]})
    weights = np.array([0.2, 1.1])
    laws = [[stats.laplace(-1.0, 0.5), stats.laplace(0.5, 1.0)], [stats.laplace(2.0, 0.7), stats.laplace(-1.0, 0.3)]]
    shares = special.softmax(weights)
    x = np.array([[0.3, -1.2], [2.0, 0.7], [-0.4, -0.1]])
    each = np.stack([sum(law.logpdf(x[:, i]) for i, law in enumerate(row)) for row in laws], axis=1)
    cdf = lambda i, v: sum(s * row[i].cdf(v) for s, row in zip(shares, laws))
    means = [sum(s * row[i].mean() for s, row in zip(shares, laws)) for i in range(2)]
    CASES.append({
        "name": "Mixture", "parameters": {
            "components.0.location": shaped([-1.0, 0.5]), "components.0.scale": shaped([0.5, 1.0]),
            "components.1.location": shaped([2.0, -1.0]), "components.1.scale": shaped([0.7, 0.3]), "logWeights": shaped(weights)},
        "points": shaped(x), "logDensity": special.logsumexp(each + np.log(shares), axis=1).tolist(),
        "mean": means, "variance": [None, None], "kurtosis": [None, None],
        "quantiles": [[optimize.brentq(lambda v: cdf(i, v) - p, -30, 30, xtol=1e-14) for p in LEVELS] for i in range(2)]})


def discrete():
    logits, other = np.array([0.7, -2.0]), np.array([-0.4, 0.3])
    p, q = special.expit(logits), special.expit(other)
    x = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    CASES.append({
        "name": "Bernoulli", "parameters": {"logits": shaped(logits)}, "other": {"logits": shaped(other)}, "points": shaped(x),
        "logDensity": stats.bernoulli.logpmf(x, p).sum(1).tolist(), "entropy": float(stats.bernoulli.entropy(p).sum()),
        "divergence": float(special.rel_entr(p, q).sum() + special.rel_entr(1 - p, 1 - q).sum()),
        "mean": p.tolist(), "variance": (p * (1 - p)).tolist(), "kurtosis": stats.bernoulli.stats(p, moments="k").tolist(), "quantiles": []})
    logits, other = np.array([0.7, -2.0, 1.1, 0.0]), np.array([-0.4, 0.3, 2.0, 0.1])
    p, q = special.softmax(logits), special.softmax(other)
    CASES.append({
        "name": "Categorical", "parameters": {"logits": shaped(logits)}, "other": {"logits": shaped(other)},
        "points": shaped([0.0, 1.0, 2.0, 3.0]), "logDensity": np.log(p).tolist(), "entropy": float(stats.entropy(p)),
        "divergence": float(stats.entropy(p, q)), "mean": [], "variance": [], "kurtosis": [], "quantiles": []})


def energies():
    torch.manual_seed(0)
    means = (torch.rand((40, 2), dtype=torch.float32).double().numpy() - 0.5) * 80
    x = np.array([[0.3, 21.0], [-33.0, -28.0], [15.0, 33.0]])
    scale = math.log1p(math.e)
    each = -0.5 * (((x[:, None] - means) / scale) ** 2).sum(-1) - 2 * math.log(scale) - math.log(2 * math.pi)
    particles = np.cos(2.4 * np.arange(8)) * 3 + 0.5 * np.arange(8)
    d = np.linalg.norm(particles.reshape(4, 1, 2) - particles.reshape(1, 4, 2), axis=-1)[~np.eye(4, dtype=bool)] - 4
    cluster = np.cos(2.4 * np.arange(39)) + 0.1 * np.arange(39)
    p = cluster.reshape(13, 3)
    r = np.linalg.norm(p[:, None] - p[None], axis=-1)[~np.eye(13, dtype=bool)]
    return {
        "forty": {"points": shaped(x), "energy": (-special.logsumexp(each - math.log(40), axis=1)).tolist()},
        "DW4": {"points": shaped(particles[None]), "energy": [float((-4 * d**2 + 0.9 * d**4).sum() / 2)]},
        "LJ13": {"points": shaped(cluster[None]), "energy": [float((r**-12 - 2 * r**-6).sum() / 2 + 0.5 * ((p - p.mean(0)) ** 2).sum())]}}


def statistics():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(12, 2)), rng.normal(size=(9, 2)) * 1.3 + 0.4
    distances = lambda a, b: np.linalg.norm(a[:, None] - b[None], axis=-1)
    off = lambda m: m[~np.eye(len(m), dtype=bool)]
    kernel = lambda m: np.exp(-(m**2) / (2 * 0.8**2))
    pooled = np.concatenate([x, y])
    theta = np.array(jax.random.normal(jax.random.key(7), (16, 2), dtype=np.float64))
    theta /= np.linalg.norm(theta, axis=1, keepdims=True)
    first = [stats.wasserstein_distance(x @ t, y @ t) for t in theta]
    # Both quantile functions on a common grid of n m steps.
    second = [np.mean((np.sort(np.repeat(x @ t, 9)) - np.sort(np.repeat(y @ t, 12))) ** 2) for t in theta]
    return {
        "x": shaped(x), "y": shaped(y),
        "energyDistance": float(2 * distances(x, y).mean() - off(distances(x, x)).mean() - off(distances(y, y)).mean()),
        "maximumMeanDiscrepancy": float(
            off(kernel(distances(x, x))).mean() + off(kernel(distances(y, y))).mean() - 2 * kernel(distances(x, y)).mean()),
        "medianDistance": float(np.median(distances(pooled, pooled)[np.triu_indices(21, 1)])),
        "slicedWasserstein1": float(np.mean(first)), "slicedWasserstein2": float(np.sqrt(np.mean(second)))}


if __name__ == "__main__":
    univariate()
    multivariate()
    discrete()
    values = {"levels": LEVELS.tolist(), "distributions": CASES, "energies": energies(), "statistics": statistics()}
    Path(__file__).with_name("scipy_values.json").write_text(json.dumps(values, separators=(",", ":"), allow_nan=False) + "\n")
