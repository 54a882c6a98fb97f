import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A named initial-value problem for methods that take any differential equation.
///
/// What is known of the end stands in Tests/IntegratorLaws/initial_value_problems.json, with the script that computed it.
public struct InitialValueProblem: DifferentialEquation {
  public let name: String
  public let initial: [Double]
  public let end: Double
  /// Needs a method for stiff equations.
  public let isStiff: Bool
  /// How much the end moves, about, when the solution is disturbed on the way.
  public let sensitivity: Double
  let slope: @Sendable ([Double], Double) -> [Double]

  init(
    _ name: String, from initial: [Double], until end: Double, isStiff: Bool = false, sensitivity: Double = 1,
    _ slope: @escaping @Sendable ([Double], Double) -> [Double]
  ) {
    self.name = name
    self.initial = initial
    self.end = end
    self.isStiff = isStiff
    self.sensitivity = sensitivity
    self.slope = slope
  }

  public func derivative(_ state: [Double], at time: Double) -> [Double] { slope(state, time) }

  /// Every problem of this catalogue.
  public static let catalogue: [InitialValueProblem] = classics + detest

  /// The problem of that name in the catalogue.
  public static func named(_ name: String) -> InitialValueProblem? { catalogue.first { $0.name == name } }
}

extension InitialValueProblem: CustomStringConvertible {
  public var description: String { name }
}

extension InitialValueProblem {
  /// The examples of Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I and II.
  public static let classics: [InitialValueProblem] = [
    kepler, lotkaVolterra, vanDerPol, brusselator, arenstorf, lorenz, stiffVanDerPol, robertson,
  ]

  /// A planet of eccentricity 0.6 for three revolutions: (x, y, ẋ, ẏ).
  public static let kepler = InitialValueProblem("kepler", from: [0.4, 0, 0, 2], until: 6 * Double.pi, sensitivity: 100, planet)

  /// Prey and predators.
  public static let lotkaVolterra = InitialValueProblem("lotkaVolterra", from: [1, 1], until: 20, sensitivity: 10) { y, _ in
    [1.5 * y[0] - y[0] * y[1], y[0] * y[1] - 3 * y[1]]
  }

  /// The oscillator of van der Pol with ε = 1/5.
  public static let vanDerPol = InitialValueProblem("vanDerPol", from: [2, 0], until: 20, sensitivity: 10, vanDerPol(5))

  /// The reaction of the Brusselator, without diffusion (I.16).
  public static let brusselator = InitialValueProblem("brusselator", from: [1.5, 3], until: 20, sensitivity: 10) { y, _ in
    [1 + y[0] * y[0] * y[1] - 4 * y[0], 3 * y[0] - y[0] * y[0] * y[1]]
  }

  /// A satellite between earth and moon, whose orbit closes after this time (I.0).
  public static let arenstorf = InitialValueProblem(
    "arenstorf", from: [0.994, 0, 0, -2.00158510637908252240537862224], until: 17.0652165601579625588917206249,
    sensitivity: 1e5
  ) { y, _ in
    let moon = 0.012277471
    let earth = 1 - moon
    let (fromEarth, fromMoon) = (y[0] + moon, y[0] - earth)
    let a = pow(fromEarth * fromEarth + y[1] * y[1], 1.5)
    let b = pow(fromMoon * fromMoon + y[1] * y[1], 1.5)
    return [
      y[2], y[3], y[0] + 2 * y[3] - earth * fromEarth / a - moon * fromMoon / b,
      y[1] - 2 * y[2] - earth * y[1] / a - moon * y[1] / b,
    ]
  }

  /// Convection by Lorenz, σ = 10, ρ = 28, β = 8/3.
  public static let lorenz = InitialValueProblem("lorenz", from: [1, 1, 1], until: 10, sensitivity: 1e4) { y, _ in
    [10 * (y[1] - y[0]), y[0] * (28 - y[2]) - y[1], y[0] * y[1] - 8 / 3 * y[2]]
  }

  /// The oscillator of van der Pol with ε = 1/1000 (II.IV.10, in the slow time).
  public static let stiffVanDerPol = InitialValueProblem(
    "stiffVanDerPol", from: [2, 0], until: 2_000, isStiff: true, sensitivity: 100, vanDerPol(1_000))

  /// Three species that react at rates from 0.04 to 3e7 (II.IV.1).
  public static let robertson = InitialValueProblem("robertson", from: [1, 0, 0], until: 1e5, isStiff: true) { y, _ in
    let (slow, back, fast) = (0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1])
    return [back - slow, slow - back - fast, fast]
  }

  static let planet: @Sendable ([Double], Double) -> [Double] = { y, _ in
    let cubed = pow(y[0] * y[0] + y[1] * y[1], 1.5)
    return [y[2], y[3], -y[0] / cubed, -y[1] / cubed]
  }

  static func vanDerPol(_ stiffness: Double) -> @Sendable ([Double], Double) -> [Double] {
    { y, _ in [y[1], stiffness * (1 - y[0] * y[0]) * y[1] - y[0]] }
  }
}
