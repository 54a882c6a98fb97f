"""Ends of the reference problems, by mpmath's Taylor integrator with 36 digits: rounded, and as the sum of two doubles."""

import mpmath as mp

mp.mp.dps = 36


def show(name, values):
    for value in values:
        high = float(value)
        print(name, mp.nstr(value, 20), f"({high!r}, {float(value - high)!r})")


def end(derivative, initial):
    return mp.odefun(derivative, 0, [mp.mpf(value) for value in initial], tol=mp.mpf(10) ** -32)(5)


def pendulum(time, state):
    position, momentum = state
    return [momentum, -mp.sin(position)]


def henon_heiles(time, state):
    x, y, momentum_x, momentum_y = state
    return [momentum_x, momentum_y, -x - 2 * x * y, -y - x**2 + y**2]


def kepler(eccentricity, time):
    anomaly = mp.findroot(lambda anomaly: anomaly - eccentricity * mp.sin(anomaly) - time, time)
    minor = mp.sqrt(1 - eccentricity**2)
    rate = 1 / (1 - eccentricity * mp.cos(anomaly))
    return [
        mp.cos(anomaly) - eccentricity, minor * mp.sin(anomaly), -mp.sin(anomaly) * rate, minor * mp.cos(anomaly) * rate,
    ]


# The problems start from the nearest doubles, which 36 digits tell from the decimal fractions.
show("pendulum", end(pendulum, [1.5, 0.5]))
show("Henon-Heiles", end(henon_heiles, [0.1, 0.3, 0.4, -0.2]))
# The perihelion of eccentricity 0.25: 3/4, and a momentum of the square root of 5/3.
show("Kepler, start", [mp.mpf(3) / 4, mp.sqrt(mp.mpf(5) / 3)])
show("Kepler", kepler(mp.mpf(1) / 4, mp.mpf(5)))


def double_pendulum(time, state):
    first, second, first_rate, second_rate = state
    between = first - second
    denominator = 3 - mp.cos(2 * between)
    first_force = -3 * mp.sin(first) - mp.sin(first - 2 * second)
    first_force -= 2 * mp.sin(between) * (second_rate**2 + first_rate**2 * mp.cos(between))
    second_force = 2 * mp.sin(between) * (2 * first_rate**2 + 2 * mp.cos(first) + second_rate**2 * mp.cos(between))
    return [first_rate, second_rate, first_force / denominator, second_force / denominator]


show("double pendulum", end(double_pendulum, [1.0, 0.5, 0.0, 0.25]))
