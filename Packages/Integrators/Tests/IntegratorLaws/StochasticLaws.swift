import IntegratorMeasurements
import Integrators
import Testing

@Suite struct StochasticLaws {
  /// 400 fixed paths; the slope of root mean square errors over a factor of 16 in the step size.
  @Test(arguments: StochasticRow.catalogue)
  func convergesAtItsDocumentedStrongOrder(_ row: StochasticRow) {
    for measured in row.measured { #expect(abs(measured.order - row.order) < 0.1, "\(row)") }
  }

  /// Weak order 1: the error of the mean falls linearly. A slope of few paths: within 0.25.
  @Test(arguments: StochasticRow.catalogue.filter { $0.name == "Milstein" || $0.name == "StochasticHeun" })
  func meansConvergeAtFirstOrder(_ row: StochasticRow) {
    for measured in row.measured { #expect(abs(measured.weakOrder - 1) < 0.25, "\(row)") }
  }

  /// The two calculi are not the same: Euler-Maruyama on coefficients meant in Stratonovich's sense misses the end.
  @Test func calculiDiffer() {
    struct Mistaken: ItoSystem {
      func drift(_ x: Paths, at time: Double) -> Paths { Spreading.Stratonovich().drift(x, at: time) }
      func diffusion(_ x: Paths, at time: Double, times noise: Paths) -> Paths {
        Spreading.Stratonovich().diffusion(x, at: time, times: noise)
      }
    }
    let mistaken = StrongConvergence(
      on: Mistaken(), from: 0.3, groups: 20, seed: 1, method: { EulerMaruyama(along: $0) },
      exact: { Spreading.exact($1, $0.end, after: 1) })
    #expect(abs(mistaken.order) < 0.1)
    #expect(mistaken.points.allSatisfy { $0.error > 0.05 })
  }

  /// Along the tree a method sees the path that the exact solution sees.
  @Test func treeDrivesTheSameSolution() {
    let path = VirtualBrownianTree(like: Paths.zero, key: NoiseKey(seed: 4), from: 0, to: 1, resolution: 0x1p-14)
    let start = Paths(repeating: 0.3)
    let exact = Spreading.exact(start, path.value(at: 1), after: 1)
    let errors = [256, 2_048].map { steps in
      let end = integrate(
        Spreading.Ito(), from: start, stepSize: 1 / Double(steps), steps: steps, with: DiagonalRungeKutta(along: path))
      return distance(end, exact)
    }
    #expect(errors[1] < 3e-5 && errors[0] > 5 * errors[1])
  }

  /// ⟨q²⟩ of BAOAB is exact at any step; velocity Verlet between baths gives 1/(1 − h²/4) and an exact ⟨p²⟩.
  /// Leimkuhler, Matthews, Molecular Dynamics (2015), 7.4. Averages of 800,000 steps, five standard errors and more.
  @Test(arguments: [0.5, 1.0, 1.5])
  func stationaryAveragesAreThoseOfTheTheory(_ stepSize: Double) {
    let cold = 1 - stepSize * stepSize / 4
    for scheme in LangevinScheme.catalogue {
      let row = LangevinRow(measuring: scheme, stepSize: stepSize)
      let expected: (position: Double, momentum: Double) =
        switch scheme {
        case .baoab: (1, cold)
        case .aboba: (1, 1 / cold)
        default: (1 / cold, 1)
        }
      #expect(abs(row.position / expected.position - 1) < 0.025, "\(row)")
      #expect(abs(row.momentum / expected.momentum - 1) < 0.025, "\(row)")
    }
  }

  /// Without friction the bath does nothing: BAOAB is leapfrog's kick-drift-kick, OBABO too.
  @Test(arguments: [LangevinScheme.baoab, .obabo, .gla2])
  func withoutFrictionItIsLeapfrog(_ scheme: LangevinScheme) {
    let start = Phase(position: Paths(repeating: 0.4), momentum: Paths(repeating: -0.7))
    let bath = Langevin<BathOscillator>(scheme, temperature: 1, friction: 0, key: NoiseKey(seed: 1))
    let end = integrate(BathOscillator(), from: start, stepSize: 0.1, steps: 100, with: bath)
    let verlet = integrate(BathOscillator(), from: start, stepSize: 0.1, steps: 100, with: SplittingMethod(.leapfrog))
    #expect(distance(end, verlet) < 1e-13)
  }

  /// Observed or not, in one run or step by step: the same bits.
  @Test func runsAreRepeatable() {
    let start = Phase(position: Paths(repeating: 0.4), momentum: Paths(repeating: -0.7))
    let bath = Langevin<BathOscillator>(.baoab, temperature: 1, friction: 0.5, key: NoiseKey(seed: 2))
    let end = integrate(BathOscillator(), from: start, stepSize: 0.1, steps: 50, with: bath)
    #expect(trajectory(of: BathOscillator(), from: start, stepSize: 0.1, steps: 50, with: bath).final == end)
    let other = Langevin<BathOscillator>(.baoab, temperature: 1, friction: 0.5, key: NoiseKey(seed: 3))
    #expect(integrate(BathOscillator(), from: start, stepSize: 0.1, steps: 50, with: other) != end)
  }
}
