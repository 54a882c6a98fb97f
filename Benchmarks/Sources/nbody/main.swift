import CNBody
import IntegratorMeasurements
import Integrators

// nbody [ROUNDS]: steps a second of the outer solar system in float64 on one thread, by Integrators and by a loop in C, in turn.
// The ratio is the median over the rounds of the time of C over ours.

let rounds = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 15 : 15
let stepSize = 10.0

/// What both sides start from, and where they write the end.
@available(macOS 26.0, *)
struct Arrays {
  var position = [Double](repeating: 0, count: 18)
  var momentum = [Double](repeating: 0, count: 18)

  init(_ state: Phase<SixBodies>) {
    for body in 0..<6 {
      for axis in 0..<3 {
        position[3 * body + axis] = state.position[body][axis]
        momentum[3 * body + axis] = state.momentum[body][axis]
      }
    }
  }

  func distance(to other: Arrays) -> Double { zip(position, other.position).map { abs($0 - $1) }.max() ?? 0 }

  mutating func run(_ loop: (UnsafeMutablePointer<(Double, Double, Double)>, UnsafeMutablePointer<(Double, Double, Double)>) -> Void) {
    position.withUnsafeMutableBufferPointer { position in
      momentum.withUnsafeMutableBufferPointer { momentum in
        position.withMemoryRebound(to: (Double, Double, Double).self) { position in
          momentum.withMemoryRebound(to: (Double, Double, Double).self) { momentum in
            loop(position.baseAddress!, momentum.baseAddress!)
          }
        }
      }
    }
  }
}

@available(macOS 26.0, *)
func compare(_ name: String, _ row: Palindrome, steps: Int, _ loop: (inout Arrays, Int) -> Void) {
  let system = OuterSolarSystem()
  let method = SplittingMethod<OuterSolarSystem>(row)
  let clock = ContinuousClock()
  var ratios: [Double] = []
  var best = (ours: Duration.seconds(1_000), theirs: Duration.seconds(1_000))
  var gap = 0.0
  for _ in 0..<rounds {
    var theirs = Arrays(system.start)
    let theirTime = clock.measure { loop(&theirs, steps) }
    var state = system.start
    let ourTime = clock.measure { method.steps(steps, &state, of: system, at: 0, by: stepSize) }
    ratios.append(theirTime / ourTime)
    best = (min(best.ours, ourTime), min(best.theirs, theirTime))
    var short = Arrays(system.start)
    loop(&short, 100)
    let ourShort = integrate(system, from: system.start, stepSize: stepSize, steps: 100, with: method)
    gap = max(gap, short.distance(to: Arrays(ourShort)))
  }
  func million(_ time: Duration) -> String { "\(Double(Int(Double(steps) / (time / .seconds(1)) / 1e4)) / 100)" }
  let median = ratios.sorted()[rounds / 2]
  print(
    "\(name): \(million(best.ours)) million steps a second, C \(million(best.theirs)); median ratio \(Double(Int(median * 1_000)) / 1_000), "
      + "after 100 steps \(gap) AU apart")
}

if #available(macOS 26.0, *) {
  compare("leapfrog", .leapfrog, steps: 300_000) { state, steps in
    state.run { nbody_leapfrog($0, $1, stepSize, steps) }
  }
  compare("yoshida4", .yoshida4, steps: 100_000) { state, steps in
    state.run { nbody_yoshida4($0, $1, stepSize, steps) }
  }
}
