import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// H = p²/2 − cos q.
public struct Pendulum: MeasurableHamiltonian, ForceGradientHamiltonian {
  public init() {}
  public func velocity(_ momentum: Double) -> Double { momentum }
  public func force(_ position: Double) -> Double { -sin(position) }
  public func hessian(at position: Double, times direction: Double) -> Double { cos(position) * direction }
  public func kineticEnergy(_ momentum: Double) -> Double { momentum * momentum / 2 }
  public func potentialEnergy(_ position: Double) -> Double { -cos(position) }
}

/// Rotation by p²/2 + q²/2 and a kick by the rest, q − sin q.
extension Pendulum: SymplecticParts {
  public var partCount: Int { 2 }
  public func flow(of part: Int, _ state: inout Phase<Double>, for time: Double) {
    if part == 0 {
      state.rotate(angularFrequency: 1, for: time)
    } else {
      state.momentum += time * (state.position - sin(state.position))
    }
  }
}

/// H = |p|²/2 + |q|²/2 + x² y − y³/3: polynomial, so its figures are the same bits on every machine.
/// Hénon, Heiles, Astron. J. 69, 73 (1964).
public struct HenonHeiles: MeasurableHamiltonian, ForceGradientHamiltonian {
  public init() {}
  public func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
  public func force(_ position: SIMD2<Double>) -> SIMD2<Double> {
    let (x, y) = (position.x, position.y)
    return SIMD2(-x - 2 * x * y, -y - x * x + y * y)
  }
  public func hessian(at position: SIMD2<Double>, times direction: SIMD2<Double>) -> SIMD2<Double> {
    let (x, y) = (position.x, position.y)
    return SIMD2((1 + 2 * y) * direction.x + 2 * x * direction.y, 2 * x * direction.x + (1 - 2 * y) * direction.y)
  }
  public func kineticEnergy(_ momentum: SIMD2<Double>) -> Double { (momentum * momentum).sum() / 2 }
  public func potentialEnergy(_ position: SIMD2<Double>) -> Double {
    let (x, y) = (position.x, position.y)
    return (x * x + y * y) / 2 + x * x * y - y * y * y / 3
  }
}

/// Rotation by |p|²/2 + |q|²/2 and a kick by the cubic part.
extension HenonHeiles: SymplecticParts {
  public var partCount: Int { 2 }
  public func flow(of part: Int, _ state: inout Phase<SIMD2<Double>>, for time: Double) {
    if part == 0 {
      state.rotate(angularFrequency: 1, for: time)
    } else {
      state.momentum += time * (force(state.position) + state.position)
    }
  }
}

/// H = |p|²/2 − 1/|q|: a planet about a unit mass.
public struct Kepler: MeasurableHamiltonian, ForceGradientHamiltonian {
  public init() {}
  public func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
  public func force(_ position: SIMD2<Double>) -> SIMD2<Double> {
    let squared = (position * position).sum()
    return position / -(squared * squared.squareRoot())
  }
  public func hessian(at position: SIMD2<Double>, times direction: SIMD2<Double>) -> SIMD2<Double> {
    let squared = (position * position).sum()
    return (direction - position * (3 * (position * direction).sum() / squared)) / (squared * squared.squareRoot())
  }
  public func kineticEnergy(_ momentum: SIMD2<Double>) -> Double { (momentum * momentum).sum() / 2 }
  public func potentialEnergy(_ position: SIMD2<Double>) -> Double { -1 / (position * position).sum().squareRoot() }

  /// The state at perihelion of the orbit of semi-major axis 1, whose period is 2 π.
  public static func perihelion(eccentricity: Double) -> Phase<SIMD2<Double>> {
    Phase(
      position: SIMD2(1 - eccentricity, 0),
      momentum: SIMD2(0, ((1 + eccentricity) / (1 - eccentricity)).squareRoot()))
  }

  /// The state a time after perihelion, from Kepler's equation M = E − e sin E.
  public static func orbit(eccentricity: Double, at time: Double) -> Phase<SIMD2<Double>> {
    var anomaly = time
    for _ in 0..<50 { anomaly -= (anomaly - eccentricity * sin(anomaly) - time) / (1 - eccentricity * cos(anomaly)) }
    let minor = (1 - eccentricity * eccentricity).squareRoot()
    let rate = 1 / (1 - eccentricity * cos(anomaly))
    return Phase(
      position: SIMD2(cos(anomaly) - eccentricity, minor * sin(anomaly)),
      momentum: SIMD2(-sin(anomaly) * rate, minor * cos(anomaly) * rate))
  }
}
