import Autodiff

/// Normal density with a full covariance `L Lᵀ`, by its Cholesky factor.
public struct MultivariateNormal: ClosedFormEntropy, ClosedFormDivergence, Module {
  /// `[d]`
  public var mean: Tensor
  /// `L`, `[d, d]`, of which only the lower triangle is read; its diagonal is positive.
  public var factor: Tensor

  public var eventShape: [Int] { mean.shape }
  public var dtype: DType { mean.dtype }
  public var isReparameterized: Bool { true }

  public init(mean: Tensor, factor: Tensor) {
    require(
      mean.rank == 1 && factor.shape == mean.shape + mean.shape,
      "MultivariateNormal: mean \(mean.shape), factor \(factor.shape); give [d] and [d, d]")
    self.mean = mean
    self.factor = factor
  }

  /// From a symmetric positive-definite covariance `[d, d]`; all is NaN where it is not one.
  public init(mean: Tensor, covariance: Tensor) { self.init(mean: mean, factor: covariance.cholesky()) }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("mean", &mean)
    walker.parameter("factor", &factor)
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "MultivariateNormal.logDensity")
    let (z, logDeterminant) = whitening.inverse(x)
    return sumOverEvent(-0.5 * square(z) - logRootTwoPi) + logDeterminant
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    whitening.forward(.normal([count] + eventShape, key: key, dtype: dtype)).y
  }

  /// `log det L + d/2 log 2πe`
  public var entropy: Tensor { logDiagonal.sum() + Double(mean.count) * (logRootTwoPi + 0.5) }

  /// `½ (|L₂⁻¹ L₁|² + |L₂⁻¹ (m₁ - m₂)|² - d) + log det L₂ - log det L₁`
  public func kullbackLeibler(to other: MultivariateNormal) -> Tensor {
    let right = Tensor.concatenated([factor.lowerTriangle(), (mean - other.mean).expanded(axis: 1)], axis: 1)
    let whitened = other.factor.lowerTriangle().triangularSolve(right)
    return 0.5 * (square(whitened).sum() - Double(mean.count)) + (other.logDiagonal - logDiagonal).sum()
  }

  /// From standard normal to this density.
  private var whitening: TriangularAffine { TriangularAffine(shift: mean, factor: factor) }

  private var logDiagonal: Tensor { log((factor * Tensor.identity(mean.count, dtype: dtype)).sum(axis: 1)) }
}
