import Autodiff

/// Normal density with independent coordinates, `N(mean, diag(standardDeviation^2))`.
public struct DiagonalNormal: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `[d]`
  public var mean: Tensor
  /// `[d]`
  public var standardDeviation: Tensor

  public var eventShape: [Int] { mean.shape }
  public var dtype: DType { mean.dtype }
  public var isReparameterized: Bool { true }

  public init(mean: Tensor, standardDeviation: Tensor) {
    requireVectors("DiagonalNormal", ["mean": mean, "standard deviation": standardDeviation])
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// `N(0, scale^2 I)` in `dimension` coordinates.
  public init(dimension: Int, scale: Double = 1, dtype: DType = .float32) {
    self.init(mean: Tensor.zeros([dimension], dtype: dtype), standardDeviation: Tensor.full([dimension], scale, dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("mean", &mean)
    walker.parameter("standardDeviation", &standardDeviation)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    let logStandardDeviation = log(standardDeviation)
    return -0.5 * square((x - mean) * exp(-logStandardDeviation)) - logStandardDeviation - logRootTwoPi
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    mean + standardDeviation * Tensor.normal([count] + eventShape, key: key, dtype: dtype)
  }

  public var entropy: Tensor { (log(standardDeviation) + (logRootTwoPi + 0.5)).sum() }

  public func kullbackLeibler(to other: DiagonalNormal) -> Tensor {
    let ratio = standardDeviation / other.standardDeviation
    return (0.5 * (square(ratio) + square((mean - other.mean) / other.standardDeviation) - 1.0) - log(ratio)).sum()
  }
}

/// `log N(x; mean, diag exp(2 logStandardDeviation))`, summed over the last axis; all three broadcast.
public func normalLogDensity(_ x: Tensor, mean: Tensor, logStandardDeviation: Tensor) -> Tensor {
  let standardized = (x - mean) * exp(-logStandardDeviation)
  return standardNormalLogDensity(standardized, logStandardDeviation: logStandardDeviation)
}

/// The same from the standardised residual `(x - mean)/standardDeviation`, which reparametrised samples know exactly.
public func standardNormalLogDensity(_ standardized: Tensor, logStandardDeviation: Tensor) -> Tensor {
  sumOverEvent(-0.5 * square(standardized) - logStandardDeviation - logRootTwoPi)
}
