import Autodiff
import Probability
import Testing

struct WeightDiagnosisTests {
  @Test(arguments: ArvizValues.stored.weights)
  func smoothingIsThatOfArviZ(_ reference: ArvizValues.Weights) {
    let smoothing = ParetoSmoothing(ImportanceWeights(logWeights: reference.logWeights))
    if let shape = reference.shape {
      #expect((smoothing.shape - shape).magnitude < 1e-10)
    } else {
      #expect(smoothing.shape == .infinity)
    }
    for (a, b) in zip(smoothing.logWeights, reference.smoothed) { #expect((a - b).magnitude < 1e-9) }
  }

  private func weights(proposalScale: Double, count: Int = 4000) -> (ImportanceWeights, [Double]) {
    let target = DiagonalNormal(mean: double([0.3]), standardDeviation: double([1]))
    let proposal = DiagonalNormal(mean: double([0]), standardDeviation: double([proposalScale]))
    let x = proposal.sample(count, key: Key(seed: 8))
    return (ImportanceWeights(logWeights: target.logDensity(x) + 1.5 - proposal.logDensity(x)), x.doubles)
  }

  @Test func wideProposalIsReliable() throws {
    let (weights, x) = weights(proposalScale: 1.3)
    let diagnosis = WeightDiagnosis(weights)
    #expect(diagnosis.verdict.isReliable && diagnosis.smoothing.shape < 0.5)
    let logNormalizer = try #require(diagnosis.logNormalizer.estimate)
    #expect((logNormalizer.value - 1.5).magnitude < 5 * logNormalizer.standardError && logNormalizer.standardError < 0.02)
    // The bootstrap and the delta method agree on a well-behaved mean.
    #expect((logNormalizer.standardError / weights.logNormalizer.standardError - 1).magnitude < 0.25)
    let mean = try #require(diagnosis.expectation(of: x).estimate)
    #expect((mean.value - 0.3).magnitude < 5 * mean.standardError)
    let bounds = diagnosis.bounds
    #expect(bounds.lower.value < 1.5 && bounds.upper.value > 1.5 && !bounds.isUpperFromTarget)
  }

  @Test func narrowProposalGivesNoFigure() {
    let (weights, x) = weights(proposalScale: 0.4)
    let diagnosis = WeightDiagnosis(weights)
    #expect(!diagnosis.verdict.isReliable && diagnosis.verdict.description.contains("degenerate") && diagnosis.smoothing.shape > 0.7)
    #expect(diagnosis.logNormalizer.estimate == nil && diagnosis.expectation(of: x).estimate == nil)
    #expect(diagnosis.logNormalizer.description.contains("no figure"))
  }

  /// Weights `u^{-0.9}` have a mean and no variance: many effective samples, and yet no error bar holds.
  @Test func heavyTailIsNamed() {
    let u = Tensor.uniform([20_000], key: Key(seed: 4), dtype: .float64).doubles
    let diagnosis = WeightDiagnosis(ImportanceWeights(logWeights: u.map { -0.9 * referenceLog($0 + 1e-9) }))
    guard case .heavyTail(let shape) = diagnosis.verdict else {
      Issue.record("\(diagnosis.verdict)")
      return
    }
    #expect((shape - 0.9).magnitude < 0.15 && diagnosis.logNormalizer.estimate == nil)
  }

  /// A proposal on one of two modes has perfect weights there; samples of the target give it away.
  @Test func collapsedProposalIsFoundBySamplesOfTheTarget() {
    let target = PlanarTarget.mog2.mixture(dtype: .float64)!
    let collapsed = DiagonalNormal(mean: double([5, 0]), standardDeviation: double([0.75, 0.75]))
    let ratio = { (x: Tensor) in (target.logDensity(x) - collapsed.logDensity(x)).doubles }
    let weights = ImportanceWeights(logWeights: ratio(collapsed.sample(2000, key: Key(seed: 1))))
    let blind = WeightDiagnosis(weights)
    #expect(blind.verdict.isReliable)
    #expect((blind.bounds.estimate.value + referenceLog(2)).magnitude < 0.02)
    let informed = WeightDiagnosis(weights, targetLogWeights: ratio(target.sample(2000, key: Key(seed: 2))))
    guard case .missingMass(let gap, _) = informed.verdict else {
      Issue.record("\(informed.verdict)")
      return
    }
    #expect(gap > 0.5 && informed.bounds.isUpperFromTarget && informed.bounds.upper.value > 0)
    #expect(informed.logNormalizer.estimate == nil)
  }

  @Test func brokenAndFewWeightsAreSaid() {
    let broken = WeightDiagnosis(ImportanceWeights(logWeights: [0, .nan, 1, .infinity]))
    #expect(broken.verdict == .undefined(weights: 2, of: 4))
    let none = WeightDiagnosis(ImportanceWeights(logWeights: [-Double.infinity, -.infinity]))
    #expect(none.verdict == .undefined(weights: 2, of: 2))
    let few = WeightDiagnosis(ImportanceWeights(logWeights: [900] + [Double](repeating: 0, count: 99)))
    guard case .fewEffectiveSamples(let size, _) = few.verdict else {
      Issue.record("\(few.verdict)")
      return
    }
    #expect((size - 1).magnitude < 1e-9)
    for diagnosis in [broken, none, few] { #expect(diagnosis.logNormalizer.estimate == nil) }
    #expect(WeightDiagnosis(ImportanceWeights(logWeights: [Double](repeating: 3, count: 50))).verdict.isReliable)
  }

  @Test func resampledRowsFollowTheWeights() {
    let rows = ImportanceWeights(logWeights: [referenceLog(1), -.infinity, referenceLog(2), referenceLog(5)])
      .resampledRows(8000, key: Key(seed: 3)).scalars(Int32.self)
    let counts = (0..<4).map { row in rows.filter { $0 == Int32(row) }.count }
    #expect(counts[1] == 0)
    for (count, expected) in zip(counts, [1000, 0, 2000, 5000]) { #expect((count - expected).magnitude <= 1) }
    #expect(rows != rows.sorted())
  }
}
