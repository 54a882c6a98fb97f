import Autodiff
import NeuralNetworks

/// Kinetic energy `K(p)`: quadratic with a learned inverse mass (fixed-kinetic), or a network.
public enum KineticEnergy: Module {
  /// `K = ½ a² |p|²`, `a` of shape `[]`; saved as `scale`.
  case scalar(scale: Tensor)
  /// `K = ½ Σ a_i² p_i²`, `a` of shape `[d]`; saved as `scale`.
  case diagonal(scale: Tensor)
  /// `K = ½ |A p|²` with `A` lower triangular, `M⁻¹ = Aᵀ A`, `[d, d]`; saved as `factor`.
  case full(factor: Tensor)
  /// `K` a smooth network with one output, as in the original neural Hamiltonian flow.
  case learned(MLP)

  public mutating func walk(_ walker: inout some Walker) {
    switch self {
    case .scalar(var scale):
      walker.parameter("scale", &scale)
      self = .scalar(scale: scale)
    case .diagonal(var scale):
      walker.parameter("scale", &scale)
      self = .diagonal(scale: scale)
    case .full(var factor):
      walker.parameter("factor", &factor)
      self = .full(factor: factor)
    case .learned(var network):
      network.walk(&walker)
      self = .learned(network)
    }
  }

  /// `K(p)`, `[batch, d] -> [batch]`.
  public func callAsFunction(_ p: Tensor) -> Tensor {
    switch self {
    case .scalar(let scale), .diagonal(let scale): 0.5 * square(scale * p).sum(axis: -1)
    case .full(let factor): 0.5 * square(p.matmul(factor.lowerTriangle().transposed())).sum(axis: -1)
    case .learned(let network): network(p).squeezed(axis: -1)
    }
  }

  /// `∂K/∂p = M⁻¹ p`, `[batch, d] -> [batch, d]`.
  public func velocity(_ p: Tensor) -> Tensor {
    switch self {
    case .scalar(let scale), .diagonal(let scale): return square(scale) * p
    case .full(let factor):
      let lower = factor.lowerTriangle()
      return p.matmul(lower.transposed()).matmul(lower)
    case .learned(let network): return grad(p) { network($0).sum() }
    }
  }
}
