// Effective samples per gradient of the no-U-turn sampler on three targets, as lines that Peers/blackjax_peer.py prints too:
//
//     swift run -c release --package-path Benchmarks markov-chains Data/blr/german_credit.h5 [seeds]
//
// Four chains, a diagonal mass matrix, 1000 iterations of warm-up and 1000 draws, float64.

import Autodiff
import DataIO
import Probability

/// A hundred coordinates, neighbours correlated by 0.9, deviations from 1 to 3.
func correlatedNormal() -> any Energy {
  let d = 100
  let deviations = (0..<d).map { 1 + Double($0) / 50 }
  var covariance = [Double](repeating: 0, count: d * d)
  for i in 0..<d {
    for j in 0..<d { covariance[i * d + j] = (0..<abs(i - j)).reduce(deviations[i] * deviations[j]) { value, _ in 0.9 * value } }
  }
  let factor = Tensor(covariance, shape: [d, d], dtype: .float64).cholesky()
  let half = factor.triangularSolve(.identity(d, dtype: .float64))
  let precision = half.transposed().matmul(half)
  let constants = Tensor(precision.doubles, shape: [d, d], dtype: .float64)
  let mean = Tensor(cos(Tensor.iota([d]).cast(to: .float64)).doubles, dtype: .float64)
  return FunctionEnergy(eventShape: [d]) { x in
    let away = x - mean
    return 0.5 * (away * away.matmul(constants)).sum(axis: -1)
  }
}

func logisticRegression(_ path: String) throws -> any Energy {
  let file = try DatasetFile(contentsOf: path)
  let splits = [file.train, file.validation, file.test].compactMap { $0 }
  let x = Tensor.concatenated(splits.map { Tensor($0.x.doubles, shape: $0.x.shape, dtype: .float64) }, axis: 0)
  let y = splits.flatMap { $0.y?.doubles ?? [] }
  let features = LogisticRegressionPosterior.prepared(x, by: x)
  return LogisticRegressionPosterior(
    features: Tensor(features.doubles, shape: features.shape, dtype: .float64), labels: Tensor(y, dtype: .float64))
}

func measure(_ name: String, _ energy: some Energy, seeds: Int) throws {
  for seed in 0..<seeds {
    let clock = ContinuousClock()
    let begin = clock.now
    let chains = try HamiltonianSampler().sample(energy, key: Key(seed: UInt64(seed)))
    let seconds = begin.duration(to: clock.now) / .seconds(1)
    let summary = chains.summary
    let bulk = summary.map(\.bulkEffectiveSampleSize)
    let tail = summary.map(\.tailEffectiveSampleSize)
    // What chains in step would cost: each iteration as long as its longest trajectory.
    let lengths = chains.statistics.map(\.trajectoryLengths)
    let inStep = lengths[0].indices.reduce(0) { sum, draw in sum + lengths.count * (lengths.map { $0[draw] }.max() ?? 0) }
    let waste = Double(inStep) / Double(chains.gradients)
    print(
      name, seed, chains.gradients, Int(bulk.min()!.rounded()), Int((bulk.reduce(0, +) / Double(bulk.count)).rounded()),
      Int(tail.min()!.rounded()), (seconds * 100).rounded() / 100, (waste * 100).rounded() / 100)
  }
}

let arguments = CommandLine.arguments
guard arguments.count >= 2 else { fatalError("usage: markov-chains Data/blr/german_credit.h5 [seeds]") }
let seeds = arguments.count > 2 ? Int(arguments[2]) ?? 3 : 3
print("target seed gradients minimum_bulk mean_bulk minimum_tail seconds cost_in_step")
try measure("normal100", correlatedNormal(), seeds: seeds)
try measure("funnel", DensityEnergy(DiagonalNormal(dimension: 10, dtype: .float64)), seeds: seeds)
try measure("logistic-german", logisticRegression(arguments[1]), seeds: seeds)
