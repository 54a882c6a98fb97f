import Integrators
import Testing

/// Planets with strengths of their own: the third of five coordinates is a parameter.
private struct Planets: LaneEquation {
  let coordinateCount = 5
  func evaluate(_ slope: inout MutableSpan<SIMD8<Double>>, of y: Span<SIMD8<Double>>, at time: SIMD8<Double>) {
    let squared = y[0] * y[0] + y[1] * y[1]
    let pull = -y[4] / (squared * squared.squareRoot())
    slope[0] = y[2]
    slope[1] = y[3]
    slope[2] = y[0] * pull
    slope[3] = y[1] * pull
    slope[4] = SIMD8(repeating: 0)
  }
}

private struct Planet: DifferentialEquation {
  let strength: Double
  func derivative(_ y: SIMD4<Double>, at time: Double) -> SIMD4<Double> {
    let squared = y.x * y.x + y.y * y.y
    let pull = -strength / (squared * squared.squareRoot())
    return SIMD4(y.z, y.w, y.x * pull, y.y * pull)
  }
}

@Suite struct BatchTests {
  @Test(arguments: EmbeddedTableau.catalogue)
  func everyTrajectoryIsTheOneItWouldBeAlone(_ row: EmbeddedTableau) {
    let strengths = (0..<29).map { 0.5 + 0.05 * Double($0) }
    let batch = solveBatch(
      Planets(), from: strengths.flatMap { [0.6, 0, 0, 1.5, $0] }, until: 7, with: row, relative: 1e-9, absolute: 1e-9)
    #expect(batch.statuses.allSatisfy { $0 == .finished })
    for (index, strength) in strengths.enumerated() {
      let alone = solve(
        Planet(strength: strength), from: SIMD4(0.6, 0, 0, 1.5), until: 7, with: EmbeddedRungeKutta(row),
        tolerance: Tolerance(relative: 1e-9, absolute: 1e-9))
      for (coordinate, value) in batch[index].dropLast().enumerated() {
        #expect(abs(value - alone.final[coordinate]) < 2e-6)
      }
      #expect(abs(batch.statistics[index].acceptedSteps - alone.statistics.acceptedSteps) <= 4 + alone.statistics.acceptedSteps / 10)
    }
  }

  /// y' = y² from y₀ ends at 1/y₀, y' = −y² never.
  @Test func oneFailureDisturbsNoOther() {
    struct Growth: LaneEquation {
      let coordinateCount = 2
      func evaluate(_ slope: inout MutableSpan<SIMD4<Double>>, of y: Span<SIMD4<Double>>, at time: SIMD4<Double>) {
        slope[0] = y[1] * y[0] * y[0]
        slope[1] = SIMD4(repeating: 0)
      }
    }
    let starts: [Double] = [1, -1, 2, 1, .nan, 1, 0.25, 1, 1, -1, 0.5, -1]
    let batch = solveBatch(
      Growth(), from: starts, until: 3, with: .dormandPrince5, relative: 1e-9, absolute: 1e-9)
    #expect(batch.statuses.map(\.isSuccess) == [true, false, false, true, true, true])
    #expect(batch.statuses[2] == .notFinite(at: 0, coordinate: 0))
    #expect(abs(batch.finalTimes[1] - 0.5) < 1e-5)
    for (index, exact) in [(0, 0.25), (3, 1.0), (4, 0.25), (5, 0.2)] {
      #expect(abs((batch[index].first ?? 0) - exact) < 1e-7)
      #expect(batch.finalTimes[index] == 3)
    }
    #expect(batch.description.contains("6 trajectories (2 failed)"))
  }

  /// Vectors of other lengths and of floats go other ways through the arithmetic.
  @Test func lanesOfAnyKindAgree() {
    struct Decay<Vector: SIMD & Sendable>: LaneEquation where Vector.Scalar: RealScalar {
      typealias Lanes = Vector
      let coordinateCount = 1
      func evaluate(_ slope: inout MutableSpan<Vector>, of y: Span<Vector>, at time: Vector) { slope[0] = -y[0] * y[0] }
    }
    let starts = (0..<37).map { 0.2 + 0.1 * Double($0) }
    func ends<Vector: SIMD & Sendable>(_ type: Vector.Type) -> BatchSolution<Double> where Vector.Scalar == Double {
      solveBatch(Decay<Vector>(), from: starts, until: 3, with: .dormandPrince8, relative: 1e-9, absolute: 1e-9)
    }
    let eight = ends(SIMD8<Double>.self)
    for (start, end) in zip(starts, eight.final) { #expect(abs(end - start / (1 + 3 * start)) < 1e-8) }
    for other in [ends(SIMD2<Double>.self), ends(SIMD4<Double>.self), ends(SIMD16<Double>.self), ends(SIMD32<Double>.self)] {
      #expect(other.final == eight.final && other.statistics == eight.statistics)
    }
    let singles = solveBatch(
      Decay<SIMD16<Float>>(), from: starts.map { Float($0) }, until: 3, with: .dormandPrince5, relative: 1e-5, absolute: 1e-5)
    for (start, end) in zip(starts, singles.final) { #expect(abs(Double(end) - start / (1 + 3 * start)) < 1e-4) }
  }

  @Test func tasksChangeNoDigit() async {
    let starts: [Double] = (0..<2_000).flatMap { index -> [Double] in [0.6, 0, 0, 1.5, 0.5 + 0.001 * Double(index % 700)] }
    let alone = solveBatch(Planets(), from: starts, until: 5, with: .dormandPrince5, relative: 1e-8, absolute: 1e-8)
    for tasks in [1, 2, 3] {
      let together = await solveBatch(
        Planets(), from: starts, until: 5, with: .dormandPrince5, relative: 1e-8, absolute: 1e-8, tasks: tasks)
      #expect(together.final == alone.final)
      #expect(together.statuses == alone.statuses)
      #expect(together.statistics == alone.statistics)
    }
  }

  @Test func batchesOfAnySizeAndMistakes() {
    let none = solveBatch(Planets(), from: [], until: 1, with: .dormandPrince5, relative: 1e-6, absolute: 1e-6)
    #expect(none.statuses.isEmpty)
    let zero = solveBatch(Planets(), from: [1, 0, 0, 1, 1], until: 1, with: .dormandPrince5, relative: 0, absolute: 0)
    #expect(zero.statuses == [.invalid(.toleranceBelowRoundOff(coordinate: 0))])
    var control = StepControl.proportionalIntegral
    control.maximumSteps = 3
    let short = solveBatch(
      Planets(), from: [1, 0, 0, 1, 1, 1, 0, 0, 1.1, 1], until: -50, with: .dormandPrince5, relative: 1e-6, absolute: 1e-6,
      control: control)
    for (status, time) in zip(short.statuses, short.finalTimes) { #expect(status == .maximumSteps(3, at: time) && time < 0) }
  }
}
