import IntegratorMeasurements
import Testing

/// What the rows of the ledger for general differential equations must obey.
@Suite struct RungeKuttaLaws {
  /// On two nonlinear problems at least; on the third the leading error may vanish by chance at the end that is looked at,
  /// and the next term be seen.
  @Test(arguments: RungeKuttaRows.explicit + RungeKuttaRows.gauss + RungeKuttaRows.rosenbrock)
  func convergesAtItsDocumentedOrder(_ row: LedgerRow) {
    let documented = Double(row.order)
    #expect(row.orders.filter { abs($0 - documented) < 0.1 }.count >= 2, "\(row)")
    #expect(row.orders.allSatisfy { $0 > documented - 0.8 && $0 < documented + 1.2 }, "\(row)")
  }

  @Test(arguments: RungeKuttaRows.gauss)
  func methodsOfGaussKeepWhatHamiltoniansKeep(_ row: LedgerRow) {
    #expect(row.symplecticityError < 1e-10 && row.determinantError < 1e-10, "\(row)")
    #expect(row.reversalError < 1e-10, "\(row)")
    #expect(abs(row.energy.drift) < max(0.25 * row.energy.largest, 1e-11), "\(row)")
  }

  /// Methods of high order look canonical over one short step; in the long run the energy gives them away.
  @Test(arguments: RungeKuttaRows.explicit.filter { $0.order <= 5 })
  func explicitMethodsDoNot(_ row: LedgerRow) {
    #expect(row.symplecticityError > 1e-10, "\(row)")
    #expect(!(abs(row.energy.drift) < 0.5 * row.energy.largest), "\(row)")
  }
}
