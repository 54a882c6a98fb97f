/// H = pᵀ M⁻¹ p / 2 + V(q) on the surface g₁(q) = … = gₘ(q) = 0, held there by forces along the gradients of g.
///
/// Not a `SeparableHamiltonian`: an unconstrained method would leave the surface, and does not compile.
public protocol ConstrainedHamiltonian: Sendable {
  /// The space of positions, and of momenta.
  associatedtype Q: CoordinateSpace

  /// M⁻¹ p, linear in the momentum.
  func velocity(_ momentum: Q) -> Q

  /// −∂V/∂q, without the forces of the constraints.
  func force(_ position: Q) -> Q

  /// m
  var constraintCount: Int { get }

  /// gᵢ(q), zero on the surface, for 0 ≤ i < m.
  func constraint(_ index: Int, at position: Q) -> Q.Scalar

  /// ∇gᵢ(q): the i-th column of the transposed Jacobian.
  func constraintGradient(_ index: Int, at position: Q) -> Q
}

extension ConstrainedHamiltonian {
  /// The largest |gᵢ(q)|.
  @inlinable
  public func constraintError(_ position: Q) -> Q.Scalar {
    (0..<constraintCount).reduce(0) { Swift.max($0, abs(constraint($1, at: position))) }
  }

  /// The largest |∇gᵢ(q) · M⁻¹ p|: how fast the momentum leaves the surface.
  @inlinable
  public func tangencyError(_ state: Phase<Q>) -> Q.Scalar {
    let velocity = velocity(state.momentum)
    return (0..<constraintCount).reduce(0) {
      Swift.max($0, abs(constraintGradient($1, at: state.position).dot(velocity)))
    }
  }
}

extension CoordinateSpace {
  /// Σᵢ xᵢ yᵢ over the coordinates.
  @inlinable
  public func dot(_ other: Self) -> Scalar {
    var sum: Scalar = 0
    for index in 0..<coordinateCount { sum += self[coordinate: index] * other[coordinate: index] }
    return sum
  }
}
