import Autodiff
import Probability
import Testing

struct ConvergenceTests {
  @Test(arguments: ArvizValues.stored.chains)
  func diagnosticsAreThoseOfArviZ(_ reference: ArvizValues.Chains) {
    let found = [
      (rankNormalizedPotentialScaleReduction(reference.draws), reference.potentialScaleReduction),
      (bulkEffectiveSampleSize(reference.draws), reference.bulk), (tailEffectiveSampleSize(reference.draws), reference.tail),
      (meanEffectiveSampleSize(reference.draws), reference.mean),
    ]
    for (ours, theirs) in found { #expect((ours / theirs - 1).magnitude < 1e-9) }
  }

  @Test func chainsThatNeverMoveHaveNotMixed() {
    let stuck = ChainSummary([[1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2]])
    #expect(!(stuck.potentialScaleReduction <= 1.01))
    #expect(ChainSummary([[0, 1, .nan, 2, 3]]).bulkEffectiveSampleSize.isNaN)
    #expect(rankNormalizedPotentialScaleReduction([[1, 2, 3]]).isNaN)
  }
}
