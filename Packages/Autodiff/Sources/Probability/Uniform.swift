import Autodiff

/// Uniform density on the box `[lower, upper)`; `log p = -infinity` outside.
public struct Uniform: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `[d]`
  public var lower: Tensor
  /// `[d]`
  public var upper: Tensor

  public var eventShape: [Int] { lower.shape }
  public var dtype: DType { lower.dtype }
  public var isReparameterized: Bool { true }

  public init(lower: Tensor, upper: Tensor) {
    requireVectors("Uniform", ["lower": lower, "upper": upper])
    self.lower = lower
    self.upper = upper
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("lower", &lower)
    walker.buffer("upper", &upper)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    onSupport((x .>= lower) .& (x .< upper), -log(upper - lower) + Tensor.zeros(like: x))
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    lower + (upper - lower) * Tensor.uniform([count] + eventShape, key: key, dtype: dtype)
  }

  public var entropy: Tensor { log(upper - lower).sum() }

  /// Infinite unless the other box holds this one.
  public func kullbackLeibler(to other: Uniform) -> Tensor {
    let isInside = (other.lower .<= lower) .& (upper .<= other.upper)
    return -onSupport(isInside, log((upper - lower) / (other.upper - other.lower))).sum()
  }
}
