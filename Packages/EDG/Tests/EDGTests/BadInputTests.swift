import Autodiff
import EDG
import NeuralNetworks
import Probability
import Testing

@Suite struct BadInputTests {
  static func model(deviation: Double = 1) -> DiffusionGenerator<PlainDecoder, BoundaryExactScore> {
    DiffusionGenerator(
      decoder: PlainDecoder(
        latentDimension: 2, center: .zeros([2], dtype: .float64), factor: .identity(2, dtype: .float64), deviation: deviation, hidden: [8],
        key: Key(seed: 1)),
      score: BoundaryExactScore(latentDimension: 2, eventScale: .ones([2], dtype: .float64), width: 8, blocks: 1, key: Key(seed: 2)))
  }

  static let times = DiffusionTimes.importance(start: 1e-4)

  /// A half plane where the energy is `bad`.
  static func broken(_ bad: Double) -> FunctionEnergy {
    FunctionEnergy(eventShape: [2]) { x in
      let u = 0.5 * square(x).sum(axis: -1)
      let left = x.slice(axis: -1, 0..<1).squeezed(axis: -1) .< 0
      return .where(left, .full(u.shape, bad, dtype: x.dtype), u)
    }
  }

  @Test(arguments: [Double.nan, .infinity])
  func badEnergiesAreRejectedAndCounted(bad: Double) {
    let model = BadInputTests.model()
    let noise = model.noise(200, times: BadInputTests.times, key: Key(seed: 3), dtype: .float64)
    let terms = model.bound(BadInputTests.broken(bad), noise: noise)
    let left = model.decoder(noise.latent).event(noise: noise.event).columns(0).filter { $0 < 0 }.count
    #expect(left > 50 && terms.rejected.item() == Double(left))
    #expect(terms.mean.item().isFinite)
    let gradient = grad(model) { (model: DiffusionGenerator<PlainDecoder, BoundaryExactScore>) -> Tensor in
      model.bound(BadInputTests.broken(bad), noise: noise).mean
    }
    #expect(gradient.namedTensors().allSatisfy { named in named.tensor.doubles.allSatisfy { $0.isFinite } })
    let samples = model.weighted(model.sample(100, key: Key(seed: 5), dtype: .float64), against: BadInputTests.broken(bad), steps: 8)
    #expect(samples.rejected == samples.event.columns(0).filter { $0 < 0 }.count)
    let weights = ImportanceWeights(logWeights: samples.logWeight).normalized
    #expect(zip(weights, samples.event.columns(0)).allSatisfy { $0.0.isFinite && ($0.1 >= 0 || $0.0 == 0) })
  }

