import Autodiff
import Foundation
import Testing

/// Moments and distribution functions of random numbers, at fixed seeds.
@Suite struct RandomDistributionTests {
  /// The largest distance between the empirical and the given distribution function, in units of 1/sqrt(n).
  private func kolmogorov(_ sample: [Double], _ distribution: (Double) -> Double) -> Double {
    let n = Double(sample.count)
    let distances = sample.sorted().enumerated().map { index, x in
      let value = distribution(x)
      return max(value - Double(index) / n, Double(index + 1) / n - value)
    }
    return distances.max()! * n.squareRoot()
  }

  /// P(a, x) by its power series.
  private func gammaDistribution(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    var (term, sum, n) = (1 / a, 1 / a, 1.0)
    while term > 1e-18 * sum {
      term *= x / (a + n)
      sum += term
      n += 1
    }
    return sum * exp(a * log(x) - x - lgamma(a))
  }

  private func normalDistribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  // A distance beyond 1.95 has probability 0.001 under the right distribution.
  @Test(arguments: [0.2, 0.7, 1, 1.5, 4, 37.5]) func gammaNumbersHaveTheirDistribution(_ a: Double) {
    for dtype in [DType.float64, .float32] {
      let sample = Tensor.gamma([20_000], concentration: Tensor(a, dtype: dtype), key: Key(seed: 11))
      #expect(sample.dtype == dtype)
      #expect(kolmogorov(sample.doubles) { gammaDistribution(a, $0) } < 1.95)
    }
  }

  /// The number moves with the concentration so that P(concentration, number) stays.
  @Test(arguments: [0.3, 1, 2.5, 40]) func gammaSlopeIsThatOfTheInverseDistribution(_ a: Double) {
    let sample = Tensor.gamma([50], concentration: Tensor(a, dtype: .float64), key: Key(seed: 12)).doubles
    let concentration = Tensor.full([50], a, dtype: .float64)
    let slope = grad(concentration) { Tensor.gamma([50], concentration: $0, key: Key(seed: 12)).sum() }.doubles
    let h = 1e-4 * a
    let expected = sample.map { x -> Double in
      let change =
        (8 * (gammaDistribution(a + h, x) - gammaDistribution(a - h, x)) - gammaDistribution(a + 2 * h, x)
          + gammaDistribution(a - 2 * h, x)) / (12 * h)
      return -change / exp((a - 1) * log(x) - x - lgamma(a))
    }
    expectClose(slope, expected, 1e-7)
    let forward = jvp(concentration, along: .ones(like: concentration)) {
      Tensor.gamma([50], concentration: $0, key: Key(seed: 12))
    }
    #expect(forward.tangent.doubles == slope)
  }

  /// d/da of the mean a is 1: eight standard errors of 20,000 slopes, whose variance is below 1.
  @Test func gammaSlopesAverageToThatOfTheMean() {
    let slope = grad(Tensor(3, dtype: .float64)) { Tensor.gamma([20_000], concentration: $0, key: Key(seed: 13)).mean() }
    #expect(Swift.abs(slope.item() - 1) < 8 / 20_000.0.squareRoot())
  }

  @Test func gammaAtTheEdges() {
    let concentration = Tensor([0, -1, .infinity, .nan], dtype: .float64)
    let numbers = Tensor.gamma([4], concentration: concentration, key: Key(seed: 1)).doubles
    #expect(numbers[0] == 0 && numbers[1].isNaN && numbers[2] == .infinity && numbers[3].isNaN)
    #expect(Tensor.gamma([0, 3], concentration: Tensor(1, dtype: .float32), key: Key(seed: 1)).shape == [0, 3])
    #expect(Tensor.gamma([], concentration: Tensor(1, dtype: .float32), key: Key(seed: 1)).item() > 0)
  }

  @Test func truncatedNormalNumbersHaveTheirDistribution() {
    let (lower, upper) = (-0.5, 1.25)
    let sample = Tensor.truncatedNormal([20_000], lower: lower, upper: upper, key: Key(seed: 14), dtype: .float64).doubles
    #expect(sample.allSatisfy { $0 > lower && $0 < upper })
    let (below, above) = (normalDistribution(lower), normalDistribution(upper))
    #expect(kolmogorov(sample) { (normalDistribution($0) - below) / (above - below) } < 1.95)
    let oneSided = Tensor.truncatedNormal([1000], lower: 2, upper: .infinity, key: Key(seed: 15)).doubles
    #expect(oneSided.allSatisfy { $0 > 2 && $0.isFinite })
  }

