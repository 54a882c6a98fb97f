import Integrators

/// Steps as |q|^(3/2), which Kepler's third law asks for.
extension Kepler: PacedHamiltonian {
  public func pace(_ state: Phase<SIMD2<Double>>) -> Double {
    let distance = (state.position * state.position).sum().squareRoot()
    return distance * distance.squareRoot()
  }
  public func quickening(_ state: Phase<SIMD2<Double>>) -> Double {
    -1.5 * (state.position * state.momentum).sum() / (state.position * state.position).sum()
  }
}

/// A star in a flattened cluster: V = −1/√(ε² + x² + 1.5 y²), deep and narrow for a small core ε.
public struct FlattenedCluster: MeasurableHamiltonian, NaturalHamiltonian, PacedHamiltonian {
  static let core = 0.05

  public init() {}

  private func depth(_ position: SIMD2<Double>) -> Double {
    1 / (Self.core * Self.core + position.x * position.x + 1.5 * position.y * position.y).squareRoot()
  }

  public func velocity(_ momentum: SIMD2<Double>) -> SIMD2<Double> { momentum }
  public func force(_ position: SIMD2<Double>) -> SIMD2<Double> {
    let depth = depth(position)
    return -depth * depth * depth * SIMD2(position.x, 1.5 * position.y)
  }
  public func kineticEnergy(_ momentum: SIMD2<Double>) -> Double { (momentum * momentum).sum() / 2 }
  public func potentialEnergy(_ position: SIMD2<Double>) -> Double { -depth(position) }

  /// σ = U^(−3/2)
  public func pace(_ state: Phase<SIMD2<Double>>) -> Double {
    let depth = depth(state.position)
    return 1 / (depth * depth.squareRoot())
  }
  public func quickening(_ state: Phase<SIMD2<Double>>) -> Double {
    1.5 * (force(state.position) * state.momentum).sum() / depth(state.position)
  }
}
