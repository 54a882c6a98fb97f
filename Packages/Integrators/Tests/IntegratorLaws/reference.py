"""Ends of the reference problems, by mpmath's Taylor integrator with 30 digits."""

import mpmath as mp

mp.mp.dps = 30


def end(derivative, initial):
    solution = mp.odefun(derivative, 0, [mp.mpf(value) for value in initial], tol=mp.mpf(10) ** -24)
    return [mp.nstr(value, 20) for value in solution(5)]


def pendulum(time, state):
    position, momentum = state
    return [momentum, -mp.sin(position)]


def henon_heiles(time, state):
    x, y, momentum_x, momentum_y = state
    return [momentum_x, momentum_y, -x - 2 * x * y, -y - x**2 + y**2]


print("pendulum", end(pendulum, ["1.5", "0.5"]))
print("Henon-Heiles", end(henon_heiles, ["0.1", "0.3", "0.4", "-0.2"]))
