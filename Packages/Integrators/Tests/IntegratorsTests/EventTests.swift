import Integrators
import Testing

private let falling = VectorField { (ball: Phase<Double>, _) in Phase(position: ball.momentum, momentum: -1) }
private let tolerance = Tolerance<Phase<Double>>(relative: 1e-10, absolute: 1e-10)

/// The floor that gives back a part of the speed.
private func floor(restitution: Double) -> Event<Phase<Double>> {
  Event("floor", .falling, .modify { ball, _ in ball.momentum *= -restitution }) { ball, _ in ball.position }
}

@Suite struct EventTests {
  /// Bounce k + 1 follows bounce k after 2 vₖ, vₖ₊₁ = r vₖ.
  @Test(arguments: [EmbeddedTableau.dormandPrince5, .tsitouras5, .dormandPrince8, .bogackiShampine3])
  func aBallBouncesAThousandTimes(_ row: EmbeddedTableau) {
    let restitution = 0.999
    var (time, speed) = (0.0, 1.0)
    var bounces: [Double] = []
    for _ in 0..<1_000 {
      time += 2 * speed
      speed *= restitution
      bounces.append(time)
    }
    let solution = solve(
      falling, from: Phase(position: 0, momentum: 1), until: time + speed, with: EmbeddedRungeKutta(row), tolerance: tolerance,
      recording: .ends, events: [floor(restitution: restitution)])
    #expect(solution.status == .finished && solution.occurrences.count == 1_000)
    let late = zip(bounces, solution.occurrences).map { abs($1.time - $0) }.max() ?? .nan
    let high = solution.occurrences.map { abs($0.state.position) }.max() ?? .nan
    #expect(late < 1e-7 && high < 1e-9)
    #expect(abs(solution.final.position - speed * speed / 2) < 1e-7)
  }

  /// In a square table the unfolded path is straight; a corner is two cushions at once.
  @Test func aBilliardFollowsItsUnfoldedPath() {
    let free = VectorField { (ball: Phase<SIMD2<Double>>, _) in Phase(position: ball.momentum, momentum: SIMD2(0, 0)) }
    func cushion(_ name: String, _ axis: Int, _ far: Bool) -> Event<Phase<SIMD2<Double>>> {
      Event(name, .falling, .modify { ball, _ in ball.momentum[axis] *= -1 }) { ball, _ in
        far ? 1 - ball.position[axis] : ball.position[axis]
      }
    }
    let cushions = [cushion("left", 0, false), cushion("right", 0, true), cushion("bottom", 1, false), cushion("top", 1, true)]
    func folded(_ x: Double) -> Double {
      let phase = x - 2 * (x / 2).rounded(.down)
      return phase > 1 ? 2 - phase : phase
    }
    for velocity in [SIMD2(1.0, 0.6180339887498949), SIMD2(-0.3, 0.7), SIMD2(1, 1)] {
      let start = SIMD2(0.25, velocity == SIMD2(1, 1) ? 0.25 : 0.4)
      let solution = solve(
        free, from: Phase(position: start, momentum: velocity), until: 100.3, with: EmbeddedRungeKutta(.dormandPrince5),
        tolerance: Tolerance(relative: 1e-10, absolute: 1e-10), recording: .ends, events: cushions)
      let end = start + 100.3 * velocity
      #expect(solution.status == .finished)
      #expect(abs(solution.final.position.x - folded(end.x)) < 1e-10)
      #expect(abs(solution.final.position.y - folded(end.y)) < 1e-10)
      let hits = [0, 1].reduce(0) { $0 + abs(Int(end[$1].rounded(.down)) - Int(start[$1].rounded(.down))) }
      #expect(solution.occurrences.count == hits)
    }
  }

