import Integrators

/// The pendulum in double-double, swinging 104 degrees.
public struct PrecisePendulum: ForceGradientHamiltonian {
  public init() {}
  public func velocity(_ momentum: DoubleDouble) -> DoubleDouble { momentum }
  public func force(_ position: DoubleDouble) -> DoubleDouble { -position.sine }
  public func hessian(at position: DoubleDouble, times direction: DoubleDouble) -> DoubleDouble {
    // cos q = sin(q + π/2)
    (position + DoubleDouble(1.5707963267948966, 6.123233995736766e-17)).sine * direction
  }
}

/// Hénon-Heiles in double-double.
public struct PreciseHenonHeiles: ForceGradientHamiltonian {
  public init() {}
  public func velocity(_ momentum: DoubleDoublePlane) -> DoubleDoublePlane { momentum }
  public func force(_ position: DoubleDoublePlane) -> DoubleDoublePlane {
    let (x, y) = (position.x, position.y)
    return DoubleDoublePlane(-x - 2 * x * y, y * y - x * x - y)
  }
  public func hessian(at position: DoubleDoublePlane, times direction: DoubleDoublePlane) -> DoubleDoublePlane {
    let (x, y) = (position.x, position.y)
    let one = DoubleDouble(1)
    return DoubleDoublePlane(
      (one + 2 * y) * direction.x + 2 * x * direction.y, 2 * x * direction.x + (one - 2 * y) * direction.y)
  }
}

/// A planet in double-double.
public struct PreciseKepler: ForceGradientHamiltonian {
  public init() {}
  public func velocity(_ momentum: DoubleDoublePlane) -> DoubleDoublePlane { momentum }
  public func force(_ position: DoubleDoublePlane) -> DoubleDoublePlane {
    let squared = position.x * position.x + position.y * position.y
    let cubed = squared * squared.squareRoot()
    return DoubleDoublePlane(-position.x / cubed, -position.y / cubed)
  }
  public func hessian(at position: DoubleDoublePlane, times direction: DoubleDoublePlane) -> DoubleDoublePlane {
    let squared = position.x * position.x + position.y * position.y
    let cubed = squared * squared.squareRoot()
    let along = 3 * (position.x * direction.x + position.y * direction.y) / squared
    return DoubleDoublePlane((direction.x - along * position.x) / cubed, (direction.y - along * position.y) / cubed)
  }
}

/// Rotation by p²/2 + q²/2 and a kick by the rest, as of `Pendulum`.
extension PrecisePendulum: SymplecticParts {
  public var partCount: Int { 2 }
  public func flow(of part: Int, _ state: inout Phase<DoubleDouble>, for time: Double) {
    if part == 0 {
      state.rotate(angularFrequency: 1, for: time)
    } else {
      state.momentum.add(time, times: state.position + force(state.position))
    }
  }
}

/// Rotation by |p|²/2 + |q|²/2 and a kick by the cubic part, as of `HenonHeiles`.
extension PreciseHenonHeiles: SymplecticParts {
  public var partCount: Int { 2 }
  public func flow(of part: Int, _ state: inout Phase<DoubleDoublePlane>, for time: Double) {
    if part == 0 {
      state.rotate(angularFrequency: 1, for: time)
    } else {
      state.momentum.add(time, times: force(state.position).moved(1, along: state.position))
    }
  }
}

/// The orders of a method on three nonlinear problems, measured in double-double over t = 5: with coefficients and step
/// sizes in double, errors above 1e-13 are those of the method. With `settled`, for coefficients of 32 digits, they are measured
/// at halved steps, which doubles hold exactly, down to 1e-27, and extrapolated.
public enum PreciseConvergence {
  public static let duration = 5.0

  private static func measured<Method: Stepper>(
    _ method: Method, on system: Method.System, from start: Method.State, settled: Bool, error: (Method.State) -> Double
  ) -> Convergence where Method.State.Scalar == Double {
    Convergence(
      of: method, on: system, from: start, duration: duration, floor: settled ? 1e-27 : 1e-13, halving: settled, error: error)
  }

  /// A swing of 104 degrees; the end is from mpmath (Tests/IntegratorLaws/reference.py).
  public static func pendulum<Method: Stepper>(_ method: Method, settled: Bool = false) -> Convergence
  where Method.System == PrecisePendulum, Method.State == Phase<DoubleDouble> {
    let start = Phase(position: DoubleDouble(1.5), momentum: DoubleDouble(0.5))
    let end = (
      DoubleDouble(-1.348683964620424, 6.619068822399923e-17), DoubleDouble(0.7410173842226147, 1.7112056675219788e-17)
    )
    return measured(method, on: PrecisePendulum(), from: start, settled: settled) { state in
      max(abs((state.position - end.0).high), abs((state.momentum - end.1).high))
    }
  }

  /// An orbit of energy 0.144; the end is from mpmath (Tests/IntegratorLaws/reference.py).
  public static func henonHeiles<Method: Stepper>(_ method: Method, settled: Bool = false) -> Convergence
  where Method.System == PreciseHenonHeiles, Method.State == Phase<DoubleDoublePlane> {
    let start = Phase(
      position: DoubleDoublePlane(DoubleDouble(0.1), DoubleDouble(0.3)),
      momentum: DoubleDoublePlane(DoubleDouble(0.4), DoubleDouble(-0.2)))
    let end = Phase(
      position: DoubleDoublePlane(
        DoubleDouble(-0.1573233531133399, -2.1340003324440653e-18), DoubleDouble(0.48044181657147284, 2.662476970504002e-17)),
      momentum: DoubleDoublePlane(
        DoubleDouble(-0.006387458114296003, 5.475609242829668e-21), DoubleDouble(0.2872864736460393, 2.621970603015391e-17)))
    return measured(method, on: PreciseHenonHeiles(), from: start, settled: settled, error: distance(to: end))
  }

  /// An ellipse of eccentricity 1/4; the end is from Kepler's equation in mpmath (Tests/IntegratorLaws/reference.py).
  public static func kepler<Method: Stepper>(_ method: Method, settled: Bool = false) -> Convergence
  where Method.System == PreciseKepler, Method.State == Phase<DoubleDoublePlane> {
    let start = Phase(
      position: DoubleDoublePlane(DoubleDouble(0.75), DoubleDouble(0)),
      momentum: DoubleDoublePlane(DoubleDouble(0), DoubleDouble(1.2909944487358056, 2.861143208346483e-17)))
    let end = Phase(
      position: DoubleDoublePlane(
        DoubleDouble(-0.2122194893515767, 1.0126411623802999e-17), DoubleDouble(-0.9675545687203889, -2.3914888338443397e-17)),
      momentum: DoubleDoublePlane(
        DoubleDouble(1.0088144428537205, 4.3740996947804696e-17), DoubleDouble(0.036929627181380986, -8.034521720905361e-19)))
    return measured(method, on: PreciseKepler(), from: start, settled: settled, error: distance(to: end))
  }

  private static func distance(to end: Phase<DoubleDoublePlane>) -> (Phase<DoubleDoublePlane>) -> Double {
    { state in
      let offset = state.moved(-1, along: end)
      return [offset.position.x, offset.position.y, offset.momentum.x, offset.momentum.y].map { abs($0.high) }.max() ?? 0
    }
  }
}
