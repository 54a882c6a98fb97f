import IntegratorMeasurements
import Integrators
import Testing

@Suite struct ConstrainedLaws {
  @Test(arguments: ConstrainedRow.catalogue)
  func obeysTheLawsOnTheSurface(_ row: ConstrainedRow) {
    for order in row.orders { #expect(abs(order - Double(row.order)) < 0.1, "\(row)") }
    #expect(row.constraintError < 1e-12 && row.tangencyError < 1e-12, "\(row)")
    #expect(row.energyError < (row.order == 2 ? 2e-3 : 2e-6) && abs(row.energyDrift) < 0.1 * row.energyError, "\(row)")
    #expect(row.reversalError < 1e-11, "\(row)")
  }

  /// The spherical pendulum keeps its angular momentum about the vertical, a symmetry of the constraint too.
  @Test func sphericalPendulumKeepsItsMomentum() {
    let system = SphericalPendulum()
    let start = Phase(position: SIMD3(0.6, 0, -0.8), momentum: SIMD3(0.4, 0.9, 0.3))
    var largest = (momentum: 0.0, energy: 0.0, constraint: 0.0)
    var state = start
    Rattle<SphericalPendulum>().steps(20_000, &state, of: system, at: 0, by: 0.05, observingEvery: 1) { _, state in
      largest.momentum = max(largest.momentum, abs(system.verticalMomentum(state) - system.verticalMomentum(start)))
      largest.energy = max(largest.energy, abs(system.energy(state) - system.energy(start)))
      largest.constraint = max(largest.constraint, system.constraintError(state.position))
    }
    #expect(system.tangencyError(start) < 1e-15)
    #expect(largest.momentum < 1e-11 && largest.constraint < 1e-13)
    #expect(largest.energy < 2e-3 && largest.energy > 1e-6)
    #expect(distance(state, start) > 0.1)
  }

  /// In (angle, angular velocity) a step keeps areas.
  @Test func stepKeepsAreasOfTheAngle() {
    struct InAngles: Stepper {
      typealias System = RodPendulum
      typealias State = Phase<Double>
      func step(_ state: inout State, of system: RodPendulum, at time: Double, by stepSize: Double) {
        var plane = RodPendulum.state(angle: state.position, velocity: state.momentum)
        let before = plane.position
        Rattle<RodPendulum>().step(&plane, of: system, at: time, by: stepSize)
        // The turn is small: its sine is the cross product.
        let sine = before.x * plane.position.y - before.y * plane.position.x
        let turn = (0..<8).reduce(sine) { turn, _ in turn - (sinOf(turn) - sine) / (1 - sine * sine).squareRoot() }
        state.position += turn
        state.momentum = plane.position.x * plane.momentum.y - plane.position.y * plane.momentum.x
      }
      private func sinOf(_ x: Double) -> Double {
        var term = x
        var sum = x
        for index in 1..<12 {
          term *= -x * x / Double((2 * index) * (2 * index + 1))
          sum += term
        }
        return sum
      }
    }
    let jacobian = StepJacobian(of: InAngles(), on: RodPendulum(), at: Phase(position: 1.1, momentum: 0.4), stepSize: 0.2)
    #expect(jacobian.symplecticityError < 1e-9)
  }

  /// A step longer than the rod allows has no solution: the state says so.
  @Test func stepWithoutSolutionIsNotANumber() {
    let fast = RodPendulum.state(angle: 0, velocity: 50)
    let end = integrate(RodPendulum(), from: fast, stepSize: 1, steps: 1, with: Rattle())
    #expect(end.position.x.isNaN)
  }

  @Test func solveEndsBeforeAStepWithoutSolution() throws {
    let fast = RodPendulum.state(angle: 0, velocity: 50)
    let none = solve(RodPendulum(), from: fast, until: 3, with: Rattle(), stepSize: 1)
    #expect(none.status == .notConverged(at: 0) && none.final == fast && none.statistics.rejectedSteps == 1)
    #expect(throws: SolveFailure<Double>.self) { try none.checked() }
    let slow = RodPendulum.state(angle: 1.5, velocity: 0.5)
    let whole = solve(RodPendulum(), from: slow, until: 1.05, with: Rattle(), stepSize: 0.1, every: 4)
    #expect(whole.status == .finished && whole.finalTime == 1.05 && whole.statistics.acceptedSteps == 11)
    #expect(whole.times.count == 4 && whole.states.allSatisfy { RodPendulum().constraintError($0.position) < 1e-12 })
    let same = integrate(RodPendulum(), from: slow, stepSize: 0.125, steps: 8, with: Rattle())
    #expect(solve(RodPendulum(), from: slow, until: 1, with: Rattle(), stepSize: 0.125).final == same)
    let back = solve(RodPendulum(), from: same, at: 1, until: 0, with: Rattle(), stepSize: 0.125)
    #expect(back.status == .finished && distance(back.final, slow) < 1e-12)
    #expect(solve(RodPendulum(), from: slow, until: 1, with: Rattle(), stepSize: 0).status == .invalid(.stepSize))
    #expect(solve(RodPendulum(), from: slow, until: .nan, with: Rattle(), stepSize: 1).status == .invalid(.span))
  }
}

@Suite struct AdaptiveLaws {
  @Test(arguments: AdaptiveRow.catalogue)
  func obeysTheLawsOfItsKind(_ row: AdaptiveRow) {
    for order in row.orders { #expect(abs(order - Double(row.order)) < 0.1, "\(row)") }
    #expect(row.reversalError < 1e-9, "\(row)")
    if let error = row.symplecticityError { #expect(error < 1e-9, "\(row)") }
    #expect(abs(row.energy.drift) < max(0.1 * row.energy.largest, 1e-9), "\(row)")
  }

  /// The logarithmic Hamiltonian of two bodies is followed along its orbit: the energy and the ellipse are exact, the time is not.
  @Test func logarithmicLeapfrogStaysOnTheEllipse() {
    let start = Kepler.perihelion(eccentricity: 0.99)
    let run = trajectory(
      of: Kepler(), from: ExtendedPhase(start, of: Kepler()), stepSize: 0.05, steps: 2_000, with: LogarithmicLeapfrog())
    let minor = (1 - 0.99 * 0.99).squareRoot()
    for state in run.states {
      #expect(abs(Kepler().energy(state.phase) / Kepler().energy(start) - 1) < 1e-9)
      let (x, y) = ((state.position.x + 0.99), state.position.y / minor)
      #expect(abs(x * x + y * y - 1) < 1e-9)
    }
    // Steps near perihelion are short: by the cube of distance, the time between them spans three decades.
    let steps = zip(run.states, run.states.dropFirst()).map { $1.time - $0.time }
    #expect((steps.max() ?? 0) > 50 * (steps.min() ?? 1))
  }

  /// What the promise is for: fixed leapfrog at as many steps a revolution is useless at this eccentricity.
  @Test func fixedStepsLoseTheEccentricOrbit() {
    let start = Kepler.perihelion(eccentricity: 0.9)
    func error(_ energies: [Double]) -> Double { energies.map { abs($0 / Kepler().energy(start) - 1) }.max() ?? 0 }
    // About 130 steps a revolution in either case.
    let paced = trajectory(
      of: Kepler(), from: PacedPhase(start, of: Kepler()), stepSize: 0.05, steps: 1_000, with: PacedSplitting(.leapfrog))
    let fixed = trajectory(of: Kepler(), from: start, stepSize: 2 * Double.pi / 130, steps: 1_000, with: SplittingMethod(.leapfrog))
    #expect(error(paced.states.map { Kepler().energy($0.phase) }) < 0.02)
    #expect(error(fixed.states.map(Kepler().energy)) > 0.2)
  }
}
