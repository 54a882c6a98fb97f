import Autodiff

/// Posterior of the weights `θ` `[d]` of a logistic regression with independent normal priors.
///
///     U(θ) = Σ_n softplus(z_n) - y_n z_n + |θ|²/(2 priorScale²) + d log(priorScale √2π),   z_n = x_n · θ
///
/// so that `log Z` is the log evidence. `prepared` scales features and appends the bias as published comparisons do.
public struct LogisticRegressionPosterior: Energy {
  /// Rows `x_n`, `[n, d]`
  public let features: Tensor
  /// 0 or 1, `[n]`
  public let labels: Tensor
  public let priorScale: Double
  /// What a row counts for: 1, or the number of rows over those of a batch.
  private let rowWeight: Double

  public var eventShape: [Int] { [features.shape[1]] }

  public init(features: Tensor, labels: Tensor, priorScale: Double = 1) {
    self.init(features: features, labels: labels, priorScale: priorScale, rowWeight: 1)
  }

  private init(features: Tensor, labels: Tensor, priorScale: Double, rowWeight: Double) {
    require(
      features.rank == 2 && labels.shape == [features.shape[0]] && labels.dtype == features.dtype && priorScale > 0,
      "LogisticRegressionPosterior: features \(features.shape) \(features.dtype), labels \(labels.shape) \(labels.dtype), prior scale \(priorScale); give [n, d], [n] of one dtype, and a positive scale"
    )
    self.features = features
    self.labels = labels
    self.priorScale = priorScale
    self.rowWeight = rowWeight
  }

  public func callAsFunction(_ weights: Tensor) -> Tensor {
    requireTrailing(weights, eventShape, "LogisticRegressionPosterior")
    let rows = weights.reshaped([-1, weights.shape[weights.rank - 1]])
    let logits = rows.matmul(features.transposed())
    let misfit = (softplus(logits) - labels * logits).sum(axis: 1)
    let prior = sumOverEvent(square(rows)) * (0.5 / (priorScale * priorScale))
    let constant = Double(eventShape[0]) * (logRootTwoPi + log(Tensor(priorScale, dtype: .float64)).item())
    return (rowWeight * misfit + prior + constant).reshaped(Array(weights.shape.dropLast()))
  }

  /// The unbiased estimate of `U` from the given rows (int32 `[batch]`), each counted `n/batch` times.
  public func minibatch(_ rows: Tensor) -> LogisticRegressionPosterior {
    LogisticRegressionPosterior(
      features: features.gathered(rows), labels: labels.gathered(rows), priorScale: priorScale,
      rowWeight: rowWeight * Double(labels.count) / Double(rows.count))
  }

  /// Probability of label 1 for each row of `features` `[n, d]`, averaged over weights `[samples, d]`: `[n]`.
  public static func prediction(_ features: Tensor, weights: Tensor) -> Tensor {
    sigmoid(weights.matmul(features.transposed())).mean(axis: 0)
  }

  /// Features less their mean over their standard deviation, both of `reference` `[m, d]`, and a last column of ones: `[n, d + 1]`.
  /// A feature that is constant in `reference` becomes 0.
  public static func prepared(_ features: Tensor, by reference: Tensor) -> Tensor {
    let deviation = reference.standardDeviation(axis: 0)
    let scale = Tensor.where(deviation .> 0, deviation, .ones(like: deviation))
    let scaled = (features - reference.mean(axis: 0)) / scale
    return Tensor.concatenated([scaled, .ones([features.shape[0], 1], dtype: features.dtype)], axis: 1)
  }
}
