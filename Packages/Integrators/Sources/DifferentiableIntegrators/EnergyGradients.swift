import Autodiff
import Integrators

/// The separable Hamiltonian whose velocity and force are gradients of two energies, found by differentiation.
///
///     let well = EnergyGradients(inverseMass: Tensor(0.8)) { q in 0.5 * (q * q).sum(axis: -1) }
///     let end = integrate(well, from: start, stepSize: 0.1, steps: 10, with: SplittingMethod(.leapfrog))
///
/// Energies map `[batch, coordinates]` to `[batch]` (or `[coordinates]` to a scalar), each row on its own: the gradient
/// of their sum is then the gradient of each row. Gradients of a run reach whatever the energies capture.
public struct EnergyGradients: SeparableHamiltonian {
  /// `[batch, features] -> [batch]`
  public typealias Energy = @Sendable (Tensor) -> Tensor

  private let velocityOf: @Sendable (Tensor) -> Tensor
  private let potential: Energy

  /// H = T(p) + V(q).
  public init(kinetic: @escaping Energy, potential: @escaping Energy) {
    velocityOf = { momentum in grad(momentum) { kinetic($0).sum() } }
    self.potential = potential
  }

  /// H = pᵀ M⁻¹ p / 2 + V(q) with a diagonal M⁻¹: a scalar, or `[coordinates]`.
  public init(inverseMass: Tensor, potential: @escaping Energy) {
    velocityOf = { momentum in inverseMass * momentum }
    self.potential = potential
  }

  /// ∂T/∂p, in the shape of `momentum`.
  public func velocity(_ momentum: Tensor) -> Tensor { velocityOf(momentum) }

  /// −∂V/∂q, in the shape of `position`.
  public func force(_ position: Tensor) -> Tensor { -grad(position) { potential($0).sum() } }
}
