import Autodiff

/// Mixture of normals with diagonal covariances, `Σ_k w_k N(mean_k, diag standardDeviation_k^2)`.
public struct GaussianMixture: Distribution, Module {
  /// `log w_k` up to a constant, `[components]`
  public var logWeights: Tensor
  /// `[components, d]`
  public var means: Tensor
  /// `[components, d]`
  public var standardDeviations: Tensor

  public var eventShape: [Int] { [means.shape[1]] }
  public var dtype: DType { means.dtype }
  public var components: Int { means.shape[0] }

  public init(logWeights: Tensor, means: Tensor, standardDeviations: Tensor) {
    require(
      means.rank == 2 && means.shape == standardDeviations.shape && logWeights.shape == [means.shape[0]],
      "GaussianMixture: log weights \(logWeights.shape), means \(means.shape), standard deviations \(standardDeviations.shape); give [components], [components, d], [components, d]"
    )
    self.logWeights = logWeights
    self.means = means
    self.standardDeviations = standardDeviations
  }

  /// Equal weights and one common isotropic standard deviation.
  public init(means: [[Double]], standardDeviation: Double, dtype: DType = .float32) {
    let shape = [means.count, means.first?.count ?? 0]
    self.init(
      logWeights: Tensor.zeros([means.count], dtype: dtype), means: Tensor(means.flatMap { $0 }, shape: shape, dtype: dtype),
      standardDeviations: Tensor.full(shape, standardDeviation, dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("logWeights", &logWeights)
    walker.parameter("means", &means)
    walker.parameter("standardDeviations", &standardDeviations)
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "GaussianMixture.logDensity")
    let each = normalLogDensity(x.expanded(axis: x.rank - 1), mean: means, logStandardDeviation: log(standardDeviations))
    return (each + logWeights).logSumExp(axis: -1) - logWeights.logSumExp(axis: 0)
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let keys = key.split()
    let component = Tensor.categorical(logits: logWeights.broadcast(to: [count, components]), key: keys[0])
    return means.take(component, axis: 0) + standardDeviations.take(component, axis: 0)
      * Tensor.normal([count] + eventShape, key: keys[1], dtype: dtype)
  }
}
