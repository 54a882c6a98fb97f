import Integrators
import Synchronization
import Testing

private let decay = VectorField { (y: Double, _) in -y }
private let swing = VectorField { (y: SIMD2<Double>, _) in SIMD2(y.y, -y.x) }
private let tight = Tolerance<Double>(relative: 1e-10, absolute: 1e-12)

@Suite struct SolveTests {
  @Test(arguments: EmbeddedTableau.catalogue)
  func keepsTheTolerance(_ row: EmbeddedTableau) {
    for tolerance in [1e-4, 1e-7] {
      let solution = solve(
        decay, from: 1, until: 5, with: EmbeddedRungeKutta(row), tolerance: Tolerance(relative: tolerance, absolute: tolerance))
      #expect(solution.status == .finished && solution.finalTime == 5)
      #expect(abs(solution.final - 0.006737946999085467) < 10 * tolerance)
    }
  }

  @Test(arguments: [StepControl.integral, .proportionalIntegral, .filtered])
  func everyControllerReachesTheEnd(_ control: StepControl) {
    let solution = solve(
      swing, from: SIMD2(1, 0), until: 20, with: EmbeddedRungeKutta(.tsitouras5),
      tolerance: Tolerance(relative: 1e-8, absolute: 1e-8), control: control)
    #expect(abs(solution.final.x - 0.40808206181339196) < 1e-6)
    #expect(solution.statistics.rejectedSteps < solution.statistics.acceptedSteps / 4)
  }

  @Test func goesBackInTime() {
    let there = solve(
      swing, from: SIMD2(1, 0), at: 1, until: 9, with: EmbeddedRungeKutta(.verner7), tolerance: Tolerance(relative: 1e-11, absolute: 1e-11))
    let back = solve(
      swing, from: there.final, at: 9, until: 1, with: EmbeddedRungeKutta(.verner7), tolerance: Tolerance(relative: 1e-11, absolute: 1e-11),
      recording: .dense)
    #expect(back.status == .finished && back.finalTime == 1)
    #expect(abs(back.final.x - 1) < 1e-9 && abs(back.final.y) < 1e-9)
    #expect(back.times == back.times.sorted(by: >))
    #expect(abs((back.dense?.state(at: 5.5).x ?? 0) + 0.21079579943077972) < 1e-9)
  }

