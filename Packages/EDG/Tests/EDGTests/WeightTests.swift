import Autodiff
import EDG
import Probability
import Testing

@Suite struct WeightTests {
  static let exact = DiffusionGenerator(decoder: LinearDecoder(), score: LinearPosteriorScore())

  @Test func logDensityOfTheProbabilityFlow() {
    let (z, x) = (double([-0.35], [1, 1]), double([1.7], [1, 1]))
    let value = WeightTests.exact.encoderLogDensity(z, given: x, steps: 200).item()
    #expect(abs(value + 5.6605) < 1e-4)
    // The exact posterior's; what differs is that z₁ depends on x, and vanishes as B(1) grows.
    let (gain, width) = (1.3 / 1.94, 0.25 / 1.94)
    let residual = -0.35 - gain * 1.3
    let posterior = -0.5 * residual * residual / width - 0.5 * referenceLog(2 * Double.pi * width)
    #expect(abs(posterior + 5.6802) < 1e-4)
    let longer = DiffusionGenerator(
      decoder: LinearDecoder(), score: LinearPosteriorScore(), diffusion: LatentDiffusion(finalRate: 60))
    #expect(abs(longer.encoderLogDensity(z, given: x, steps: 400).item() - posterior) < 1e-5)
    // The other sign of the integral would give -7.709 at this point.
    #expect(value > -6)
  }

  @Test func signsEstimateTheLogDensity() {
    let (z, x) = (double([-0.35], [1, 1]), double([1.7], [1, 1]))
    let one = WeightTests.exact.encoderLogDensity(z, given: x, divergence: .hutchinson(probes: 1, key: Key(seed: 1))).item()
    #expect(abs(one - WeightTests.exact.encoderLogDensity(z, given: x).item()) < 1e-10)  // one dimension: signs square to 1
  }

  @Test func weightsOfAPerfectGeneratorAreConstant() {
    let target = RoundWell(center: 0.4, variance: 1.94)
    let draws = WeightTests.exact.sample(512, key: Key(seed: 4), dtype: .float64)
    let weights = ImportanceWeights(logWeights: WeightTests.exact.weighted(draws, against: target).logWeight)
    #expect(weights.efficiency > 0.999)
    #expect(abs(weights.logNormalizer.value - target.logNormalizer) < 1e-3)
  }

  @Test func weightsAgainstAnotherTargetHaveMeanZ() {
    let target = RoundWell(center: 0.1, variance: 2)
    let draws = WeightTests.exact.sample(4096, key: Key(seed: 4), dtype: .float64)
    let weights = ImportanceWeights(logWeights: WeightTests.exact.weighted(draws, against: target).logWeight)
    let estimate = weights.logNormalizer
    #expect(abs(estimate.value - target.logNormalizer) < 5 * estimate.standardError + 1e-3)
    #expect(weights.evidenceLowerBound.value < target.logNormalizer)
  }

  @Test func pathWeightsAreUnbiasedWithFewStepsAndAWrongScore() {
    let target = RoundWell(center: 0.1, variance: 2)
    let model = DiffusionGenerator(decoder: LinearDecoder(), score: LinearPosteriorScore(factor: 0.95))
    let chain = model.encoderChain(steps: 24, fitting: model.sample(4000, key: Key(seed: 1), dtype: .float64), key: Key(seed: 2))
    let draws = model.sample(20_000, key: Key(seed: 3), dtype: .float64)
    let weights = ImportanceWeights(logWeights: model.weighted(draws, against: target, along: chain, key: Key(seed: 5)).logWeight)
    let estimate = weights.logNormalizer
    #expect(estimate.standardError < 0.05)
    #expect(abs(estimate.value - target.logNormalizer) < 5 * estimate.standardError)
    #expect(weights.efficiency < 0.98)
  }

  @Test(arguments: [24, 192]) func chainsOfAnExactScoreLoseNothing(steps: Int) {
    // The steps back are normal with the mean that the score gives, so even a short chain is exact.
    let target = RoundWell(center: 0.4, variance: 1.94)
    let chain = WeightTests.exact.encoderChain(
      steps: steps, fitting: WeightTests.exact.sample(4000, key: Key(seed: 1), dtype: .float64), key: Key(seed: 2))
    let draws = WeightTests.exact.sample(4000, key: Key(seed: 3), dtype: .float64)
    let weights = ImportanceWeights(
      logWeights: WeightTests.exact.weighted(draws, against: target, along: chain, key: Key(seed: 4)).logWeight)
    #expect(weights.efficiency > 0.98)
    #expect(abs(weights.logNormalizer.value - target.logNormalizer) < 0.01)
  }
}
