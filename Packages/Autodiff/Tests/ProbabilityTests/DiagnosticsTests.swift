import Autodiff
import Probability
import Testing

struct DiagnosticsTests {
  @Test func equalWeightsLoseNothing() {
    let weights = ImportanceWeights(logWeights: [Double](repeating: -1234.5, count: 10))
    #expect((weights.effectiveSampleSize - 10).magnitude < 1e-12)
    #expect((weights.logNormalizer.value + 1234.5).magnitude < 1e-12)
    #expect(weights.logNormalizer.standardError == 0)
    #expect(weights.normalized.allSatisfy { ($0 - 0.1).magnitude < 1e-15 })
  }

  @Test func oneHeavyWeightLeavesOneSample() {
    let weights = ImportanceWeights(logWeights: [900, 0, 0, -.infinity])
    #expect((weights.effectiveSampleSize - 1).magnitude < 1e-12)
    #expect((weights.logNormalizer.value - 900 + referenceLog(4)).magnitude < 1e-12)
  }

  @Test func threeWeightsByHand() {
    let weights = ImportanceWeights(logWeights: [referenceLog(1), referenceLog(2), referenceLog(5)])
    #expect((weights.effectiveSampleSize - 64.0 / 30).magnitude < 1e-12)
    let estimate = weights.expectation(of: [1, 0, 2])
    #expect((estimate.value - 11.0 / 8).magnitude < 1e-14)
    let variance = (1 * 0.140625 + 4 * 1.890625 + 25 * 0.390625) / 64
    #expect((estimate.standardError - variance.squareRoot()).magnitude < 1e-14)
  }

  /// Target `3 N(1, 0.8²)`, proposal `N(0, 1.2²)`.
  @Test func normalFromNormalWithinItsErrors() {
    let target = DiagonalNormal(mean: double([1]), standardDeviation: double([0.8]))
    let proposal = DiagonalNormal(mean: double([0]), standardDeviation: double([1.2]))
    let x = proposal.sample(20_000, key: Key(seed: 6))
    let weights = ImportanceWeights(logWeights: target.logDensity(x) + referenceLog(3) - proposal.logDensity(x))
    #expect((weights.logNormalizer.value - referenceLog(3)).magnitude < 5 * weights.logNormalizer.standardError)
    #expect(weights.logNormalizer.standardError < 0.02)
    let mean = weights.expectation(of: x.doubles)
    #expect((mean.value - 1).magnitude < 5 * mean.standardError && mean.standardError < 0.02)
    #expect(weights.evidenceLowerBound.value < weights.logNormalizer.value)
    // ESS/n tends to 1/E_q[(p/q)²]; for normals that integral is known.
    let (s, t, d) = (0.8 * 0.8, 1.2 * 1.2, 1.0)
    let moment = t / (s * (2 * t - s)).squareRoot() * referenceExp(d * d / (2 * t - s))
    #expect((weights.efficiency * moment - 1).magnitude < 0.05)
  }

  @Test func energyDistanceByHand() {
    // X = {0, 2}, Y = {1, 4}: 2 (1 + 4 + 1 + 2)/4 - 2 - 3
    #expect((energyDistance(double([0, 2], [2, 1]), double([1, 4], [2, 1])) + 1).magnitude < 1e-14)
  }

  @Test func energyDistanceTellsShiftedNormalsApart() {
    let normal = DiagonalNormal(dimension: 2, dtype: .float64)
    let (x, y) = (normal.sample(1500, key: Key(seed: 1)), normal.sample(1500, key: Key(seed: 2)))
    #expect(energyDistance(x, y).magnitude < 0.01)
    #expect(energyDistance(x, y + 1.0) > 0.3)
  }

  @Test func weightedMomentsByHand() {
    let moments = WeightedMoments(double([0, 0, 2, 1], [2, 2]), weights: [0.25, 0.75])
    #expect(moments.mean == [1.5, 0.75])
    #expect(moments.covariance[0][0] == 0.75 && moments.covariance[0][1] == 0.375)
    #expect((moments.correlation(0, 1) - 1).magnitude < 1e-15)
  }
}
