import IntegratorMeasurements
import Integrators
import Testing

/// What every symplectic row of the ledger must obey; each is measured once, for this suite and for the ledger.
@Suite struct CatalogueLaws {
  static let rows = SymplecticRows.reversible + SymplecticRows.irreversible

  /// On two nonlinear problems at least. On the third the leading error may vanish by chance at the end that is looked at.
  @Test(arguments: rows)
  func convergesAtItsDocumentedOrder(_ row: LedgerRow) {
    let documented = Double(row.order)
    #expect(row.orders.filter { abs($0 - documented) < 0.1 }.count >= 2, "\(row)")
    #expect(row.orders.allSatisfy { abs($0 - documented) < 0.8 }, "\(row)")
  }

  @Test(arguments: SymplecticRows.nystromTableaus)
  func explicitTableausConvergeAndPromiseNoMore(_ row: LedgerRow) {
    for order in row.orders { #expect(abs(order - Double(row.order)) < 0.1, "\(row)") }
    #expect(row.symplecticityError > 1e-10 && row.reversalError > 1e-8, "\(row)")
  }

  /// The ledger measures its order with steps of 32 digits; that those of the catalogue are the same is read off their making:
  /// steps s, s, 1 − 4 s, s, s of a symmetric method of order 6 with 4 s⁷ + (1 − 4 s)⁷ = 0.
  @Test func suzuki8IsASymmetricQuintupleOfOrder6() {
    let inner = SymmetricComposition.suzuki6.weights
    let outer = stride(from: 0, to: 125, by: 25).map { start in
      SymmetricComposition.suzuki8.weights[start..<(start + 25)].reduce(0, +)
    }
    for (block, size) in outer.enumerated() {
      for (stage, weight) in inner.enumerated() {
        #expect(abs(SymmetricComposition.suzuki8.weights[25 * block + stage] - size * weight) < 1e-15)
      }
    }
    let sevenths = outer.reduce(0) { $0 + $1 * $1 * $1 * $1 * $1 * $1 * $1 }
    #expect(abs(sevenths) < 1e-15)
  }

  @Test(arguments: rows)
  func keepsTheEnergyBoundedOverLongRuns(_ row: LedgerRow) {
    #expect(abs(row.energy.drift) < max(0.25 * row.energy.largest, LedgerRow.energyFloor), "\(row)")
    let allowed = [1: 0.3, 2: 0.05, 3: 2e-3]
    #expect(row.energy.largest < allowed[row.order, default: 2e-4], "\(row)")
  }

  @Test(arguments: rows)
  func isACanonicalMap(_ row: LedgerRow) {
    #expect(row.symplecticityError < 1e-10, "\(row)")
    #expect(row.determinantError < 1e-10, "\(row)")
  }

  @Test(arguments: SymplecticRows.reversible)
  func retracesItsSteps(_ row: LedgerRow) { #expect(row.reversalError < 1e-10, "\(row)") }

  @Test(arguments: SymplecticRows.irreversible)
  func whatPromisesNoReversalDoesNotRetrace(_ row: LedgerRow) { #expect(row.reversalError > 1e-8, "\(row)") }

  @Test func namesAreUnique() {
    #expect(Set(Self.rows.map(\.name)).count == Self.rows.count)
    for row in Palindrome.catalogue { #expect(Palindrome.named(row.name) == row) }
    for row in NystromPalindrome.catalogue { #expect(NystromPalindrome.named(row.name) == row) }
    for row in ForceGradientPalindrome.catalogue { #expect(ForceGradientPalindrome.named(row.name) == row) }
    for row in KickDriftSequence.catalogue { #expect(KickDriftSequence.named(row.name) == row) }
    for row in NystromSequence.catalogue { #expect(NystromSequence.named(row.name) == row) }
    for row in NystromTableau.catalogue { #expect(NystromTableau.named(row.name) == row) }
    for row in SymmetricComposition.catalogue { #expect(SymmetricComposition.named(row.name) == row) }
  }
}

/// The same measurements applied to methods that break the laws, so that a law that accepts anything is noticed.
@Suite struct LawsRejectWhatBreaksThem {
  let midpoint = ExplicitMidpoint<HenonHeiles>()

  @Test func misorderedCoefficientsLoseTheirOrder() {
    let order = Convergence(of: SplittingMethod<HenonHeiles>(.misordered), on: .henonHeiles).order
    #expect(abs(order - 2) < 0.1)
  }

  @Test func explicitMidpointConvergesButDrifts() {
    #expect(abs(Convergence(of: midpoint, on: .henonHeiles).order - 2) < 0.1)
    let energy = EnergyDrift(of: midpoint, on: .henonHeiles, stepSize: 0.02, steps: 20_000)
    #expect(energy.drift > 0.8 * energy.largest)
  }

  @Test func explicitMidpointIsNotCanonical() {
    let jacobian = StepJacobian(of: midpoint, on: .henonHeiles, stepSize: 0.1)
    #expect(jacobian.symplecticityError > 1e-5)
    #expect(abs(jacobian.determinant - 1) > 1e-5)
  }

  @Test func explicitMidpointDoesNotRetrace() {
    #expect(returnDistance(of: midpoint, on: .henonHeiles, stepSize: 0.1, steps: 100) > 1e-5)
  }
}
