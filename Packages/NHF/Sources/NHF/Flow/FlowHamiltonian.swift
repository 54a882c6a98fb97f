import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

/// `H(q, p) = K(p) + V(q)` for whole batches `[batch, d]`, as the leapfrog of `Integrators` sees it.
public struct FlowHamiltonian<Potential: Energy>: SeparableHamiltonian {
  public let potential: Potential
  public let kinetic: KineticEnergy

  public init(potential: Potential, kinetic: KineticEnergy) {
    self.potential = potential
    self.kinetic = kinetic
  }

  /// `∂K/∂p`
  public func velocity(_ momentum: Tensor) -> Tensor { kinetic.velocity(momentum) }

  /// `-∂V/∂q`; the sum over the batch has each row's own gradient, since rows do not mix.
  public func force(_ position: Tensor) -> Tensor { -grad(position) { potential($0).sum() } }

  /// `H`, `[batch]`.
  public func energy(_ point: Phase<Tensor>) -> Tensor { kinetic(point.momentum) + potential(point.position) }
}
