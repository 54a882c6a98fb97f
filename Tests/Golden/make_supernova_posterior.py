"""Writes supernova_posterior.json: the posterior of (h, omega_m) from Union2.1 by 2-D quadrature in float64.

    python3 Tests/Golden/make_supernova_posterior.py [path of union2_1.h5]

Model: flat Lambda-CDM, mu(z) = 5 log10(d_L / Mpc) + 25, d_L = (1 + z) c / (100 h km/s/Mpc) I(z; omega_m),
I = integral over 0 ... z of dz' / sqrt(omega_m (1 + z')^3 + 1 - omega_m), c = 299792.458 km/s.
Likelihood: fully normalised Gaussian of the published distance moduli (absolute magnitude as published).
Prior: h uniform on (0.4, 1), omega_m uniform on (0, 1), normalised. log Z = log of the integral of likelihood x prior.
The file stores float32; every stored number is widened to float64 before use.
"""

import json
import math
import platform
import sys
from pathlib import Path

import h5py
import numpy as np
import scipy
from scipy.integrate import quad
from scipy.optimize import minimize

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "Data" / "supernovae" / "union2_1.h5"
SPEED_OF_LIGHT = 299792.458
H_BOUNDS = (0.4, 1.0)
OMEGA_BOUNDS = (0.0, 1.0)
LOG_PRIOR = -math.log(H_BOUNDS[1] - H_BOUNDS[0]) - math.log(OMEGA_BOUNDS[1] - OMEGA_BOUNDS[0])


def inverse_expansion_rate(z, omega_m):
    """1 / E(z), E = H / H0."""
    return 1.0 / np.sqrt(omega_m * (1.0 + z) ** 3 + 1.0 - omega_m)


def comoving_integral(z, omega_m, nodes=48):
    """I(z; omega_m) [omega_m, z] by Gauss-Legendre on each (0, z); agrees with adaptive quadrature to 1e-14."""
    x, weight = np.polynomial.legendre.leggauss(nodes)
    points = 0.5 * z[:, None] * (x + 1.0)
    values = inverse_expansion_rate(points, np.reshape(omega_m, (-1, 1, 1)))
    return 0.5 * z * (values @ weight)


def distance_modulus(z, h, omega_m):
    """mu [omega_m, z] for one h."""
    distance = (1.0 + z) * SPEED_OF_LIGHT / (100.0 * h) * comoving_integral(z, np.atleast_1d(omega_m))
    return 5.0 * np.log10(distance) + 25.0


def integration_matrix(z, nodes, z_max):
    """(A, expansion): I(z_i; omega_m) = sum_j A[i, j] / sqrt(1 + omega_m (expansion_j^3 - 1)), expansion = 1 + z.

    Chebyshev series in x = log(1 + z), where the poles of the integrand stay at a distance pi/3 whatever omega_m:
    t_j = cos((j + 1/2) pi / N) on [-1, 1], c_k = (2 - [k = 0]) / N sum_j f(t_j) cos(k (j + 1/2) pi / N), and the
    integral of T_k from -1 to s is (S_k(s) - S_k(-1)), S_0 = T_1, S_1 = T_2 / 4, S_k = (T_k+1/(k+1) - T_k-1/(k-1)) / 2.
    """
    angle = (np.arange(nodes) + 0.5) * np.pi / nodes
    half = 0.5 * np.log1p(z_max)
    expansion = np.exp(half * (np.cos(angle) + 1.0))

    def antiderivatives(phi):
        """S_k(cos phi) for k < nodes, [phi, k]."""
        chebyshev = np.cos(np.multiply.outer(phi, np.arange(nodes + 1)))
        values = np.empty((len(phi), nodes))
        values[:, 0] = chebyshev[:, 1]
        values[:, 1] = 0.25 * chebyshev[:, 2]
        k = np.arange(2, nodes)
        values[:, 2:] = 0.5 * (chebyshev[:, 3:] / (k + 1) - chebyshev[:, 1:-2] / (k - 1))
        return values

    phi = np.arccos(np.clip(np.log1p(z) / half - 1.0, -1.0, 1.0))
    integrals = antiderivatives(phi) - antiderivatives(np.array([np.pi]))
    coefficients = 2.0 / nodes * np.cos(np.multiply.outer(np.arange(nodes), angle))
    coefficients[0] *= 0.5
    return half * (integrals @ coefficients) * expansion, expansion


