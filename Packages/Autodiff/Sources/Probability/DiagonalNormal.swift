import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Normal density with independent coordinates, `N(mean, diag(standardDeviation^2))`.
public struct DiagonalNormal: Distribution, Module {
  /// `[d]`
  public var mean: Tensor
  /// `[d]`
  public var standardDeviation: Tensor

  public var eventShape: [Int] { mean.shape }
  public var dtype: DType { mean.dtype }

  public init(mean: Tensor, standardDeviation: Tensor) {
    precondition(
      mean.rank == 1 && mean.shape == standardDeviation.shape,
      "DiagonalNormal: mean \(mean.shape), standard deviation \(standardDeviation.shape); give two of shape [d]")
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

  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "DiagonalNormal.logDensity")
    return normalLogDensity(x, mean: mean, logStandardDeviation: log(standardDeviation))
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    mean + standardDeviation * Tensor.normal([count] + eventShape, key: key, dtype: dtype)
  }
}

/// `log N(x; mean, diag exp(2 logStandardDeviation))`, summed over the last axis; all three broadcast.
public func normalLogDensity(_ x: Tensor, mean: Tensor, logStandardDeviation: Tensor) -> Tensor {
  let standardized = (x - mean) * exp(-logStandardDeviation)
  return standardNormalLogDensity(standardized, logStandardDeviation: logStandardDeviation)
}

/// The same from the standardised residual `(x - mean)/standardDeviation`, which reparametrised samples know exactly.
public func standardNormalLogDensity(_ standardized: Tensor, logStandardDeviation: Tensor) -> Tensor {
  sumOverEvent(-0.5 * square(standardized) - logStandardDeviation - 0.5 * log(2 * Double.pi))
}
