import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A nonlinear initial-value problem with a known end: linear ones let methods converge faster than they do elsewhere.
public struct ReferenceProblem<System: MeasurableHamiltonian>: Sendable where System.Q: CoordinateSpace, System.Q.Scalar == Double {
  public let name: String
  public let system: System
  public let initial: Phase<System.Q>
  public let duration: Double
  /// The exact state at the end, to all digits of a Double.
  public let final: Phase<System.Q>
}

extension ReferenceProblem where System == Pendulum {
  /// A swing of 104 degrees. The end is from mpmath's Taylor integrator (Tests/IntegratorLaws/reference.py).
  public static let pendulum = ReferenceProblem(
    name: "pendulum", system: Pendulum(), initial: Phase(position: 1.5, momentum: 0.5), duration: 5,
    final: Phase(position: -1.3486839646204239922, momentum: 0.74101738422261466723))
}

extension ReferenceProblem where System == HenonHeiles {
  /// An orbit of energy 0.144. The end is from mpmath's Taylor integrator (Tests/IntegratorLaws/reference.py).
  public static let henonHeiles = ReferenceProblem(
    name: "Hénon-Heiles", system: HenonHeiles(),
    initial: Phase(position: SIMD2(0.1, 0.3), momentum: SIMD2(0.4, -0.2)), duration: 5,
    final: Phase(
      position: SIMD2(-0.15732335311333989824, 0.48044181657147283903),
      momentum: SIMD2(-0.0063874581142959419791, 0.28728647364603933149)))
}

extension ReferenceProblem where System == Kepler {
  /// An ellipse of eccentricity 0.3, followed for most of a revolution; the end is from Kepler's equation.
  public static let kepler = ReferenceProblem(
    name: "Kepler", system: Kepler(), initial: Kepler.perihelion(eccentricity: 0.3), duration: 5,
    final: Kepler.orbit(eccentricity: 0.3, at: 5))
}

/// How the error at the end of a problem falls with the step size: error ≈ constant · hᵒʳᵈᵉʳ.
public struct Convergence: Sendable {
  /// Step sizes and errors used: the last three above the plateau of round-off, or four when steps are halved.
  public let points: [(stepSize: Double, error: Double)]
  public let order: Double

  /// Shrinks the step size from 1/8 of the duration by two thirds until the error drowns in round-off.
  public init<Method: Stepper>(
    of method: Method, on problem: ReferenceProblem<Method.System>
  ) where Method.State == Phase<Method.System.Q>, Method.System: MeasurableHamiltonian {
    self.init(of: method, on: problem.system, from: problem.initial, duration: problem.duration, floor: 5e-12) {
      distance($0, problem.final)
    }
  }

  /// The same for any system and any measure of the error; errors below `floor` count as round-off. With
  /// `halving`, steps have half the size each time instead of two thirds, and the slopes between neighbours are extrapolated to
  /// h = 0 by Richardson's method: they are order + O(h).
  public init<Method: Stepper>(
    of method: Method, on system: Method.System, from initial: Method.State, duration: Double, floor: Double,
    halving: Bool = false, error: (Method.State) -> Double
  ) where Method.State.Scalar == Double {
    var points: [(stepSize: Double, error: Double)] = []
    var steps = 8
    while steps < (halving ? 40_000 : 10_000) {
      let stepSize = duration / Double(steps)
      let error = error(integrate(system, from: initial, stepSize: stepSize, steps: steps, with: method))
      if error.isFinite {
        guard error > floor else { break }
        points.append((stepSize, error))
      }
      steps = halving ? 2 * steps : steps * 3 / 2
    }
    points = points.suffix(halving ? 4 : 3)
    self.points = points
    if halving, points.count == 4 {
      let slopes = zip(points, points.dropFirst()).map { log2($0.error / $1.error) }
      order = (8 * slopes[2] - 6 * slopes[1] + slopes[0]) / 3
    } else {
      order = leastSquaresSlope(points.map { (log($0.stepSize), log($0.error)) })
    }
  }

  /// The error of the smallest step used, divided by the step to the power of the order.
  public func constant(order: Int) -> Double { points.last.map { $0.error / pow($0.stepSize, Double(order)) } ?? .nan }
}

extension Convergence: CustomStringConvertible {
  public var description: String {
    let errors = points.map { "\(scientific($0.error, digits: 2)) at h = \(scientific($0.stepSize, digits: 2))" }
    return "order \(fixed(order, decimals: 2)): " + errors.joined(separator: ", ")
  }
}
