import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Three particles on a ring with springs exp(qᵢ − qᵢ₊₁): integrable. Toda, J. Phys. Soc. Jpn. 22, 431 (1967).
public struct Toda: MeasurableHamiltonian, ForceGradientHamiltonian {
  public init() {}

  /// exp(qᵢ − qᵢ₊₁) for i = 1, 2, 3.
  static func springs(_ q: SIMD3<Double>) -> SIMD3<Double> { SIMD3(exp(q.x - q.y), exp(q.y - q.z), exp(q.z - q.x)) }

  public func velocity(_ momentum: SIMD3<Double>) -> SIMD3<Double> { momentum }
  public func force(_ position: SIMD3<Double>) -> SIMD3<Double> {
    let spring = Self.springs(position)
    return SIMD3(spring.z, spring.x, spring.y) - spring
  }
  public func hessian(at position: SIMD3<Double>, times direction: SIMD3<Double>) -> SIMD3<Double> {
    let stretch = Self.springs(position) * (direction - SIMD3(direction.y, direction.z, direction.x))
    return stretch - SIMD3(stretch.z, stretch.x, stretch.y)
  }
  public func kineticEnergy(_ momentum: SIMD3<Double>) -> Double { (momentum * momentum).sum() / 2 }
  public func potentialEnergy(_ position: SIMD3<Double>) -> Double { Self.springs(position).sum() }

  /// The third integral, beside energy and total momentum: p₁p₂p₃ − p₁ e^(q₂−q₃) − p₂ e^(q₃−q₁) − p₃ e^(q₁−q₂).
  /// Hénon, Phys. Rev. B 9, 1921 (1974).
  public func henonIntegral(_ state: Phase<SIMD3<Double>>) -> Double {
    let (p, spring) = (state.momentum, Self.springs(state.position))
    return p.x * p.y * p.z - p.x * spring.y - p.y * spring.z - p.z * spring.x
  }
}
