import Integrators
import Testing

@Suite struct VectorSpaceTests {
  /// x + a·y − a·y = x and x + a·y + b·y = x + (a + b)·y for numbers that round nowhere.
  private func obeysTheLaws<State: VectorSpace & Equatable>(_ x: State, _ y: State) -> Bool {
    x.moved(2, along: y).moved(-2, along: y) == x
      && x.moved(2, along: y).moved(0.5, along: y) == x.moved(2.5, along: y)
      && x.moved(0, along: y) == x && x.moved(1, along: y) != x
  }

  @Test func everyConformerObeysTheLaws() {
    #expect(obeysTheLaws(1.5, 0.25))
    #expect(obeysTheLaws(Float(1.5), 0.25))
    #expect(obeysTheLaws(SIMD2(1.5, 3), SIMD2(0.25, -2)))
    #expect(obeysTheLaws(SIMD3(1.5, 3, 0), SIMD3(0.25, -2, 1)))
    #expect(obeysTheLaws(SIMD4<Float>(1.5, 3, 0, 8), SIMD4(0.25, -2, 1, 1)))
    #expect(obeysTheLaws(SIMD8<Float>(repeating: 3), SIMD8(repeating: 0.5)))
    #expect(obeysTheLaws([1.5, 3], [0.25, -2]))
    #expect(obeysTheLaws([SIMD2(1.5, 3)], [SIMD2(0.25, -2)]))
    #expect(obeysTheLaws(Phase(position: 1.5, momentum: 3), Phase(position: 0.25, momentum: -2)))
  }

  @available(macOS 26.0, *)
  @Test func inlineArraysMoveElementByElement() {
    let start: InlineArray<3, Double> = [1, 2, 3]
    let moved = start.moved(2, along: [10, 20, 30])
    #expect(moved[0] == 21 && moved[1] == 42 && moved[2] == 63)
  }

  @Test func arraysOfDifferentSizesTrap() async {
    await #expect(processExitsWith: .failure) { _ = [1.0, 2.0].moved(1, along: [1.0]) }
  }

  /// Lanes of a SIMD state are independent trajectories, each the bits of the scalar run.
  @Test func lanesAreIndependentTrajectories() {
    let positions = SIMD8<Double>(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    let lanes = integrate(
      Duffing<SIMD8<Double>>.lanes, from: Phase(position: positions, momentum: .one), stepSize: 0.1, steps: 100,
      with: SplittingMethod(.yoshida4))
    for lane in positions.indices {
      let alone = integrate(
        Duffing<Double>.scalar, from: Phase(position: positions[lane], momentum: 1), stepSize: 0.1, steps: 100,
        with: SplittingMethod(.yoshida4))
      #expect(lanes.position[lane] == alone.position && lanes.momentum[lane] == alone.momentum)
    }
  }

  @Test func arraysFollowTheirElements() {
    let array = integrate(
      Duffing<[Double]>.array, from: Phase(position: [0.3, 0.6], momentum: [1, -1]), stepSize: 0.1, steps: 100,
      with: SplittingMethod(.leapfrog))
    let second = integrate(
      Duffing<Double>.scalar, from: Phase(position: 0.6, momentum: -1), stepSize: 0.1, steps: 100, with: SplittingMethod(.leapfrog))
    #expect(array.position[1] == second.position && array.momentum[1] == second.momentum)
  }

  /// Single precision keeps to itself: the step size and the coefficients are rounded to Float once.
  @Test func singlePrecisionStaysNearDouble() {
    let single = integrate(
      Duffing<SIMD2<Float>>.lanes, from: Phase(position: SIMD2(repeating: 0.5), momentum: .one), stepSize: 0.1, steps: 100,
      with: SplittingMethod(.blanesMoan4))
    let double = integrate(
      Duffing<Double>.scalar, from: Phase(position: 0.5, momentum: 1), stepSize: 0.1, steps: 100, with: SplittingMethod(.blanesMoan4))
    #expect(abs(Double(single.position.x) - double.position) < 1e-4)
  }
}
