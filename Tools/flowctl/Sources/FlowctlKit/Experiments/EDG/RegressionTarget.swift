import Autodiff
import DataIO
import Foundation
import ModelIO
import Probability

extension SamplingTarget {
  /// The posterior of logistic regression on all rows of a data set, in coordinates whitened by its Laplace approximation.
  static func regression(_ path: String, _ dtype: DType) throws -> SamplingTarget {
    let rows = try RegressionRows(path)
    let posterior = LogisticRegressionPosterior(features: rows.features, labels: rows.labels)
    let d = posterior.eventShape[0]
    let laplace = LaplaceApproximation(of: posterior, from: .zeros([d], dtype: .float64))
    let sampled = PulledBackEnergy(
      LogisticRegressionPosterior(features: rows.features.cast(to: dtype), labels: rows.labels.cast(to: dtype)),
      through: laplace.whitening(dtype: dtype))
    let exactMap = laplace.whitening(dtype: .float64)
    let reference = RegressionReference.all.first { path.contains($0.name) }
    var result = SamplingTarget(
      energy: FunctionEnergy(eventShape: [d]) { sampled($0) },
      logNormalizer: reference.map { $0.logNormalizer - 0.5 * Double(d) * log(2 * Double.pi) },
      names: (0..<d).map { "w\($0)" })
    result.source = "Hamiltonian Monte Carlo and thermodynamic integration"
    result.logNormalizerTarget = 0.1
    result.reported = { exactMap.forward($0.cast(to: .float64)).y }
    let whitened = PulledBackEnergy(posterior, through: exactMap)
    result.comparisons = { draws in
      let chains = try HamiltonianSampler(chains: 4, warmup: 500, draws: 1_000).sample(whitened, key: Key(seed: 17))
      return rows.comparisons(draws, reference) + momentComparisons(draws, exactMap.forward(chains.pooled).y)
    }
    result.remarks = [
      "Features are standardised and a bias is appended; the prior of all weights is N(0, 1).",
      "Accuracy and AUC are of ten-fold cross-validation: the draws, weighed by the inverse likelihood of a tenth of the rows, are a posterior that has not seen them. The split of the paper is not known.",
      "Published figures are tagged [N]: read in third-party notes of the paper, not in the paper.",
    ]
    return result
  }
}

/// Weighted means and deviations against those of Markov chains, the coordinate that is farthest off.
private func momentComparisons(_ draws: WeightedDraws, _ chains: Tensor) -> [Comparison] {
  let ours = WeightedMoments(draws.values, weights: draws.weights.normalized)
  let theirs = WeightedMoments(chains)
  let d = ours.mean.count
  let shift = (0..<d).map { abs(ours.mean[$0] - theirs.mean[$0]) }.max() ?? 0
  let ratio = (0..<d).map { abs(ours.standardDeviation[$0] / theirs.standardDeviation[$0] - 1) }.max() ?? 0
  return [
    Comparison(
      "largest difference of a posterior mean from NUTS", ours: shift, exact: 0,
      target: Target("difference", achieved: shift, .atMost, 0.1)),
    Comparison(
      "largest relative difference of a posterior deviation from NUTS", ours: ratio, exact: 0,
      target: Target("relative difference", achieved: ratio, .atMost, 0.1)),
  ]
}

/// What is known of a data set's posterior.
struct RegressionReference: Sendable {
  let name: String
  /// Without the prior's normaliser `(2π)^(-d/2)`, which the energy here has.
  let logNormalizer: Double
  /// In percent, with standard deviations over runs.
  let accuracy: (mean: Double, deviation: Double)
  let area: (mean: Double, deviation: Double)

  static let all = [
    RegressionReference(name: "australian", logNormalizer: -230.409, accuracy: (84.96, 1.67), area: (92.82, 0.69)),
    RegressionReference(name: "german", logNormalizer: -506.207, accuracy: (79.40, 1.74), area: (82.79, 1.46)),
    RegressionReference(name: "heart", logNormalizer: -101.110, accuracy: (88.02, 3.90), area: (95.10, 1.23)),
  ]
}

/// All rows of a classification data set, prepared as published comparisons do.
private struct RegressionRows: Sendable {
  /// `[n, d]`, float64
  let features: Tensor
  /// `[n]`, float64
  let labels: Tensor

  init(_ path: String) throws {
    let file = try DatasetFile(contentsOf: path)
    let splits = [file.train, file.validation, file.test].compactMap { $0 }
    let width = file.train.x.rowLength
    guard splits.allSatisfy({ $0.y != nil }) else {
      throw UserError.failure("\(FileAccess.display(path)): a split without /y; logistic regression needs a label for each row")
    }
    let x = splits.flatMap { $0.x.doubles }
    let raw = Tensor(x, shape: [x.count / width, width])
    features = LogisticRegressionPosterior.prepared(raw, by: raw)
    labels = Tensor(splits.flatMap { $0.y?.doubles ?? [] })
  }

  func comparisons(_ draws: WeightedDraws, _ reference: RegressionReference?) -> [Comparison] {
    let scores = crossValidated(draws)
    let published = { (value: (mean: Double, deviation: Double)?) in value.map { "\($0.mean) ± \($0.deviation) [N]" } }
    let target = { (ours: Double, value: (mean: Double, deviation: Double)?) in
      value.map { Target("published deviations below", achieved: ($0.mean - ours) / $0.deviation, .atMost, 1) }
    }
    let (accuracy, area) = (100 * scores.accuracy, 100 * scores.areaUnderCurve)
    return [
      Comparison(
        "accuracy, %", ours: accuracy, published: published(reference?.accuracy), target: target(accuracy, reference?.accuracy)),
      Comparison("area under the curve, %", ours: area, published: published(reference?.area), target: target(area, reference?.area)),
    ]
  }

  /// Predictions for each row by the draws as the posterior of the other nine tenths would weigh them.
  private func crossValidated(_ draws: WeightedDraws) -> ClassificationScores {
    let logits = draws.values.matmul(features.transposed())  // [draws, rows]
    let (n, count) = (labels.count, draws.weights.count)
    let likelihood = (labels * logits - softplus(logits)).doubles
    let chance = sigmoid(logits).doubles
    var probabilities = [Double](repeating: 0, count: n)
    for fold in 0..<10 {
      let rows = stride(from: fold, to: n, by: 10)
      let logWeights = (0..<count).map { draw in
        draws.weights.logWeights[draw] - rows.reduce(0) { $0 + likelihood[draw * n + $1] }
      }
      let weights = ImportanceWeights(logWeights: logWeights).normalized
      for row in rows { probabilities[row] = (0..<count).reduce(0) { $0 + weights[$1] * chance[$1 * n + row] } }
    }
    return ClassificationScores(probabilities: probabilities, labels: labels.doubles)
  }
}