  /// phi(x) dx = (1 - t) phi(a) da + t phi(b) db, where t is the quantile.
  @Test func truncatedNormalMovesWithItsBounds() {
    let bounds = [Tensor([-1, 0.25], dtype: .float64), Tensor([0.5, 3], dtype: .float64)]
    let draw: @Sendable ([Tensor]) -> Tensor = { Tensor.truncatedNormal([2], lower: $0[0], upper: $0[1], key: Key(seed: 16)) }
    let x = draw(bounds).doubles
    let gradients = grad(bounds) { draw($0).sum() }
    for index in 0..<2 {
      let (a, b) = (bounds[0].doubles[index], bounds[1].doubles[index])
      let density = { (x: Double) in exp(-x * x / 2) }
      let t = (normalDistribution(x[index]) - normalDistribution(a)) / (normalDistribution(b) - normalDistribution(a))
      expectClose([gradients[0].doubles[index]], [(1 - t) * density(a) / density(x[index])], 1e-12)
      expectClose([gradients[1].doubles[index]], [t * density(b) / density(x[index])], 1e-12)
    }
  }

  @Test func exponentialAndGumbelNumbersHaveTheirDistribution() {
    let exponential = Tensor.exponential([20_000], key: Key(seed: 17), dtype: .float64).doubles
    #expect(kolmogorov(exponential) { -expm1(-$0) } < 1.95)
    let gumbel = Tensor.gumbel([20_000], key: Key(seed: 18)).doubles
    #expect(kolmogorov(gumbel) { exp(-exp(-$0)) } < 1.95)
  }

  // Frequencies: five standard errors.
  @Test func choicesHaveTheirFrequencies() {
    let probabilities = Tensor([0.05, 0.5, 0.8], dtype: .float64)
    let coins = Tensor.bernoulli(probabilities.broadcast(to: [20_000, 3]), key: Key(seed: 19)).cast(to: .float64).mean(axis: 0)
    for (frequency, p) in zip(coins.doubles, probabilities.doubles) {
      #expect(Swift.abs(frequency - p) < 5 * (p * (1 - p) / 20_000).squareRoot())
    }
    let weights = Tensor([1, 2, 5, 0], dtype: .float64)
    let classes = Tensor.categorical(logits: log(weights).broadcast(to: [20_000, 4]), key: Key(seed: 20))
    #expect(classes.shape == [20_000] && classes.dtype == .int32)
    for index in 0..<4 {
      let (frequency, p) = ((classes .== Double(index)).cast(to: .float64).mean().item(), weights.doubles[index] / 8)
      #expect(Swift.abs(frequency - p) <= 5 * (p * (1 - p) / 20_000).squareRoot())
    }
    let dice = Tensor.randomIntegers([60_000], in: -2..<4, key: Key(seed: 21))
    for face in -2..<4 {
      let frequency = (dice .== Double(face)).cast(to: .float64).mean().item()
      #expect(Swift.abs(frequency - 1.0 / 6) < 5 * (5.0 / 36 / 60_000).squareRoot())
    }
  }

  @Test func permutationsHoldEveryIndexOnce() {
    for n in [0, 1, 2, 1000, 5000] {
      let order = Tensor.permutation(n, key: Key(seed: 22)).scalars(Int32.self)
      #expect(order.sorted() == (0..<Int32(n)).map { $0 })
      #expect(n < 3 || order != order.sorted())
    }
    let x = Tensor.iota([6, 2], axis: 0)
    let shuffled = x.shuffled(key: Key(seed: 23)).scalars(Int32.self)
    #expect(shuffled == Tensor.permutation(6, key: Key(seed: 23)).scalars(Int32.self).flatMap { [$0, $0] })
  }
}

