import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A particle of unit charge and mass in a uniform electric and magnetic field: dx/dt = v, dv/dt = E + v × B.
///
/// Three parts solved exactly, drift, acceleration and gyration: `StrangSplitting` of them is Boris's method with the exact
/// angle. The state holds velocities, not canonical momenta: the map preserves volume.
/// Boris, Proc. 4th Conf. Numer. Simul. Plasmas, 3 (1970); Qin et al., Phys. Plasmas 20, 084503 (2013).
public struct ChargedParticle: SolvableParts {
  public let electricField: SIMD3<Double>
  public let magneticField: SIMD3<Double>

  public init(electricField: SIMD3<Double>, magneticField: SIMD3<Double>) {
    self.electricField = electricField
    self.magneticField = magneticField
  }

  public var partCount: Int { 3 }

  public func flow(of part: Int, _ state: inout Phase<SIMD3<Double>>, for time: Double) {
    switch part {
    case 0: state.position += time * state.momentum
    case 1: state.momentum += time * electricField
    default: state.momentum = gyrated(state.momentum, for: time)
    }
  }

  /// |v|²/2 − E · x
  public func energy(_ state: Phase<SIMD3<Double>>) -> Double {
    (state.momentum * state.momentum).sum() / 2 - (electricField * state.position).sum()
  }

  /// The exact state a time later, for fields at right angles: a circle that drifts with E × B / B².
  public func orbit(from start: Phase<SIMD3<Double>>, at time: Double) -> Phase<SIMD3<Double>> {
    let strength = (magneticField * magneticField).sum().squareRoot()
    let drift = cross(electricField, magneticField) / (strength * strength)
    let circling = start.momentum - drift
    let axis = magneticField / strength
    let along = (circling * axis).sum() * axis
    let across = circling - along
    let sideways = cross(across, axis)
    let angle = strength * time
    let shift = (sin(angle) * across + (1 - cos(angle)) * sideways) / strength
    return Phase(
      position: start.position + time * (drift + along) + shift,
      momentum: drift + along + cos(angle) * across + sin(angle) * sideways)
  }

  /// v turned about B by −|B| t: Rodrigues' formula.
  private func gyrated(_ velocity: SIMD3<Double>, for time: Double) -> SIMD3<Double> {
    let strength = (magneticField * magneticField).sum().squareRoot()
    let axis = magneticField / strength
    let angle = strength * time
    let along = (velocity * axis).sum() * axis
    return along + cos(angle) * (velocity - along) + sin(angle) * cross(velocity, axis)
  }

  private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