  @Test func wrongShapesAreNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = BadInputTests.model()
      let wrong = FunctionEnergy(eventShape: [2]) { x in 0.5 * square(x) }
      _ = model.bound(wrong, noise: model.noise(4, times: BadInputTests.times, key: Key(seed: 3), dtype: .float64)).mean.item()
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("give one number for each row"))
  }

  @Test func unboundedEnergiesAreFound() {
    let points = BadInputTests.model().sample(64, key: Key(seed: 1), dtype: .float64).event
    let falling = FunctionEnergy(eventShape: [2]) { x in -0.5 * square(x).sum(axis: -1) }
    #expect(
      falling.faults(at: points).contains { fault in
        if case .unboundedBelow = fault { true } else { false }
      })
    #expect(RoundWell(dimension: 2).faults(at: points).isEmpty)
  }

  @Test func limitedGradientsReachTheDecoder() {
    // A pole at the origin of strength far beyond float32: the loss's gradient stays within the limit.
    let pole = FunctionEnergy(eventShape: [2]) { x in pow(square(x).sum(axis: -1), -6) }
    let near = double([1e-3, 0], [1, 2])
    let slope = grad(near) { (x: Tensor) -> Tensor in GuardedEnergies.of(pole, at: x, limit: 10).values.sum() }.doubles
    #expect(abs(slope[0] + 10) < 1e-6 && slope[1] == 0)
    let whole = grad(double([0.3, 0.4], [1, 2])) { (x: Tensor) -> Tensor in GuardedEnergies.of(pole, at: x).values.sum() }.doubles
    let expected = pole.gradient(double([0.3, 0.4], [1, 2])).doubles
    #expect(zip(whole, expected).allSatisfy { abs($0 - $1) < 1e-9 * abs($1) })
  }

  @Test func aCollapsedGeneratorLeavesAGap() {
    // All of its mass in one of two modes: the weights look good, log Z lacks log 2.
    let two = DensityEnergy(GaussianMixture(means: [[-8, 0], [8, 0]], standardDeviation: 1, dtype: .float64))
    var model = BadInputTests.model()
    model.decoder.affine.bias = double([8, 0])
    model.decoder.affine.weight = .zeros([2, 2], dtype: .float64)
    let collapsed = DiffusionGenerator(decoder: model.decoder, score: PriorScore())
    let weights = ImportanceWeights(
      logWeights: collapsed.weighted(collapsed.sample(500, key: Key(seed: 1), dtype: .float64), against: two, steps: 16).logWeight)
    #expect(weights.efficiency > 0.99)
    #expect(abs(weights.logNormalizer.value + referenceLog(2)) < 1e-3)
  }

  @Test func aTooNarrowGeneratorIsFlagged() {
    // x = 0.01 z + 0.15 ξ for a target N(0, I): the tails that it never reaches make its weights heavy.
    var model = BadInputTests.model(deviation: 0.15)
    model.decoder.affine.weight = 0.01 * .identity(2, dtype: .float64)
    let narrow = DiffusionGenerator(decoder: model.decoder, score: PriorScore())
    let samples = narrow.weighted(narrow.sample(2000, key: Key(seed: 1), dtype: .float64), against: RoundWell(dimension: 2), steps: 16)
    let diagnosis = WeightDiagnosis(ImportanceWeights(logWeights: samples.logWeight), resamples: 20)
    #expect(diagnosis.smoothing.shape > 0.7 && !diagnosis.verdict.isReliable)
    #expect(diagnosis.logNormalizer.estimate == nil)
  }

  @Test func chainsPolishWhatWasDrawn() throws {
    var model = BadInputTests.model(deviation: 0.4)
    model.decoder.affine.weight = 0.01 * .identity(2, dtype: .float64)
    let narrow = DiffusionGenerator(decoder: model.decoder, score: PriorScore())
    let samples = narrow.weighted(narrow.sample(500, key: Key(seed: 1), dtype: .float64), against: RoundWell(dimension: 2), steps: 16)
    let sampler = HamiltonianSampler(path: .fixed(leapfrogSteps: 5), mass: .unit, chains: 20, warmup: 50, draws: 100, initialStepSize: 0.3)
    let polished = try samples.polished(on: RoundWell(dimension: 2), by: sampler, key: Key(seed: 2))
    #expect(polished.shape == [2000, 2])
    for column in 0..<2 {
      let values = polished.columns(column)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      #expect(abs(variance - 1) < 0.25)
    }
  }

  @Test func broadeningKeepsTheSharesOfModes() {
    let narrow = GaussianMixture(
      logWeights: .zeros([2], dtype: .float64), means: double([-5, 0, 5, 0], [2, 2]),
      standardDeviations: double([1.2, 1.2, 0.5, 0.5], [2, 2]))
    let broadened = BroadenedEnergy(DensityEnergy(narrow), level: double([8]).squeezed(axis: 0), center: double([0, 0]), scale: 4)
    let points = double([-5, 0, 5, 0, 0, 0], [3, 2])
    let (plain, broad) = (DensityEnergy(narrow)(points).doubles, broadened(points).doubles)
    #expect(abs(plain[0] - broad[0]) < 0.01 && abs(plain[1] - broad[1]) < 0.01)
    #expect(plain[2] > 10 && abs(broad[2] - 8) < 0.1)
  }

  @Test func resamplingFollowsTheWeights() {
    typealias Model = DiffusionGenerator<PlainDecoder, BoundaryExactScore>
    let model = BadInputTests.model()
    let shifted = RoundWell(dimension: 2, center: 0.5)
    let samples: Model.WeightedSamples = model.weighted(model.sample(4000, key: Key(seed: 1), dtype: .float64), against: shifted, steps: 24)
    let drawn = samples.resampled(4000, key: Key(seed: 2))
    let mean = drawn.mean(axis: 0).doubles
    let weights = ImportanceWeights(logWeights: samples.logWeight)
    for (index, value) in mean.enumerated() {
      #expect(abs(value - weights.expectation(of: samples.event.columns(index)).value) < 0.02)
    }
  }
}

extension Tensor {
  /// One column of a matrix.
  func columns(_ index: Int) -> [Double] { slice(axis: 1, index..<index + 1).doubles }
}
