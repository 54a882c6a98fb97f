import CAllocationCounter
import Integrators
import Synchronization
import Testing

@Suite struct SplittingTests {
  let start = Phase(position: 0.7, momentum: -0.4)

  @Test(arguments: Palindrome.catalogue)
  func evaluatesForcesAsTheRowSays(_ row: Palindrome) {
    let counting = CountingOscillator()
    _ = integrate(counting, from: start, stepSize: 0.1, steps: 25, with: SplittingMethod(row))
    let forces = counting.forces.load(ordering: .relaxed)
    let velocities = counting.velocities.load(ordering: .relaxed)
    #expect(forces == row.forceEvaluations(steps: 25))
    #expect(forces + velocities == 25 * (row.kicks.count + row.drifts.count - 1) + 1)
  }

  @Test func leapfrogEvaluatesOneForceMoreThanItsSteps() {
    let counting = CountingOscillator()
    _ = integrate(counting, from: start, stepSize: 0.1, steps: 50, with: SplittingMethod(.leapfrog))
    #expect(counting.forces.load(ordering: .relaxed) == 51)
  }

  @Test func recordingCostsNoFurtherForces() {
    let counting = CountingOscillator()
    _ = trajectory(of: counting, from: start, stepSize: 0.1, steps: 50, with: SplittingMethod(.leapfrog))
    #expect(counting.forces.load(ordering: .relaxed) == 51)
  }

  @Test(arguments: Palindrome.catalogue)
  func mergedStepsEqualSingleSteps(_ row: Palindrome) {
    let method = SplittingMethod<Duffing<Double>>(row)
    var single = start
    for _ in 0..<100 { method.step(&single, of: .scalar, at: 0, by: 0.1) }
    let merged = integrate(.scalar, from: start, stepSize: 0.1, steps: 100, with: method)
    #expect(abs(merged.position - single.position) < 1e-12)
    #expect(abs(merged.momentum - single.momentum) < 1e-12)
  }

  @Test(arguments: Palindrome.catalogue)
  func recordedStatesAreIntegratedStatesBitForBit(_ row: Palindrome) {
    let method = SplittingMethod<Duffing<Double>>(row)
    let recorded = trajectory(of: .scalar, from: start, at: 2, stepSize: 0.1, steps: 23, every: 5, with: method)
    #expect(recorded.times == [0, 5, 10, 15, 20, 23].map { 2 + $0 * 0.1 })
    for (taken, state) in zip([0, 5, 10, 15, 20, 23], recorded.states) {
      #expect(state == integrate(.scalar, from: start, stepSize: 0.1, steps: taken, with: method))
    }
    #expect(recorded.count == 6 && recorded.initial == start && recorded.final == recorded.states[5])
  }

  @Test(arguments: Palindrome.catalogue)
  func reversedTakesTheEndBackToTheStart(_ row: Palindrome) {
    let method = SplittingMethod<Duffing<Double>>(row)
    let end = integrate(.scalar, from: start, stepSize: 0.1, steps: 200, with: method)
    let back = integrate(.scalar, from: end, stepSize: 0.1, steps: 200, with: method.reversed)
    #expect(back == integrate(.scalar, from: end, stepSize: -0.1, steps: 200, with: method))
    #expect(abs(back.position - start.position) < 1e-13)
    #expect(abs(back.momentum - start.momentum) < 1e-13)
    #expect(abs(end.position - start.position) > 0.01)
  }

  @Test func reversedStaysSymplecticAndReversible() {
    func requiresBoth(_: some SymplecticStepper & ReversibleStepper) -> Bool { true }
    #expect(requiresBoth(SplittingMethod<Oscillator>(.leapfrog).reversed.reversed))
  }

  @Test func noStepsLeaveTheState() {
    #expect(integrate(Oscillator(), from: start, stepSize: 0.1, steps: 0, with: SplittingMethod(.pefrl4)) == start)
    let recorded = trajectory(of: Oscillator(), from: start, stepSize: 0.1, steps: 0, with: SplittingMethod(.pefrl4))
    #expect(recorded.states == [start])
  }

  @Test func programmerErrorsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = integrate(Oscillator(), from: Phase(position: 1, momentum: 0), stepSize: 0.1, steps: -1, with: SplittingMethod(.leapfrog))
    }
    await #expect(processExitsWith: .failure) {
      _ = Palindrome("crooked", order: 2, kicks: [0.4, 0.6], drifts: [1], reference: "none")
    }
    await #expect(processExitsWith: .failure) {
      _ = Palindrome("short", order: 2, kicks: [0.4, 0.4], drifts: [1], reference: "none")
    }
  }
}

@Suite(.enabled(if: allocation_counter_is_available())) struct AllocationTests {
  private func allocations<Q>(_ system: Duffing<Q>, _ state: Phase<Q>, steps: Int, _ row: Palindrome) -> Int {
    let method = SplittingMethod<Duffing<Q>>(row)
    var state = state
    allocation_counter_start()
    method.steps(steps, &state, of: system, at: 0, by: 0.01)
    return allocation_counter_stop()
  }

  @Test(arguments: Palindrome.catalogue)
  func statesOfFixedSizeAllocateNothing(_ row: Palindrome) {
    #expect(allocations(.scalar, Phase(position: 1, momentum: 0), steps: 1_000, row) == 0)
    let lanes = Phase<SIMD4<Double>>(position: .one, momentum: .zero)
    #expect(allocations(.lanes, lanes, steps: 1_000, row) == 0)
  }

  @Test func theCounterSeesArrays() {
    #expect(allocations(.array, Phase(position: [1, 2], momentum: [0, 0]), steps: 10, .leapfrog) >= 10)
  }
}
