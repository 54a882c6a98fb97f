import Autodiff

/// One of `k` classes, int32 from 0: `x` is `[batch...]`, `P(i) = exp(logits_i)/Σ exp(logits)`.
public struct Categorical: ClosedFormEntropy, ClosedFormDivergence, Module {
  /// `[k]`
  public var logits: Tensor

  public var eventShape: [Int] { [] }
  /// Of the log density; samples are int32.
  public var dtype: DType { logits.dtype }

  public init(logits: Tensor) {
    require(logits.rank == 1 && logits.count > 0, "Categorical: logits \(logits.shape); give [k] with k > 0")
    self.logits = logits
  }

  public mutating func walk(_ walker: inout some Walker) { walker.parameter("logits", &logits) }

  public func logDensity(_ x: Tensor) -> Tensor {
    require(x.dtype == .int32, "Categorical.logDensity: x is \(x.dtype.rawValue); give int32 classes")
    return logProbabilities.gathered(x.reshaped([-1])).reshaped(x.shape)
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    .categorical(logits: logits.broadcast(to: [count, logits.count]), key: key)
  }

  public var entropy: Tensor { -(exp(logProbabilities) * logProbabilities).sum() }

  public func kullbackLeibler(to other: Categorical) -> Tensor {
    require(logits.count == other.logits.count, "Categorical: \(logits.count) and \(other.logits.count) classes; give two of one number")
    return (exp(logProbabilities) * (logProbabilities - other.logProbabilities)).sum()
  }

  private var logProbabilities: Tensor { logits - logits.logSumExp() }
}