  /// Zeros of cos t at (n + ½) π, alternately falling and rising.
  @Test(arguments: [false, true])
  func directionsAreThoseOfTheIntegration(_ backwards: Bool) {
    let swing = VectorField { (y: SIMD2<Double>, _) in SIMD2(y.y, -y.x) }
    let sign = backwards ? -1.0 : 1.0
    func times(_ direction: Event<SIMD2<Double>>.Direction) -> [Double] {
      solve(
        swing, from: SIMD2(1, 0), until: sign * 10, with: EmbeddedRungeKutta(.verner7),
        tolerance: Tolerance(relative: 1e-11, absolute: 1e-11), events: [Event("zero", direction, .record) { y, _ in y.x }]
      ).occurrences.map(\.time)
    }
    let zeros = [1.5707963267948966, 4.71238898038469, 7.853981633974483]
    for (found, exact) in zip(times(.either), zeros) { #expect(abs(found - sign * exact) < 1e-9) }
    #expect(times(.either).count == 3 && times(.falling).count == 2 && times(.rising).count == 1)
  }

  @Test func severalEventsComeInOrderAndTheFirstStopEnds() {
    let clock = VectorField { (y: Double, _) in 1 }
    func at(_ moment: Double, _ name: String, _ action: Event<Double>.Action = .record) -> Event<Double> {
      Event(name, .rising, action) { y, _ in y - moment }
    }
    let solution = solve(
      clock, from: 0, until: 10, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: Tolerance(relative: 1e-9, absolute: 1e-9),
      recording: .dense, events: [at(3.5, "third"), at(1.25, "first"), at(1.2500001, "second"), at(4, "end", .stop), at(5, "never")])
    #expect(solution.occurrences.map(\.event) == ["first", "second", "third", "end"])
    #expect(solution.status == .stopped(event: "end", at: solution.finalTime))
    #expect(abs(solution.finalTime - 4) < 1e-12 && abs(solution.final - 4) < 1e-12)
    #expect(abs((solution.dense?.state(at: 3.9) ?? 0) - 3.9) < 1e-12)
  }

  /// Two crossings in one long step: up and down again.
  @Test func crossingsWithinAStepAreSeen() {
    let solution = solve(
      falling, from: Phase(position: 0, momentum: 1), until: 2, with: EmbeddedRungeKutta(.dormandPrince5), stepSize: 2,
      events: [Event("height", .either, .record) { ball, _ in ball.position - 0.375 }])
    #expect(solution.statistics.acceptedSteps == 1)
    #expect(solution.occurrences.count == 2)
    for (occurrence, exact) in zip(solution.occurrences, [0.5, 1.5]) { #expect(abs(occurrence.time - exact) < 1e-12) }
  }

  /// Half the speed at every bounce: infinitely many until t = 4.
  @Test func chatteringIsNoticed() {
    let solution = solve(
      falling, from: Phase(position: 0, momentum: 1), until: 10, with: EmbeddedRungeKutta(.dormandPrince5), tolerance: tolerance,
      events: [floor(restitution: 0.5)])
    #expect(solution.status == .chattering(event: "floor", at: solution.finalTime))
    #expect(abs(solution.finalTime - 4) < 1e-6 && abs(solution.final.position) < 1e-9)
  }

  @Test func modificationsThatDoNotTurnBackGoOn() {
    // The rate changes where y crosses 1: y = t until then, 1 + 2 (t − 1) after.
    struct Rate: DifferentialEquation {
      func derivative(_ state: SIMD2<Double>, at time: Double) -> SIMD2<Double> { SIMD2(state.y, 0) }
    }
    let solution = solve(
      Rate(), from: SIMD2(0, 1), until: 3, with: EmbeddedRungeKutta(.tsitouras5), tolerance: Tolerance(relative: 1e-9, absolute: 1e-9),
      events: [Event("faster", .either, .modify { y, _ in y.y = 2 }) { y, _ in y.x - 1 }])
    #expect(solution.occurrences.count == 1 && abs(solution.final.x - 5) < 1e-12)
  }
}
