extension ExplicitTableau {
  /// y₁ = y₀ + h f₀.
  public static let euler = ExplicitTableau(
    "euler", order: 1,
    nodes: [0],
    stages: [],
    weights: [1],
    reference: "Euler, Institutionum calculi integralis (1768)")

  /// The slope at the middle of an Euler step of half the size.
  public static let midpoint = ExplicitTableau(
    "midpoint", order: 2,
    nodes: [0, 0.5],
    stages: [
      [0.5]
    ],
    weights: [0, 1],
    reference: "Runge, Math. Ann. 46, 167 (1895)")

  /// The mean of the slopes at both ends: the explicit trapezoidal rule.
  public static let heun = ExplicitTableau(
    "heun", order: 2,
    nodes: [0, 1],
    stages: [
      [1]
    ],
    weights: [0.5, 0.5],
    reference: "Heun, Z. Math. Phys. 45, 23 (1900)")

  /// Two stages of second order with the smallest bound on the local error.
  public static let ralston = ExplicitTableau(
    "ralston", order: 2,
    nodes: [0, 0.6666666666666666],
    stages: [
      [0.6666666666666666]
    ],
    weights: [0.25, 0.75],
    reference: "Ralston, Math. Comp. 16, 431 (1962)")

  /// The classical four stages of fourth order.
  public static let rungeKutta4 = ExplicitTableau(
    "rungeKutta4", order: 4,
    nodes: [0, 0.5, 0.5, 1],
    stages: [
      [0.5],
      [0, 0.5],
      [0, 0, 1],
    ],
    weights: [0.16666666666666666, 0.3333333333333333, 0.3333333333333333, 0.16666666666666666],
    reference: "Kutta, Z. Math. Phys. 46, 435 (1901)")
}
