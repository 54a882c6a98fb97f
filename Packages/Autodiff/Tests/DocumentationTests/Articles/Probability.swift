import Autodiff
import Probability
import Testing

@Suite struct ProbabilityPage {
  @Test func weights() {
    let target = HarmonicWell(
      stiffness: Tensor([1, 4], dtype: .float64), center: Tensor([1, 0], dtype: .float64))
    let proposal = DiagonalNormal(
      mean: Tensor([0.8, 0.1], dtype: .float64),
      standardDeviation: Tensor([1.2, 0.6], dtype: .float64))

    let x = proposal.sample(20_000, key: Key(seed: 1))
    let weights = ImportanceWeights(logWeights: target.logDensity(x) - proposal.logDensity(x))
    let logNormalizer = weights.logNormalizer  // log ∫ exp(-U) = log(2π / 2)
    let efficiency = weights.efficiency
    #expect(abs(logNormalizer.value - 1.1447298858494002) < 5 * logNormalizer.standardError)
    #expect(0.8 < efficiency && efficiency < 1)

    let force = -target.gradient(x)  // [20000, 2]
    let score = grad(x) { proposal.logDensity($0).sum() }
    let (first, second) = (x.slice(axis: 1, 0..<1), x.slice(axis: 1, 1..<2))
    #expect(isClose(force, Tensor.concatenated([1 - first, -4 * second], axis: 1).doubles))
    #expect(isClose(score, Tensor.concatenated([(0.8 - first) / 1.44, (0.1 - second) / 0.36], axis: 1).doubles))
  }
}
