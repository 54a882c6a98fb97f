import Integrators
import Testing

/// H = p² (1 + q²)/2 + q²/2: not separable.
struct WarpedOscillator: GeneralHamiltonian {
  func velocity(_ state: Phase<Double>) -> Double { state.momentum * (1 + state.position * state.position) }
  func force(_ state: Phase<Double>) -> Double { -state.position * (1 + state.momentum * state.momentum) }
  func energy(_ state: Phase<Double>) -> Double {
    (state.momentum * state.momentum * (1 + state.position * state.position) + state.position * state.position) / 2
  }
}

@Suite struct GaussLegendreTests {
  static let methods: [GaussLegendre<WarpedOscillator>] = GaussTableau.catalogue.flatMap {
    [GaussLegendre($0, .fixedPoint), GaussLegendre($0, .newton)]
  }
  let start = Phase(position: 1.0, momentum: 0.5)

  @Test(arguments: methods)
  func energyStaysAndTheWayBackIsTheSame(_ method: GaussLegendre<WarpedOscillator>) {
    let end = integrate(WarpedOscillator(), from: start, stepSize: 0.1, steps: 2_000, with: method)
    let bounds: [Int: Double] = [2: 2e-3, 4: 2e-5, 6: 1e-6, 8: 1e-9]
    let bound = bounds[method.order] ?? 0
    #expect(abs(WarpedOscillator().energy(end) - WarpedOscillator().energy(start)) < bound)
    let back = integrate(WarpedOscillator(), from: end, stepSize: 0.1, steps: 2_000, with: method.reversed)
    #expect(abs(back.position - 1) < 1e-10 && abs(back.momentum - 0.5) < 1e-10)
  }

  /// The determinant and the symplectic form of one step, by central differences.
  @Test(arguments: methods)
  func isACanonicalMapForAnyHamiltonian(_ method: GaussLegendre<WarpedOscillator>) {
    func stepped(_ q: Double, _ p: Double) -> Phase<Double> {
      integrate(WarpedOscillator(), from: Phase(position: q, momentum: p), stepSize: 0.3, steps: 1, with: method)
    }
    let d = 1e-3
    func slope(_ f: (Double) -> Double) -> Double { (8 * (f(d) - f(-d)) - (f(2 * d) - f(-2 * d))) / (12 * d) }
    let determinant =
      slope { stepped(1 + $0, 0.5).position } * slope { stepped(1, 0.5 + $0).momentum }
      - slope { stepped(1 + $0, 0.5).momentum } * slope { stepped(1, 0.5 + $0).position }
    #expect(abs(determinant - 1) < 1e-9)
  }

  /// The warm start saves sweeps and changes only round-off.
  @Test func predictionsSaveSweeps() {
    let warm = solve(WarpedOscillator(), from: start, until: 10, with: GaussLegendre(.gaussLegendre6), stepSize: 0.05, recording: .ends)
    var state = start
    var evaluations = 0
    for step in 0..<200 {
      let cold = solve(
        WarpedOscillator(), from: state, at: Double(step) * 0.05, until: Double(step + 1) * 0.05, with: GaussLegendre(.gaussLegendre6),
        stepSize: 0.05, recording: .ends)
      evaluations += cold.statistics.evaluations
      state = cold.final
    }
    #expect(abs(warm.final.position - state.position) < 1e-12)
    #expect(Double(warm.statistics.evaluations) < 0.9 * Double(evaluations))
  }

  @Test func stiffSpringsNeedNewton() {
    let stiff = VectorField { (y: SIMD2<Double>, _) in SIMD2(y.y, -1e8 * y.x) }
    let newton = solve(stiff, from: SIMD2(1e-4, 0), until: 1, with: GaussLegendre(.gaussLegendre4, .newton), stepSize: 0.1)
    #expect(newton.status == .finished && abs(newton.final.x) < 2e-4)
    let sweeps = solve(stiff, from: SIMD2(1e-4, 0), until: 1, with: GaussLegendre(.gaussLegendre4, .fixedPoint), stepSize: 0.1)
    #expect(sweeps.status == .notConverged(at: 0) && sweeps.final == SIMD2(1e-4, 0))
  }

  @Test func givenJacobiansReplaceDifferences() {
    struct Given: DifferentialEquation {
      func derivative(_ y: SIMD2<Double>, at time: Double) -> SIMD2<Double> { SIMD2(y.y, -y.x * y.x * y.x) }
      func jacobian(_ y: SIMD2<Double>, at time: Double) -> SquareMatrix<Double>? {
        SquareMatrix(rows: [[0, 1], [-3 * y.x * y.x, 0]])
      }
    }
    let estimated = VectorField { (y: SIMD2<Double>, _) in SIMD2(y.y, -y.x * y.x * y.x) }
    let a = solve(Given(), from: SIMD2(1, 0), until: 5, with: GaussLegendre(.gaussLegendre8, .newton), stepSize: 0.1)
    let b = solve(estimated, from: SIMD2(1, 0), until: 5, with: GaussLegendre(.gaussLegendre8, .newton), stepSize: 0.1)
    #expect(abs(a.final.x - b.final.x) < 1e-13 && a.statistics.evaluations < b.statistics.evaluations)
  }
}

@Suite struct RosenbrockTests {
  /// y' = −y³ + t² (1 + y): nonlinear, and with a time of its own. The end is from mpmath with 30 digits.
  private let driven = VectorField { (y: Double, t) in -y * y * y + t * t * (1 + y) }

  @Test func convergesAtOrderFive() {
    func error(_ steps: Int) -> Double {
      abs(solve(driven, from: 1, until: 1, with: RosenbrockMethod(.rodas5P), stepSize: 1 / Double(steps)).final - 1.005595921479682185)
    }
    let ratio = error(20) / error(40)
    #expect(ratio > 28 && ratio < 36)
  }

  @Test func stiffEquationsTakeFewSteps() {
    let stiff = VectorField { (y: Double, t) in -1e6 * (y - t * t) + 2 * t }
    let solution = solve(
      stiff, from: 1, until: 1, with: RosenbrockMethod(.rodas5P), tolerance: Tolerance(relative: 1e-8, absolute: 1e-8),
      recording: .dense)
    #expect(solution.status == .finished && solution.statistics.acceptedSteps < 100)
    #expect(abs(solution.final - 1) < 1e-7)
    #expect(abs((solution.dense?.state(at: 0.5) ?? 0) - 0.25) < 1e-6)
  }

  @Test func goesThroughEvents() {
    let cooling = VectorField { (y: SIMD2<Double>, _) in SIMD2(-1e4 * (y.x - y.y), -y.y) }
    let solution = solve(
      cooling, from: SIMD2(2, 1), until: 5, with: RosenbrockMethod(.rodas5P), tolerance: Tolerance(relative: 1e-9, absolute: 1e-10),
      events: [Event("half", .falling, .modify { y, _ in y = SIMD2(1, 1) }) { y, _ in y.y - 0.5 }])
    #expect(solution.occurrences.count == 7)
    for (index, occurrence) in solution.occurrences.enumerated() {
      #expect(abs(occurrence.time - Double(index + 1) * 0.6931471805599453) < 1e-6)
    }
  }
}
