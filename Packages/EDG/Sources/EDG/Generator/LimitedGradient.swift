import Autodiff
import Probability

/// `∇U` with the norm of each row limited, for energies with singularities: `g min(1, limit/|g|)`, `[batch, d]`.
public struct LimitedGradient<Target: Energy>: Sendable {
  public let energy: Target
  /// Without a limit, the plain gradient.
  public let limit: Double?

  public init(of energy: Target, limit: Double? = nil) {
    require(limit.map { $0 > 0 } ?? true, "LimitedGradient: limit \(limit ?? 0); give a positive norm")
    self.energy = energy
    self.limit = limit
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let gradient = energy.gradient(x)
    guard let limit else { return gradient }
    // The largest coordinate first: squares of singular gradients leave the range of float32.
    let scale = maximum(abs(stopGradient(gradient)).max(axis: 1, keepingDimensions: true), Tensor(limit, dtype: x.dtype))
    let reduced = gradient / scale
    let norm = scale * sqrt(maximum(square(reduced).sum(axis: 1, keepingDimensions: true), Tensor(1e-30, dtype: x.dtype)))
    return gradient * (limit / maximum(norm, Tensor(limit, dtype: x.dtype)))
  }
}