def integration_matrix_errors(z):
    """Largest relative error of I over the file's redshifts and omega_m in [0, 1], per number of nodes."""
    omega = np.concatenate([[0.0, 1e-6, 1e-3], np.linspace(0.005, 0.995, 199), [0.999, 1.0 - 1e-6, 1.0]])
    exact = comoving_integral(z, omega)
    errors = {}
    for nodes in (8, 12, 16, 18, 20, 24, 32):
        matrix, expansion = integration_matrix(z, nodes, z.max())
        values = 1.0 / np.sqrt(1.0 + omega[:, None] * (expansion**3 - 1.0))
        errors[str(nodes)] = float(np.max(np.abs(values @ matrix.T / exact - 1.0)))
    return errors


class Likelihood:
    """Gaussian with covariance factor L: residuals are whitened once, and log h enters as a constant offset."""

    def __init__(self, z, mu, whitening, log_determinant):
        self.z = z
        self.mu = mu
        self.whitening = whitening
        self.constant = -0.5 * (len(z) * math.log(2.0 * math.pi) + log_determinant)
        self.ones = whitening @ np.ones(len(z))

    @classmethod
    def independent(cls, z, mu, sigma):
        return cls(z, mu, np.diag(1.0 / sigma), 2.0 * np.sum(np.log(sigma)))

    @classmethod
    def correlated(cls, z, mu, covariance):
        factor = np.linalg.cholesky(covariance)
        return cls(z, mu, np.linalg.inv(factor), 2.0 * np.sum(np.log(np.diag(factor))))

    def chi_squared(self, h, omega_m):
        """[omega_m, h]: residual(h) = residual(1) + 5 log10 h, a quadratic in log h."""
        residual = (self.mu - distance_modulus(self.z, 1.0, omega_m)) @ self.whitening.T
        shift = 5.0 * np.log10(np.atleast_1d(h))
        square = np.sum(residual**2, axis=1)[:, None]
        cross = (residual @ self.ones)[:, None]
        return square + 2.0 * cross * shift + (self.ones @ self.ones) * shift**2

    def log_density(self, h, omega_m):
        """log(likelihood x prior) inside the bounds, [omega_m, h]."""
        return self.constant - 0.5 * self.chi_squared(h, omega_m) + LOG_PRIOR


def composite_gauss_legendre(bounds, panels, nodes=8):
    x, weight = np.polynomial.legendre.leggauss(nodes)
    edges = np.linspace(*bounds, panels + 1)
    half = 0.5 * np.diff(edges)[:, None]
    points = edges[:-1, None] + half * (x + 1.0)
    return points.reshape(-1), (half * weight).reshape(-1)


def quantiles(points, weights, levels):
    cumulative = np.cumsum(weights) - 0.5 * weights
    return np.interp(levels, cumulative / weights.sum(), points).tolist()


def summary(likelihood, panels):
    h, h_weight = composite_gauss_legendre(H_BOUNDS, panels)
    omega, omega_weight = composite_gauss_legendre(OMEGA_BOUNDS, panels)
    log_density = likelihood.log_density(h, omega)
    peak = log_density.max()
    mass = np.exp(log_density - peak) * omega_weight[:, None] * h_weight
    total = mass.sum()
    mass /= total
    of_h, of_omega = mass.sum(axis=0), mass.sum(axis=1)
    mean = np.array([of_h @ h, of_omega @ omega])
    dh, domega = h - mean[0], omega - mean[1]
    deviation = np.sqrt([of_h @ dh**2, of_omega @ domega**2])
    correlation = (domega @ mass @ dh) / deviation.prod()
    levels = [0.025, 0.16, 0.5, 0.84, 0.975]
    order = np.sort(log_density.reshape(-1))[::-1]
    enclosed = np.cumsum(mass.reshape(-1)[np.argsort(-log_density.reshape(-1))])
    return {
        "mean": dict(zip(("h", "omega_m"), mean.tolist())),
        "standardDeviation": dict(zip(("h", "omega_m"), deviation.tolist())),
        "correlation": float(correlation),
        "logEvidence": float(peak + math.log(total)),
        "skewness": {
            "h": float(of_h @ dh**3 / deviation[0] ** 3),
            "omega_m": float(of_omega @ domega**3 / deviation[1] ** 3),
        },
        "quantiles": {
            "levels": levels,
            "h": quantiles(h, of_h, levels),
            "omega_m": quantiles(omega, of_omega, levels),
        },
        "highestDensityLogThreshold": {
            str(level): float(order[np.searchsorted(enclosed, level)] - peak) for level in (0.683, 0.954)
        },
    }


