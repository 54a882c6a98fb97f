import Integrators

/// 10,000 trajectories of one equation, from starts that every peer can make: the golden ratio spreads them evenly.
struct Batch<System: DifferentialEquation> where System.State: CoordinateSpace, System.State.Scalar == Double {
  let name: String
  let system: System
  let end: Double
  let starts: [[Double]]
  let states: [System.State]

  init(_ name: String, _ system: System, until end: Double, like zero: System.State, start: (_ spread: Double) -> [Double]) {
    self.name = name
    self.system = system
    self.end = end
    let starts = (0..<10_000).map { index in
      let place = Double(index) * 0.61803398874989485
      return start(place - place.rounded(.down))
    }
    self.starts = starts
    states = starts.map { start in
      var state = zero
      for (index, value) in start.enumerated() { state[coordinate: index] = value }
      return state
    }
  }
}

let tolerance = 1e-8

/// Nanoseconds that the best of some rounds takes.
func best(_ work: () async -> Void) async -> Double {
  let clock = ContinuousClock()
  var best = Duration.seconds(1_000)
  for _ in 0..<7 {
    let start = clock.now
    await work()
    best = min(best, clock.now - start)
  }
  return Double(best.components.attoseconds) / 1e9 + Double(best.components.seconds) * 1e9
}

/// Nanoseconds for all trajectories one after the other.
func measure<System: DifferentialEquation>(
  _ system: System, from states: [System.State], until end: Double, _ tableau: EmbeddedTableau
) async -> Double where System.State: CoordinateSpace, System.State.Scalar == Double {
  let method = EmbeddedRungeKutta<System>(tableau)
  return await best {
    for state in states {
      let solution = solve(
        system, from: state, until: end, with: method, tolerance: Tolerance(relative: tolerance, absolute: tolerance),
        recording: .ends)
      precondition(solution.status == .finished)
    }
  }
}

/// Prints: "batch", problem, method, nanoseconds for all trajectories one after the other as arrays, as SIMD vectors of their
/// coordinates, in lanes, in lanes and two tasks, and the root mean square distance between where they end and where they began.
func measure<Lanes: LaneEquation, System: DifferentialEquation>(
  _ batch: Batch<System>, _ lanes: Lanes, _ tableau: EmbeddedTableau
) async where Lanes.Lanes.Scalar == Double, System.State: SIMD {
  let initial = batch.starts.flatMap { $0 }
  let arrays = await measure(OnArrays(system: batch.system), from: batch.starts, until: batch.end, tableau)
  let single = await measure(batch.system, from: batch.states, until: batch.end, tableau)
  var final: [Double] = []
  let inLanes = await best {
    let solution = solveBatch(lanes, from: initial, until: batch.end, with: tableau, relative: tolerance, absolute: tolerance)
    precondition(solution.statuses.allSatisfy { $0 == .finished })
    final = solution.final
  }
  let inTasks = await best {
    let solution = await solveBatch(
      lanes, from: initial, until: batch.end, with: tableau, relative: tolerance, absolute: tolerance, tasks: 2)
    precondition(solution.final == final)
  }
  let squared = zip(final, initial).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  print("batch", batch.name, tableau.name, arrays, single, inLanes, inTasks, (squared / Double(initial.count)).squareRoot())
}

/// Kepler over two revolutions: the distance from the start is the error.
func measureBatches() async {
  let planets = Batch("kepler", KeplerEquation(), until: 12.566370614359172, like: SIMD4<Double>()) { spread in
    let eccentricity = 0.5 * spread
    return [1 - eccentricity, 0, 0, ((1 + eccentricity) / (1 - eccentricity)).squareRoot()]
  }
  let stars = Batch("henon-heiles", HenonHeilesEquation(), until: 10, like: SIMD4<Double>()) { spread in
    [0.1, 0.3 * spread, 0.2, 0.2 - 0.2 * spread]
  }
  let weather = Batch("lorenz", LorenzEquation(), until: 2, like: SIMD3<Double>()) { spread in [1 + spread, 2 - spread, 1 + spread] }
  for tableau in [EmbeddedTableau.dormandPrince5, .dormandPrince8] {
    await measure(planets, KeplerLanes<SIMD8<Double>>(), tableau)
    await measure(stars, HenonHeilesLanes<SIMD8<Double>>(), tableau)
    await measure(weather, LorenzLanes<SIMD8<Double>>(), tableau)
  }
}
