import Autodiff

/// Exponential density in each coordinate, `p = rate exp(-rate x)` for `x >= 0`.
public struct Exponential: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `[d]`
  public var rate: Tensor

  public var eventShape: [Int] { rate.shape }
  public var dtype: DType { rate.dtype }
  public var isReparameterized: Bool { true }

  public init(rate: Tensor) {
    requireVectors("Exponential", ["rate": rate])
    self.rate = rate
  }

  public mutating func walk(_ walker: inout some Walker) { walker.parameter("rate", &rate) }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor { onSupport(x .>= 0, log(rate) - rate * x) }

  public func sample(_ count: Int, key: Key) -> Tensor { -log(openUniform([count] + eventShape, key: key, dtype: dtype)) / rate }

  public var entropy: Tensor { (1.0 - log(rate)).sum() }

  public func kullbackLeibler(to other: Exponential) -> Tensor { (log(rate / other.rate) + other.rate / rate - 1.0).sum() }
}

/// `logDensity` where `x` is in the support, else `-infinity`.
func onSupport(_ isInside: Tensor, _ logDensity: Tensor) -> Tensor {
  .where(isInside, logDensity, Tensor(-Double.infinity, dtype: logDensity.dtype))
}
