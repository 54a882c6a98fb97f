import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A bob on a rod of unit length, as a constraint of the plane: g = (|q|² − 1)/2, gravity 1, downwards.
public struct RodPendulum: ConstrainedHamiltonian {
  public init() {}
  public func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
  public func force(_ position: SIMD2<Double>) -> SIMD2<Double> { SIMD2(0, -1) }
  public var constraintCount: Int { 1 }
  public func constraint(_ index: Int, at position: SIMD2<Double>) -> Double { ((position * position).sum() - 1) / 2 }
  public func constraintGradient(_ index: Int, at position: SIMD2<Double>) -> SIMD2<Double> { position }
  /// `½ |p|²` and the heights.
  public func energy(_ state: Phase<SIMD2<Double>>) -> Double { (state.momentum * state.momentum).sum() / 2 + state.position.y }

  /// The state at an angle from the vertical, with an angular velocity.
  public static func state(angle: Double, velocity: Double) -> Phase<SIMD2<Double>> {
    Phase(position: SIMD2(sin(angle), -cos(angle)), momentum: velocity * SIMD2(cos(angle), sin(angle)))
  }
}

/// A bob on a sphere of unit radius, gravity 1: the spherical pendulum, whose angular momentum about the vertical is conserved.
public struct SphericalPendulum: ConstrainedHamiltonian {
  public init() {}
  public func velocity(_ momentum: SIMD3<Double>) -> SIMD3<Double> { momentum }
  public func force(_ position: SIMD3<Double>) -> SIMD3<Double> { SIMD3(0, 0, -1) }
  public var constraintCount: Int { 1 }
  public func constraint(_ index: Int, at position: SIMD3<Double>) -> Double { ((position * position).sum() - 1) / 2 }
  public func constraintGradient(_ index: Int, at position: SIMD3<Double>) -> SIMD3<Double> { position }
  /// `½ |p|²` and the heights.
  public func energy(_ state: Phase<SIMD3<Double>>) -> Double { (state.momentum * state.momentum).sum() / 2 + state.position.z }
  /// `x p_y - y p_x`, which the motion keeps.
  public func verticalMomentum(_ state: Phase<SIMD3<Double>>) -> Double {
    state.position.x * state.momentum.y - state.position.y * state.momentum.x
  }
}

/// Two bobs of unit mass on two rods of unit length, one below the other, gravity 1: (x₁, y₁, x₂, y₂) and two constraints.
public struct DoublePendulum: ConstrainedHamiltonian {
  public init() {}
  public func velocity(_ momentum: SIMD4<Double>) -> SIMD4<Double> { momentum }
  public func force(_ position: SIMD4<Double>) -> SIMD4<Double> { SIMD4(0, -1, 0, -1) }
  public var constraintCount: Int { 2 }
  public func constraint(_ index: Int, at position: SIMD4<Double>) -> Double {
    let rod = index == 0 ? position.lowHalf : position.highHalf - position.lowHalf
    return ((rod * rod).sum() - 1) / 2
  }
  public func constraintGradient(_ index: Int, at position: SIMD4<Double>) -> SIMD4<Double> {
    if index == 0 { return SIMD4(lowHalf: position.lowHalf, highHalf: .zero) }
    let rod = position.highHalf - position.lowHalf
    return SIMD4(lowHalf: -rod, highHalf: rod)
  }
  /// `½ |p|²` and the heights.
  public func energy(_ state: Phase<SIMD4<Double>>) -> Double {
    (state.momentum * state.momentum).sum() / 2 + state.position.y + state.position.w
  }

  /// The state at two angles from the vertical, with their angular velocities.
  public static func state(angles: SIMD2<Double>, velocities: SIMD2<Double>) -> Phase<SIMD4<Double>> {
    let first = RodPendulum.state(angle: angles.x, velocity: velocities.x)
    let second = RodPendulum.state(angle: angles.y, velocity: velocities.y)
    return Phase(
      position: SIMD4(lowHalf: first.position, highHalf: first.position + second.position),
      momentum: SIMD4(lowHalf: first.momentum, highHalf: first.momentum + second.momentum))
  }
}
