import IntegratorMeasurements
import Integrators
import Testing

@Suite struct ProblemTests {
  /// force = −∂V/∂q, velocity = ∂T/∂p and hessian = ∂²V/∂q² u, by central differences of fourth order.
  private func agrees<System: MeasurableHamiltonian & ForceGradientHamiltonian>(_ system: System, at state: Phase<System.Q>) -> Bool
  where System.Q: CoordinateSpace, System.Q.Scalar == Double {
    func slope(_ f: (Double) -> Double) -> Double { (8 * (f(1e-3) - f(-1e-3)) - (f(2e-3) - f(-2e-3))) / 12e-3 }
    func moved(_ point: System.Q, _ index: Int, _ offset: Double) -> System.Q {
      var point = point
      point[coordinate: index] += offset
      return point
    }
    let (q, p) = (state.position, state.momentum)
    return (0..<q.coordinateCount).allSatisfy { index in
      let force = slope { system.potentialEnergy(moved(q, index, $0)) }
      let velocity = slope { system.kineticEnergy(moved(p, index, $0)) }
      let bend = slope { -system.force(q.moved($0, along: p))[coordinate: index] }
      return abs(force + system.force(q)[coordinate: index]) < 1e-9
        && abs(velocity - system.velocity(p)[coordinate: index]) < 1e-9
        && abs(bend - system.hessian(at: q, times: p)[coordinate: index]) < 1e-8
    }
  }

  @Test func derivativesAreThoseOfTheEnergies() {
    #expect(agrees(Pendulum(), at: Phase(position: 0.7, momentum: -0.4)))
    #expect(agrees(HenonHeiles(), at: Phase(position: SIMD2(0.3, -0.2), momentum: SIMD2(0.5, 0.1))))
    #expect(agrees(Kepler(), at: Phase(position: SIMD2(0.8, -0.5), momentum: SIMD2(0.5, 0.6))))
    #expect(agrees(Toda(), at: Phase(position: SIMD3(0.3, -0.2, 0.4), momentum: SIMD3(0.5, 0.1, -0.3))))
  }

  @Test func todaKeepsItsThirdIntegral() {
    let start = Phase(position: SIMD3(0.5, -0.3, 0.1), momentum: SIMD3(1, -0.4, 0.2))
    let run = trajectory(of: Toda(), from: start, stepSize: 0.05, steps: 4_000, every: 10, with: SplittingMethod(.kahanLi8))
    for state in run.states {
      #expect(abs(Toda().henonIntegral(state) - Toda().henonIntegral(start)) < 1e-10)
      #expect(abs(Toda().energy(state) - Toda().energy(start)) < 1e-10)
      #expect(abs(state.momentum.sum() - start.momentum.sum()) < 1e-12)
    }
    #expect(distance(run.final, start) > 0.1)
  }

  @available(macOS 26.0, *)
  @Test func outerSolarSystemKeepsWhatItMust() {
    let system = OuterSolarSystem()
    // A thousand years.
    let run = trajectory(of: system, from: system.start, stepSize: 50, steps: 7_300, every: 73, with: SplittingMethod(.blanesMoan4))
    let angular = system.angularMomentum(system.start)
    for state in run.states {
      #expect(abs(system.energy(state) / system.energy(system.start) - 1) < 1e-7)
      let lost = system.angularMomentum(state) - angular
      #expect((lost * lost).sum().squareRoot() < 1e-13)
    }
    // Jupiter's sidereal period of 4332.6 days: a fourth order run of one period brings it back near its place about the Sun.
    func jupiter(_ state: Phase<SixBodies>) -> SIMD3<Double> { state.position[1] - state.position[0] }
    let later = integrate(system, from: system.start, stepSize: 4332.6 / 100, steps: 100, with: SplittingMethod(.blanesMoan4))
    let shift = jupiter(later) - jupiter(system.start)
    #expect((shift * shift).sum().squareRoot() < 0.05)
  }

  /// In uniform fields Boris's splitting drifts as the guiding centre does; with Yoshida's and Kahan and Li's weights it
  /// converges to the exact helix at their order.
  @Test func chargedParticleFollowsItsHelix() {
    let particle = ChargedParticle(electricField: SIMD3(0.1, 0.2, 0), magneticField: SIMD3(0, 0, 1.3))
    let start = Phase(position: SIMD3(0.4, 0, 0.1), momentum: SIMD3(0.7, -0.2, 0.3))
    func error(_ method: some Stepper<ChargedParticle, Phase<SIMD3<Double>>>, _ steps: Int) -> Double {
      let end = integrate(particle, from: start, stepSize: 10 / Double(steps), steps: steps, with: method)
      return distance(end, particle.orbit(from: start, at: 10))
    }
    let strang = StrangSplitting<ChargedParticle>()
    let pairs = [
      (2.0, error(strang, 100) / error(strang, 200)),
      (4.0, error(ComposedStepper(strang, .mclachlan4), 50) / error(ComposedStepper(strang, .mclachlan4), 100)),
      (6.0, error(ComposedStepper(strang, .kahanLi6), 40) / error(ComposedStepper(strang, .kahanLi6), 80)),
    ]
    for (order, ratio) in pairs { #expect(abs(ratio / [2.0: 4, 4: 16, 6: 64][order, default: 0] - 1) < 0.1) }
    let jacobian = StepJacobian(of: strang, on: particle, at: start, stepSize: 0.3)
    #expect(abs(jacobian.determinant - 1) < 1e-10)
    let end = integrate(particle, from: start, stepSize: 0.3, steps: 1_000, with: strang)
    let back = integrate(particle, from: end, stepSize: 0.3, steps: 1_000, with: strang.reversed)
    #expect(distance(back, start) < 1e-10)
    #expect(abs(particle.energy(end) - particle.energy(start)) < 0.01)
  }
}
