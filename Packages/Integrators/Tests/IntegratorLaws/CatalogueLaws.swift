import IntegratorMeasurements
import Integrators
import Testing

@Suite struct CatalogueLaws {
  @Test(arguments: Palindrome.catalogue)
  func convergesAtItsDocumentedOrder(_ row: Palindrome) {
    let documented = Double(row.order)
    #expect(abs(Convergence(of: Splitting<Pendulum>(row), on: .pendulum).order - documented) < 0.1)
    #expect(abs(Convergence(of: Splitting<HenonHeiles>(row), on: .henonHeiles).order - documented) < 0.1)
    #expect(abs(Convergence(of: Splitting<Kepler>(row), on: .kepler).order - documented) < 0.1)
  }

  @Test(arguments: Palindrome.catalogue)
  func keepsTheEnergyBoundedOverLongRuns(_ row: Palindrome) {
    let onPendulum = EnergyDrift(of: Splitting<Pendulum>(row), on: .pendulum, stepSize: 0.1, steps: 100_000)
    let onHenonHeiles = EnergyDrift(of: Splitting<HenonHeiles>(row), on: .henonHeiles, stepSize: 0.1, steps: 100_000)
    for energy in [onPendulum, onHenonHeiles] {
      #expect(abs(energy.drift) < 0.25 * energy.largest)
      #expect(energy.largest < (row.order == 2 ? 0.05 : 2e-4))
    }
  }

  @Test(arguments: Palindrome.catalogue)
  func isACanonicalMap(_ row: Palindrome) {
    let onPendulum = StepJacobian(of: Splitting<Pendulum>(row), on: .pendulum, stepSize: 0.1)
    let onHenonHeiles = StepJacobian(of: Splitting<HenonHeiles>(row), on: .henonHeiles, stepSize: 0.1)
    for jacobian in [onPendulum, onHenonHeiles] {
      #expect(jacobian.symplecticityError < 1e-10)
      #expect(abs(jacobian.determinant - 1) < 1e-10)
    }
  }

  @Test(arguments: Palindrome.catalogue)
  func retracesItsSteps(_ row: Palindrome) {
    #expect(returnDistance(of: Splitting<Pendulum>(row), on: .pendulum, stepSize: 0.1, steps: 1_000) < 1e-11)
    #expect(returnDistance(of: Splitting<HenonHeiles>(row), on: .henonHeiles, stepSize: 0.1, steps: 1_000) < 1e-11)
  }

  @Test func namesAreUnique() {
    #expect(Set(Palindrome.catalogue.map(\.name)).count == Palindrome.catalogue.count)
    for row in Palindrome.catalogue { #expect(Palindrome.named(row.name) == row) }
  }
}

/// The same measurements applied to methods that break the laws, so that a law that accepts anything is noticed.
@Suite struct LawsRejectWhatBreaksThem {
  let midpoint = ExplicitMidpoint<HenonHeiles>()

  @Test func misorderedCoefficientsLoseTheirOrder() {
    let order = Convergence(of: Splitting<HenonHeiles>(.misordered), on: .henonHeiles).order
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
