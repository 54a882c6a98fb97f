import Autodiff

/// Uniform density on the box `[lower, upper)`; `log p = -infinity` outside.
public struct Uniform: Distribution, Module {
  /// `[d]`
  public var lower: Tensor
  /// `[d]`
  public var upper: Tensor

  public var eventShape: [Int] { lower.shape }
  public var dtype: DType { lower.dtype }

  public init(lower: Tensor, upper: Tensor) {
    precondition(
      lower.rank == 1 && lower.shape == upper.shape, "Uniform: lower \(lower.shape), upper \(upper.shape); give two of shape [d]")
    self.lower = lower
    self.upper = upper
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("lower", &lower)
    walker.buffer("upper", &upper)
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "Uniform.logDensity")
    let outside = Tensor(-Double.infinity, dtype: dtype)
    return sumOverEvent(Tensor.where((x .>= lower) .& (x .< upper), -log(upper - lower) + Tensor.zeros(like: x), outside))
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    lower + (upper - lower) * Tensor.uniform([count] + eventShape, key: key, dtype: dtype)
  }
}