def largest_difference(a, b):
    if isinstance(a, dict):
        return max(largest_difference(a[key], b[key]) for key in a)
    return float(np.max(np.abs(np.asarray(a) - np.asarray(b))))


def record(likelihood):
    fine, coarse = summary(likelihood, 240), summary(likelihood, 120)
    exact = ("mean", "standardDeviation", "correlation", "logEvidence")

    def objective(point):
        return -likelihood.log_density(point[0], point[1])[0, 0]

    start = [fine["mean"]["h"], fine["mean"]["omega_m"]]
    best = minimize(objective, start, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-13, "maxiter": 4000})
    chi_squared = likelihood.chi_squared(best.x[0], best.x[1])[0, 0]
    points = [(0.7, 0.3), (0.68, 0.35), (0.72, 0.25), (0.9, 0.9), (0.45, 0.05)]
    return {
        "rows": len(likelihood.z),
        **fine,
        "maximumAPosteriori": {
            "h": best.x[0],
            "omega_m": best.x[1],
            "chiSquared": float(chi_squared),
            "logDensity": float(-best.fun),
        },
        "logLikelihoodAt": [
            {
                "h": h,
                "omega_m": omega,
                "logLikelihood": float(likelihood.log_density(h, omega)[0, 0] - LOG_PRIOR),
                "chiSquared": float(likelihood.chi_squared(h, omega)[0, 0]),
            }
            for h, omega in points
        ],
        "changeWhenGridIsHalved": max(largest_difference(fine[key], coarse[key]) for key in exact),
    }


def quadrature_error():
    worst = 0.0
    for omega in (0.001, 0.05, 0.3, 0.7, 0.999):
        for z in (0.01, 0.1, 0.5, 1.414):
            exact = quad(inverse_expansion_rate, 0.0, z, args=(omega,), epsabs=0, epsrel=1e-13)[0]
            worst = max(worst, abs(comoving_integral(np.array([z]), np.array([omega]))[0, 0] / exact - 1.0))
    return worst


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    with h5py.File(path, "r") as file:
        z = file["train/x"][:, 0].astype(np.float64)
        mu = file["train/y"][:].astype(np.float64).reshape(-1)
        sigma = file["train/y_err"][:].astype(np.float64).reshape(-1)
        binned = [file[f"binned/{name}"][:].astype(np.float64) for name in ("z", "mu", "cov")]
    checks = np.array([0.01, 0.1, 0.5, 1.0, 1.4])
    document = {
        "madeBy": "Tests/Golden/make_supernova_posterior.py",
        "data": "Data/supernovae/union2_1.h5",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        "model": " ".join(__doc__.split("\n\n", 2)[2].split()),
        "binnedNote": "the 30-bin moduli carry an arbitrary constant, which is degenerate with h: read its h as that constant",
        "speedOfLight": SPEED_OF_LIGHT,
        "prior": {"h": H_BOUNDS, "omega_m": OMEGA_BOUNDS},
        "comovingIntegralRelativeError": quadrature_error(),
        "integrationMatrixRelativeError": integration_matrix_errors(z),
        "distanceModulus": [
            {"h": h, "omega_m": omega, "z": checks.tolist(), "mu": distance_modulus(checks, h, omega)[0].tolist()}
            for h, omega in ((0.7, 0.3), (0.7, 1.0), (0.73, 0.25))
        ],
        "independent": record(Likelihood.independent(z, mu, sigma)),
        "binned": record(Likelihood.correlated(*binned)),
    }
    (HERE / "supernova_posterior.json").write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps({name: document[name] for name in ("integrationMatrixRelativeError", "independent", "binned")}, indent=1))


main()
