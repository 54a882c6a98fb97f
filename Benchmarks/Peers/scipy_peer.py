"""The speed comparison on SciPy's RK45 and DOP853: prints what Sources/runge-kutta prints."""

import math
import time

import numpy as np
from scipy.integrate import solve_ivp


def kepler(t, s):
    squared = s[0] * s[0] + s[1] * s[1]
    strength = -1 / (squared * math.sqrt(squared))
    return [s[2], s[3], s[0] * strength, s[1] * strength]


def henon_heiles(t, s):
    return [s[2], s[3], -s[0] - 2 * s[0] * s[1], -s[1] - s[0] * s[0] + s[1] * s[1]]


def arenstorf(t, s):
    moon = 0.012277471
    earth = 1 - moon
    from_earth, from_moon = s[0] + moon, s[0] - earth
    a, b = from_earth**2 + s[1] ** 2, from_moon**2 + s[1] ** 2
    pull_of_earth, pull_of_moon = earth / (a * math.sqrt(a)), moon / (b * math.sqrt(b))
    return [
        s[2],
        s[3],
        s[0] + 2 * s[3] - from_earth * pull_of_earth - from_moon * pull_of_moon,
        s[1] - 2 * s[2] - s[1] * pull_of_earth - s[1] * pull_of_moon,
    ]


def lorenz(t, s):
    return [10 * (s[1] - s[0]), s[0] * (28 - s[2]) - s[1], s[0] * s[1] - 8 / 3 * s[2]]


problems = [
    ("kepler", kepler, [0.5, 0, 0, 1.7320508075688772], 62.83185307179586, [0.5, 0, 0, 1.7320508075688772]),
    (
        "henon-heiles", henon_heiles, [0.1, 0.3, 0.4, -0.2], 30,
        [0.14440970946631349985, -0.25980113662695710834, -0.3493255405531254404, 0.27706727611019845289]),
    (
        "arenstorf", arenstorf, [0.994, 0, 0, -2.00158510637908252240537862224], 17.0652165601579625588917206249,
        [0.994, 0, 0, -2.00158510637908252240537862224]),
    ("lorenz", lorenz, [1, 1, 1], 10, [-4.9026875411346457319, -3.7438729218029196163, 24.690858102790555453]),
]

for name, method in [("dormandPrince5", "RK45"), ("dormandPrince8", "DOP853")]:
    for problem, slope, initial, end, final in problems:
        for exponent in range(5, 11, 2):
            tolerance = 10.0**-exponent
            begin = time.perf_counter()
            solution = solve_ivp(slope, (0, end), initial, method=method, rtol=tolerance, atol=tolerance)
            nanoseconds = (time.perf_counter() - begin) * 1e9
            error = np.abs(solution.y[:, -1] - final).max()
            print(problem, name, tolerance, error, nanoseconds, solution.nfev)
