"""The integrator of the flow workloads, in arithmetic that every peer's arrays understand."""


def leapfrog(potential_gradient, velocity, q, p, time_step, steps):
    """Kick-drift-kick with adjacent kicks merged: steps + 1 potential gradients."""
    p = p - 0.5 * time_step * potential_gradient(q)
    for index in range(steps):
        q = q + time_step * velocity(p)
        kick = time_step if index < steps - 1 else 0.5 * time_step
        p = p - kick * potential_gradient(q)
    return q, p