/// Random numbers under vmap and compile.
@Suite struct RandomTransformTests {
  private static let draws: [(String, @Sendable (Key) -> Tensor)] = [
    ("uniform", { .uniform([3, 2], key: $0) }), ("uniform scalar", { .uniform([], key: $0, dtype: .float64) }),
    ("normal", { .normal([4], key: $0, dtype: .float64) }), ("bits", { .randomBits([5], key: $0) }),
    ("split", { key in .stacked(key.split(3).map(\.words)) }), ("folded", { $0.folded(7).words }),
    ("integers", { .randomIntegers([7], in: 3..<100, key: $0) }), ("permutation", { .permutation(9, key: $0) }),
    ("gamma", { .gamma([3], concentration: Tensor([0.5, 1, 9], dtype: .float64), key: $0) }),
    ("bernoulli", { .bernoulli(Tensor.full([4], 0.5), key: $0).cast(to: .float32) }),
    ("categorical", { .categorical(logits: .zeros([2, 5]), key: $0) }),
    ("truncatedNormal", { .truncatedNormal([3], lower: 0, upper: 1, key: $0) }),
    ("a key of a key", { .normal([2], key: $0.split(2)[1].folded(Tensor([3] as [Int32]))) }),
  ]

  @Test func mappedKeysGiveTheNumbersOfALoop() {
    let keys = Key(seed: 31).split(4).map(\.words)
    for (name, draw) in RandomTransformTests.draws {
      let looped = Tensor.stacked(keys.map { draw(Key(words: $0)) })
      let mapped = vmap(Tensor.stacked(keys)) { draw(Key(words: $0)) }
      #expect(mapped.spec == looped.spec && mapped.doubles == looped.doubles, "\(name)")
      let twice = vmap(Tensor.stacked(keys).reshaped([2, 2, 2])) { vmap($0) { draw(Key(words: $0)) } }
      #expect(twice.reshaped(looped.shape).doubles == looped.doubles, "\(name), twice")
    }
  }

  @Test func mappedConcentrationsShareAKey() {
    let a = Tensor([0.5, 1, 4], dtype: .float64)
    let mapped = vmap(a) { Tensor.gamma([2], concentration: $0, key: Key(seed: 32)) }
    let looped = a.doubles.map { Tensor.gamma([2], concentration: Tensor($0, dtype: .float64), key: Key(seed: 32)) }
    #expect(mapped.doubles == Tensor.stacked(looped).doubles)
    let slopes = vmap(a) { grad($0) { Tensor.gamma([2], concentration: $0, key: Key(seed: 32)).sum() } }
    let loop = a.doubles.map { grad(Tensor($0, dtype: .float64)) { Tensor.gamma([2], concentration: $0, key: Key(seed: 32)).sum() } }
    #expect(slopes.doubles == Tensor.stacked(loop).doubles)
  }

  /// Batches that are computed in parts count on from part to part.
  @Test func compiledNumbersAreTheSame() {
    let draw: @Sendable (Tensor, Tensor) -> [Tensor] = { x, words in
      let key = Key(words: words)
      return [
        x + .uniform([700, 3], key: key, dtype: .float64), x * .gamma([700, 3], concentration: exp(x), key: key),
        Tensor.randomIntegers([700, 3], in: 0..<50, key: key), Tensor.permutation(700, key: key),
        Tensor.categorical(logits: x, key: key),
      ]
    }
    let x = Tensor.normal([700, 3], key: Key(seed: 33), dtype: .float64)
    let compiled = compile(draw)
    for (a, b) in zip(compiled(x, Key(seed: 34).words), draw(x, Key(seed: 34).words)) { expectClose(a.doubles, b.doubles, 1e-14) }
  }

  @Test func misuseNamesTheDistribution() async {
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.truncatedNormal([2], lower: 1, upper: 0, key: Key(seed: 1))
      }, "truncatedNormal: lower 1.0 must be below upper 0.0")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.categorical(logits: .zeros([2, 0]), key: Key(seed: 1))
      }, "categorical: needs floating-point logits [.., classes] with at least one class, got float32[2, 0]")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.gamma([2], concentration: Tensor(1), key: Key(seed: 1), dtype: .float64)
      }, "gamma: needs a floating-point concentration of the wanted dtype, got float32[] for float64")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = hessian(Tensor([1, 2], dtype: .float64)) { Tensor.gamma([2], concentration: $0, key: Key(seed: 1)).sum() }
      }, "gamma: second derivatives of gamma numbers with respect to their concentration are not known")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.randomIntegers([1], in: 3..<3, key: Key(seed: 1))
      }, "randomIntegers: the range 3..<3 is empty")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.uniform([1], key: Key(seed: 1), dtype: .int32)
      }, "uniform: int32 is not a floating-point dtype")
    expectMessage(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = polygamma(65, Tensor(1))
      }, "polygamma: order 65 is out of range; use 0...64")
  }
}
