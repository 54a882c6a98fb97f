import Autodiff
import Probability
import Testing

/// Three points; those of particles are spread out.
private func points(of energy: any Energy) -> Tensor {
  let d = energy.eventShape[0]
  if d == 2 { return double([0.3, -1.2, 2.0, 0.7, -0.4, -0.1], [3, 2]) }
  return double((0..<3 * d).map { 1.2 * referenceCos(2.4 * Double($0)) + 0.37 * Double($0 % d) }, [3, d])
}

struct EnergyLaws {
  @Test(arguments: energies)
  func scoreIsMinusTheGradient(_ named: Named<any Energy>) {
    let points = points(of: named.value)
    let score = named.value.score(points, temperature: 2).doubles
    for index in score.indices {
      let h = 1e-5
      let nudge = double(score.indices.map { $0 == index ? h : 0 }, points.shape)
      let slope = (named.value(points + nudge) - named.value(points - nudge)).sum().item() / (2 * h)
      #expect((score[index] + slope / 2).magnitude < 1e-7 * (1 + slope.magnitude))
    }
  }

  @Test(arguments: energies)
  func shapesFollowTheContract(_ named: Named<any Energy>) {
    let x = points(of: named.value)
    #expect(named.value(x.expanded(axis: 0).broadcast(to: [4] + x.shape)).shape == [4, 3])
    #expect(named.value(x.slice(axis: 0, 0..<1).squeezed(axis: 0)).shape == [])
  }

  @Test(arguments: energies)
  func rowsDoNotMix(_ named: Named<any Energy>) {
    let points = points(of: named.value)
    let together = named.value(points).doubles
    for row in 0..<3 {
      let alone = named.value(points.slice(axis: 0, row..<row + 1)).item()
      #expect((alone - together[row]).magnitude < 1e-13 * (1 + alone.magnitude))
    }
  }

  @Test func catalogueHoldsEveryEnergy() {
    let kinds = Set(energies.map { String(describing: type(of: $0.value)).prefix { $0 != "<" } })
    #expect(
      kinds == [
        "DensityEnergy", "HarmonicWell", "DoubleWell", "PulledBackEnergy", "MuellerBrown", "RosenbrockEnergy", "ManyWell",
        "DoubleWellParticles", "LennardJonesCluster", "RingEnergy", "TemperedEnergy", "FunctionEnergy", "TetheredParticles",
        "IsingRelaxation", "LogisticRegressionPosterior",
      ])
  }

  /// The unit Gaussian: `U` grows away from the centre and the score points back to it.
  @Test func signsOfTheUnitGaussian() {
    let energy = DensityEnergy(DiagonalNormal(dimension: 1, dtype: .float64))
    let x = double([2.0], [1, 1])
    #expect((energy(x).item() - 0.5 * referenceLog(2 * Double.pi) - 2).magnitude < 1e-14)
    #expect((energy.gradient(x).item() - 2).magnitude < 1e-14)
    #expect((energy.score(x).item() + 2).magnitude < 1e-14)
    #expect((energy.logDensity(x, temperature: 4).item() + energy(x).item() / 4).magnitude < 1e-14)
  }

  /// `∫ exp(-U(x)) dx` over the line equals `∫ exp(-U(y)) dy` over the interval.
  @Test func pullingBackKeepsTheNormalizer() {
    let base = HarmonicWell(stiffness: double([5]), center: double([0.2]))
    let pulled = PulledBackEnergy(base, through: IntervalLogit(lower: double([-1]), upper: double([1])))
    let n = 6000
    let line = (0..<n).map { -30 + 60 * (Double($0) + 0.5) / Double(n) }
    let found = exp(-pulled(double(line, [n, 1]))).sum().item() * 60 / Double(n)
    let s = 5.0.squareRoot()
    let expected = (Double.pi / 2).squareRoot() / s * (referenceErf(s * 0.8 / 2.0.squareRoot()) + referenceErf(s * 1.2 / 2.0.squareRoot()))
    #expect((found - expected).magnitude < 1e-10)
  }
}

struct LaplaceTests {
  @Test func normalDensityIsItsOwnApproximation() {
    let map = TriangularAffine(shift: double([0.3, -2]), factor: double([1.5, 0, -0.7, 0.4], [2, 2]))
    let energy = PulledBackEnergy(DensityEnergy(DiagonalNormal(dimension: 2, dtype: .float64)), through: Inverted(map))
    let laplace = LaplaceApproximation(of: energy, from: double([5, 5]))
    for (a, b) in zip(laplace.mode.doubles, [0.3, -2]) { #expect((a - b).magnitude < 1e-9) }
    for (a, b) in zip(laplace.factor.doubles, [1.5, 0, -0.7, 0.4]) { #expect((a - b).magnitude < 1e-9) }
    #expect(laplace.logNormalizer.magnitude < 1e-9)
  }

  @Test func modeOfATiltedDoubleWellIsAStationaryMinimum() {
    let energy = DoubleWell(dimension: 1, barrier: 1, position: 1, tilt: 0.5)
    let laplace = LaplaceApproximation(of: energy, from: double([-0.1]))
    #expect(energy.gradient(laplace.mode).doubles[0].magnitude < 1e-8)
    #expect(laplace.mode.doubles[0] < -1 && laplace.covariance.item() > 0)
  }
}
