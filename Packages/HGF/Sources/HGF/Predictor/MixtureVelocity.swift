import Autodiff
import Probability

/// The exact velocity predictor of data from a mixture of normals under a linear path (independent coupling or ends).
///
///     V*(x, t) = Σ_k r_k(x) [A' μ_k + cov_k/var_k (x - A μ_k)],    var_k = A² s_k² + B² τ²,    cov_k = A A' s_k² + B B' τ²
public struct MixtureVelocity: VelocityPredictor {
  public var data: GaussianMixture
  public let path: LinearPath

  public init(_ data: GaussianMixture, along path: LinearPath) {
    self.data = data
    self.path = path
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("data", &data)
    walker.setting("path", path)
  }

  /// `x - A μ_k`, `var_k`, `cov_k` and the rates `A'`, over `[batch, components, d]`.
  private func moments(_ x: Tensor, _ time: Tensor) -> (centered: Tensor, variance: Tensor, covariance: Tensor, rate: Tensor) {
    let c = path.coefficients(at: time.reshaped([-1, 1, 1]))
    let noise = path.coupling.noiseScale * path.coupling.noiseScale
    let spread = square(data.standardDeviations)
    return (
      x.expanded(axis: 1) - c.start * data.means, square(c.start) * spread + noise * square(c.launch),
      c.start * c.startRate * spread + noise * c.launch * c.launchRate, c.startRate
    )
  }

  public func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor {
    let (centered, variance, covariance, rate) = moments(x, time)
    let weights = responsibilities(centered, variance)
    return (weights.expanded(axis: 2) * (rate * data.means + covariance / variance * centered)).sum(axis: 1)
  }

  /// `log p_t(x)`, `[batch]`.
  public func logDensity(_ x: Tensor, at time: Tensor) -> Tensor {
    let (centered, variance, _, _) = moments(x, time)
    return joint(centered, variance).logSumExp(axis: 1)
  }

  private func joint(_ centered: Tensor, _ variance: Tensor) -> Tensor {
    normalLogDensity(centered, mean: .zeros(like: centered), logStandardDeviation: 0.5 * log(variance)) + data.logWeights
      - data.logWeights.logSumExp(axis: 0)
  }

  private func responsibilities(_ centered: Tensor, _ variance: Tensor) -> Tensor {
    let terms = joint(centered, variance)
    return exp(terms - terms.logSumExp(axis: 1, keepingDimensions: true))
  }
}