  /// cos and −sin, between the steps and at chosen times.
  @Test(arguments: EmbeddedTableau.catalogue)
  func denseOutputIsAsGoodAsTheSteps(_ row: EmbeddedTableau) throws {
    let method = EmbeddedRungeKutta<VectorField<SIMD2<Double>>>(row)
    let tolerance = Tolerance<SIMD2<Double>>(relative: 1e-8, absolute: 1e-8)
    let solution = solve(swing, from: SIMD2(1, 0), until: 3, with: method, tolerance: tolerance, recording: .dense)
    let dense = try #require(solution.dense)
    let known = [(0.5, 0.8775825618903728), (1.0, 0.5403023058681398), (2.25, -0.6281736227227392), (3.0, -0.9899924966004454)]
    for (time, cosine) in known { #expect(abs(dense.state(at: time).x - cosine) < 1e-6) }
    let chosen = solve(
      swing, from: SIMD2(1, 0), until: 3, with: method, tolerance: tolerance, recording: .times([0, 0.5, 1, 2.25, 3]))
    #expect(chosen.times == [0, 0.5, 1, 2.25, 3])
    for ((_, cosine), state) in zip(known, chosen.states.dropFirst()) { #expect(abs(state.x - cosine) < 1e-6) }
    #expect(chosen.final == solution.final)
  }

  /// The error inside one step from exact data falls as the step to the power of the interpolant's order + 1.
  @Test(arguments: [(EmbeddedTableau.dormandPrince5, 4), (.tsitouras5, 4), (.dormandPrince8, 7), (.bogackiShampine3, 3)])
  func interpolantsConvergeAtTheirOrder(_ row: EmbeddedTableau, _ order: Int) throws {
    #expect(row.base.interpolant?.order == order)
    func error(_ stepSize: Double) -> Double {
      // y' = y², y = 1/(1 − t)
      let solution = solve(
        VectorField { (y: Double, _) in y * y }, from: 1, until: stepSize, with: EmbeddedRungeKutta(row), stepSize: stepSize,
        recording: .dense)
      return abs((solution.dense?.state(at: 0.4 * stepSize) ?? 0) - 1 / (1 - 0.4 * stepSize))
    }
    let ratio = error(0.1) / error(0.05)
    let power = (0...order).reduce(1.0) { product, _ in product * 2 }
    #expect(ratio > 0.7 * power && ratio < 1.9 * power, "\(ratio) instead of \(power)")
  }

  @Test func fixedStepsNeedNoEstimateAndInterpolateCubically() throws {
    let solution = solve(
      swing, from: SIMD2(1, 0), until: 1.05, with: ExplicitRungeKutta(.rungeKutta4), stepSize: 0.1, recording: .dense)
    #expect(solution.statistics.acceptedSteps == 11 && solution.finalTime == 1.05)
    #expect(abs(solution.final.x - 0.4975710478917269) < 1e-6)
    #expect(abs(try #require(solution.dense).state(at: 0.55).x - 0.8525245220595057) < 1e-6)
    let exact = solve(decay, from: 1, until: 1, with: ExplicitRungeKutta(.heun), stepSize: 0.1)
    #expect(exact.statistics.acceptedSteps == 10 && exact.finalTime == 1)
  }

  @Test func countsEveryEvaluation() {
    final class Counting: DifferentialEquation {
      let calls = Atomic<Int>(0)
      func derivative(_ state: Double, at time: Double) -> Double {
        calls.add(1, ordering: .relaxed)
        return -state * state * time
      }
    }
    for row in EmbeddedTableau.catalogue {
      for recording in [Recording<Double>.ends, .dense] {
        let counting = Counting()
        let solution = solve(
          counting, from: 1, until: 10, with: EmbeddedRungeKutta(row), tolerance: tight, recording: recording)
        #expect(counting.calls.load(ordering: .relaxed) == solution.statistics.evaluations)
      }
    }
    let counting = Counting()
    let stiff = solve(counting, from: 1, until: 10, with: RosenbrockMethod(.rodas5P), tolerance: tight, recording: .dense)
    #expect(counting.calls.load(ordering: .relaxed) == stiff.statistics.evaluations)
    #expect(stiff.statistics.jacobians == stiff.statistics.acceptedSteps)
  }

  @Test func boundsOfTheStepAreKept() {
    var control = StepControl.integral
    control.maximumStep = 0.1
    control.initialStep = 0.05
    let solution = solve(
      decay, from: 1, until: 2, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: Tolerance(relative: 1e-6, absolute: 1e-6),
      control: control)
    let steps = zip(solution.times.dropFirst(), solution.times).map { $0 - $1 }
    #expect(abs(steps[0] - 0.05) < 1e-15)
    #expect(steps.allSatisfy { $0 < 0.1 + 1e-9 })
  }

  @Test func printsReadably() {
    let solution = solve(decay, from: 1, until: 2, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: tight)
    #expect(solution.description.hasPrefix("finished; t = 0.0 to 2.0: \(solution.statistics.acceptedSteps) steps"))
    #expect("\(SolveStatus<Double>.notFinite(at: 1, coordinate: 2))" == "coordinate 2 is not finite at 1.0")
  }
}

@Suite struct MishapTests {
  private func run(
    _ slope: @escaping @Sendable (SIMD2<Double>, Double) -> SIMD2<Double>, until end: Double = 2,
    tolerance: Tolerance<SIMD2<Double>> = Tolerance(relative: 1e-8, absolute: 1e-8), control: StepControl = .proportionalIntegral
  ) -> Solution<SIMD2<Double>> {
    solve(
      VectorField(slope), from: SIMD2(1, 1), until: end, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: tolerance, control: control)
  }

  @Test func notFiniteNamesTimeAndCoordinate() {
    let late = run { y, t in SIMD2(-y.x, t < 1 ? -y.y : .nan) }
    guard case .notFinite(let time, let coordinate) = late.status else {
      Issue.record("\(late.status)")
      return
    }
    #expect(abs(time - 1) < 1e-6 && coordinate == 1)
    #expect(late.times.count > 2 && abs(late.final.x - 0.36787944117144233) < 1e-6)
    #expect(run { y, _ in SIMD2(.infinity, 0) }.status == .notFinite(at: 0, coordinate: 0))
    let fixed = solve(
      VectorField { (y: Double, t) in t > 0.45 ? .nan : y }, from: 1, until: 1, with: ExplicitRungeKutta(.euler), stepSize: 0.1)
    #expect(fixed.status == .notFinite(at: fixed.finalTime, coordinate: 0) && fixed.times.count == 6)
    let born = solve(decay, from: .nan, until: 1, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: tight)
    #expect(born.status == .notFinite(at: 0, coordinate: 0))
  }

  /// A planet of mass zero divides by zero.
  @Test func massZeroIsNotFinite() {
    let free = run { y, _ in SIMD2(y.y / (y.x - y.x), 0) }
    #expect(free.status == .notFinite(at: 0, coordinate: 0) && free.states == [SIMD2(1, 1)])
  }

  /// y' = y² leaves every bound at t = 1.
  @Test func singularitiesEndTheSteps() {
    let blowUp = run { y, _ in y * y }
    #expect(!blowUp.status.isSuccess)
    #expect(abs(blowUp.finalTime - 1) < 1e-6 && blowUp.final.x > 1e6)
    #expect(throws: SolveFailure<Double>.self) { try blowUp.checked() }
    var control = StepControl.proportionalIntegral
    control.minimumStep = 1e-3
    let bounded = run({ y, _ in y * y }, control: control)
    guard case .stepUnderflow(let time) = bounded.status else {
      Issue.record("\(bounded.status)")
      return
    }
    #expect(time > 0.9 && time < 1)
  }

  @Test func maximumStepsKeepWhatThereIs() {
    var control = StepControl.proportionalIntegral
    control.maximumSteps = 7
    let short = run({ y, _ in SIMD2(y.y, -y.x) }, until: 100, control: control)
    #expect(short.status == .maximumSteps(7, at: short.finalTime))
    #expect(short.times.count == 8 - short.statistics.rejectedSteps && short.finalTime > 0)
  }

  @Test func tolerancesBelowRoundOffAreRefused() {
    func status(_ tolerance: Tolerance<SIMD2<Double>>) -> SolveStatus<Double> { run({ y, _ in -y }, tolerance: tolerance).status }
    #expect(status(Tolerance(relative: 0, absolute: 0)) == .invalid(.toleranceBelowRoundOff(coordinate: 0)))
    #expect(status(Tolerance(relative: 1e-17, absolute: 0)) == .invalid(.toleranceBelowRoundOff(coordinate: 0)))
    #expect(status(Tolerance(relative: 0, absolute: 1e-20)) == .invalid(.toleranceBelowRoundOff(coordinate: 0)))
    #expect(status(Tolerance(relative: 0, absoluteForEach: SIMD2(1e-6, -1))) == .invalid(.toleranceNegative(coordinate: 1)))
    #expect(status(Tolerance(relative: .nan, absolute: 1)) == .invalid(.toleranceNegative(coordinate: 0)))
    #expect(status(Tolerance(relative: 0, absolute: 1e-9)) == .finished)
  }

  @Test func wrongSizesAreRefused() {
    let shrinking = solve(
      VectorField { (y: [Double], _) in [y[0]] }, from: [1, 2], until: 1, with: EmbeddedRungeKutta(.dormandPrince5),
      tolerance: Tolerance(relative: 1e-6, absolute: 1e-6))
    #expect(shrinking.status == .invalid(.derivativeSize(expected: 2, found: 1)) && shrinking.final == [1, 2])
    let loose = solve(
      VectorField { (y: [Double], _) in y }, from: [1, 2], until: 1, with: EmbeddedRungeKutta(.dormandPrince5),
      tolerance: Tolerance(relative: 1e-6, absoluteForEach: [1e-6]))
    #expect(loose.status == .invalid(.toleranceSize(expected: 2, found: 1)))
  }

  @Test func senselessControlIsRefused() {
    var control = StepControl.integral
    control.minimumStep = 2
    control.maximumStep = 1
    guard case .invalid(.control) = run({ y, _ in y }, control: control).status else {
      Issue.record("accepted")
      return
    }
    #expect(run({ y, _ in y }, until: .infinity).status == .invalid(.span))
    #expect(run({ y, _ in y }, until: 0).status == .finished)
    let still = solve(decay, from: 1, until: 1, with: ExplicitRungeKutta(.heun), stepSize: 0)
    #expect(still.status == .invalid(.stepSize))
  }
}
