import Autodiff
import Probability
import Testing

/// A statistic of two samples that is small where they come from one law.
private let statistics: [Named<@Sendable (Tensor, Tensor) -> Double>] = [
  Named("energy distance", { energyDistance($0, $1) }),
  Named("maximum mean discrepancy", { maximumMeanDiscrepancy($0, $1, bandwidth: 1.2) }),
  Named("sliced Wasserstein distance", { slicedWassersteinDistance($0, $1, directions: 16, key: Key(seed: 9)) }),
]

private let normal = DiagonalNormal(dimension: 2, dtype: .float64)

struct TwoSampleTests {
  @Test(arguments: statistics)
  func equalLawsPassAndDifferentLawsFail(_ named: Named<@Sendable (Tensor, Tensor) -> Double>) {
    let (x, y) = (normal.sample(120, key: Key(seed: 1)), normal.sample(90, key: Key(seed: 2)))
    let test = { (a: Tensor, b: Tensor) in permutationPValue(a, b, permutations: 99, key: Key(seed: 3), statistic: named.value) }
    #expect(test(x, y) > 0.05)
    #expect(test(x, y + 1.0) == 0.01)
    #expect(test(x, 2.0 * y) == 0.01)
    let (floor, far) = (named.value(x, y), named.value(x, y + 1.0))
    #expect(far > 4 * floor.magnitude)
    #expect(far > 3 * bootstrapStandardError(x, y + 1.0, resamples: 50, key: Key(seed: 4), statistic: named.value))
    #expect((named.value(x, y) - named.value(y, x)).magnitude < 1e-13)
  }

  @Test func valuesAreThoseOfNumPyAndSciPy() {
    let reference = ScipyValues.stored.statistics
    let (x, y) = (reference.x.tensor, reference.y.tensor)
    #expect((energyDistance(x, y) - reference.energyDistance).magnitude < 1e-13)
    #expect((maximumMeanDiscrepancy(x, y, bandwidth: 0.8) - reference.maximumMeanDiscrepancy).magnitude < 1e-13)
    #expect((medianDistance(x, y) - reference.medianDistance).magnitude < 1e-13)
    let key = Key(seed: 7)
    #expect((slicedWassersteinDistance(x, y, order: 1, directions: 16, key: key) - reference.slicedWasserstein1).magnitude < 1e-12)
    #expect((slicedWassersteinDistance(x, y, order: 2, directions: 16, key: key) - reference.slicedWasserstein2).magnitude < 1e-12)
  }

  @Test func distanceToItselfIsZero() {
    let x = normal.sample(50, key: Key(seed: 5))
    #expect(slicedWassersteinDistance(x, x, key: Key(seed: 6)) == 0)
    // Leaving pairs of a point with itself out makes both unbiased, so below 0 for a sample and its copy.
    #expect(energyDistance(x, x) < 0 && maximumMeanDiscrepancy(x, x, bandwidth: 1) < 0)
  }

  /// The standard error of a difference of means is known.
  @Test func bootstrapFindsTheStandardErrorOfAMean() {
    let (x, y) = (normal.sample(200, key: Key(seed: 1)), 2.0 * normal.sample(100, key: Key(seed: 2)))
    let found = bootstrapStandardError(x, y, resamples: 1000, key: Key(seed: 3)) { a, b in
      a.slice(axis: 1, 0..<1).mean().item() - b.slice(axis: 1, 0..<1).mean().item()
    }
    let (u, v) = (WeightedMoments(x).covariance[0][0], WeightedMoments(y).covariance[0][0])
    #expect((found / (u / 200 + v / 100).squareRoot() - 1).magnitude < 0.1)
  }

  /// Under one law p-values are uniform: at least k of n permutations with a chance of (k + 1)/(n + 1).
  @Test func pValuesOfOneLawAreUniform() {
    let values = (0..<60).map { trial in
      let keys = Key(seed: 100).folded(trial).split()
      return permutationPValue(
        normal.sample(12, key: keys[0]), normal.sample(10, key: keys[1]), permutations: 19, key: Key(seed: 3), statistic: energyDistance)
    }
    let mean = values.reduce(0, +) / 60
    // Mean 0.525 and standard deviation 0.288 of the 20 equal steps.
    #expect((mean - 0.525).magnitude < 4 * 0.288 / 60.0.squareRoot())
    #expect(values.contains { $0 < 0.3 } && values.contains { $0 > 0.7 })
  }

  @Test func divergencesFromWeightsAreThoseOfTheNormals() {
    let target = DiagonalNormal(mean: double([1]), standardDeviation: double([0.8]))
    let proposal = DiagonalNormal(mean: double([0.4]), standardDeviation: double([1.1]))
    let x = proposal.sample(50_000, key: Key(seed: 6))
    let weights = ImportanceWeights(logWeights: target.logDensity(x) + referenceLog(5) - proposal.logDensity(x))
    #expect((weights.reverseDivergence - proposal.kullbackLeibler(to: target).item()).magnitude < 0.02)
    #expect((weights.forwardDivergence - target.kullbackLeibler(to: proposal).item()).magnitude < 0.02)
    let equal = ImportanceWeights(logWeights: [3, 3, 3])
    #expect(equal.reverseDivergence.magnitude < 1e-14 && equal.forwardDivergence.magnitude < 1e-14)
    #expect(ImportanceWeights(logWeights: [0, -.infinity]).forwardDivergence.isFinite)
  }

  @Test func discrepancySeesWhatIsMissing() {
    let two = GaussianMixture(means: [[-5, 0], [5, 0]], standardDeviation: 0.5.squareRoot(), dtype: .float64)
    let one = GaussianMixture(means: [[-5, 0]], standardDeviation: 0.5.squareRoot(), dtype: .float64)
    let exact = two.sample(1500, key: Key(seed: 1))
    #expect(multiscaleDiscrepancy(two.sample(1500, key: Key(seed: 2)), exact) < 0.01)
    let collapsed = multiscaleDiscrepancy(one.sample(1500, key: Key(seed: 3)), exact)
    #expect(1.6 < collapsed && collapsed < 2.1)
    // Weights that restore a balance of 1:3 bring the discrepancy back.
    let skewed = Tensor.concatenated([one.sample(1500, key: Key(seed: 4)), two.sample(1500, key: Key(seed: 5))], axis: 0)
    let weights = skewed.slice(axis: 1, 0..<1).doubles.map { $0 < 0 ? 1.0 : 3.0 }
    #expect(multiscaleDiscrepancy(skewed, exact) > 0.3 && multiscaleDiscrepancy(skewed, exact, weights: weights) < 0.02)
  }
}
