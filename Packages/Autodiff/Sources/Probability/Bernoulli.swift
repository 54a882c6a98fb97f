import Autodiff

/// A coin in each coordinate: `x` is 0 or 1 in the dtype of the logits, `P(1) = sigmoid(logits)`.
public struct Bernoulli: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `log P(1)/P(0)`, `[d]`
  public var logits: Tensor

  public var eventShape: [Int] { logits.shape }
  public var dtype: DType { logits.dtype }

  public init(logits: Tensor) {
    requireVectors("Bernoulli", ["logits": logits])
    self.logits = logits
  }

  public mutating func walk(_ walker: inout some Walker) { walker.parameter("logits", &logits) }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor { x * logits - softplus(logits) }

  public func sample(_ count: Int, key: Key) -> Tensor {
    Tensor.bernoulli(sigmoid(logits).broadcast(to: [count] + eventShape), key: key).cast(to: dtype)
  }

  public var entropy: Tensor { (softplus(logits) - logits * sigmoid(logits)).sum() }

  public func kullbackLeibler(to other: Bernoulli) -> Tensor {
    (sigmoid(logits) * (logits - other.logits) + softplus(other.logits) - softplus(logits)).sum()
  }
}
