import Autodiff

/// Beta density in each coordinate, `p = x^(a - 1) (1 - x)^(b - 1)/B(a, b)` on (0, 1).
public struct Beta: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `a`, `[d]`
  public var alpha: Tensor
  /// `b`, `[d]`
  public var beta: Tensor

  public var eventShape: [Int] { alpha.shape }
  public var dtype: DType { alpha.dtype }
  public var isReparameterized: Bool { true }

  public init(alpha: Tensor, beta: Tensor) {
    requireVectors("Beta", ["alpha": alpha, "beta": beta])
    self.alpha = alpha
    self.beta = beta
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("alpha", &alpha)
    walker.parameter("beta", &beta)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    onSupport((x .> 0) .& (x .< 1), (alpha - 1.0) * log(x) + (beta - 1.0) * log1p(-x) - logNormalizer)
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let keys = key.split()
    let first = Tensor.gamma([count] + eventShape, concentration: alpha, key: keys[0], dtype: dtype)
    let second = Tensor.gamma([count] + eventShape, concentration: beta, key: keys[1], dtype: dtype)
    return first / (first + second)
  }

  public var entropy: Tensor {
    let mixed = (alpha + beta - 2.0) * digamma(alpha + beta)
    return (logNormalizer - (alpha - 1.0) * digamma(alpha) - (beta - 1.0) * digamma(beta) + mixed).sum()
  }

  public func kullbackLeibler(to other: Beta) -> Tensor {
    let (a, b) = (alpha - other.alpha, beta - other.beta)
    return (other.logNormalizer - logNormalizer + a * digamma(alpha) + b * digamma(beta) - (a + b) * digamma(alpha + beta)).sum()
  }

  /// `log B(a, b)`, `[d]`
  private var logNormalizer: Tensor { logGamma(alpha) + logGamma(beta) - logGamma(alpha + beta) }
}
