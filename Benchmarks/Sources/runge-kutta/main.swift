import Integrators

// One line for each problem, method and tolerance: problem, method, tolerance, error, nanoseconds, evaluations.
// Peers/odeint.cpp prints the same; compare_runge_kutta.py runs both in turn. With the argument "batch": see Batches.swift.

func measure<System: DifferentialEquation>(
  _ problem: SpeedProblem<System>, _ tableau: EmbeddedTableau, _ tolerances: [Double]
) where System.State: CoordinateSpace, System.State.Scalar == Double {
  let method = EmbeddedRungeKutta<System>(tableau)
  for tolerance in tolerances {
    func run() -> Solution<System.State> {
      solve(
        problem.system, from: problem.initial, until: problem.end, with: method,
        tolerance: Tolerance(relative: tolerance, absolute: tolerance), recording: .ends)
    }
    let solution = run()
    var error = 0.0
    for index in 0..<problem.initial.coordinateCount {
      error = max(error, abs(solution.final[coordinate: index] - problem.final[coordinate: index]))
    }
    let clock = ContinuousClock()
    var best = Duration.seconds(1_000)
    let begin = clock.now
    var rounds = 0
    while rounds < 5 || clock.now - begin < .milliseconds(40) {
      let start = clock.now
      let again = run()
      best = min(best, clock.now - start)
      precondition(again.statistics == solution.statistics)
      rounds += 1
    }
    let nanoseconds = Double(best.components.attoseconds) / 1e9 + Double(best.components.seconds) * 1e9
    print(problem.name, tableau.name, tolerance, error, nanoseconds, solution.statistics.evaluations)
  }
}

let kepler = SpeedProblem(
  name: "kepler", system: KeplerEquation(), initial: [0.5, 0, 0, 1.7320508075688772], end: 62.83185307179586,
  final: [0.5, 0, 0, 1.7320508075688772])
let henonHeiles = SpeedProblem(
  name: "henon-heiles", system: HenonHeilesEquation(), initial: [0.1, 0.3, 0.4, -0.2], end: 30,
  final: [0.14440970946631349985, -0.25980113662695710834, -0.3493255405531254404, 0.27706727611019845289])
let arenstorf = SpeedProblem(
  name: "arenstorf", system: ArenstorfEquation(), initial: [0.994, 0, 0, -2.00158510637908252240537862224],
  end: 17.0652165601579625588917206249, final: [0.994, 0, 0, -2.00158510637908252240537862224])
let lorenz = SpeedProblem(
  name: "lorenz", system: LorenzEquation(), initial: [1, 1, 1], end: 10,
  final: [-4.9026875411346457319, -3.7438729218029196163, 24.690858102790555453])

let fine = stride(from: 4.0, through: 13, by: 0.5).map { exponent in
  (0..<Int(exponent)).reduce(exponent == exponent.rounded() ? 1 : 0.31622776601683794) { value, _ in value / 10 }
}
if CommandLine.arguments.dropFirst().first == "batch" {
  await measureBatches()
} else {
  for tableau in [EmbeddedTableau.dormandPrince5, .dormandPrince8] {
    measure(kepler, tableau, fine)
    measure(henonHeiles, tableau, fine)
    measure(arenstorf, tableau, fine)
    measure(lorenz, tableau, fine)
  }
}
