import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The largest Lyapunov exponent of a flow or a map, from the distance of two neighbours that is set back again and again.
/// Benettin, Galgani, Strelcyn, Phys. Rev. A 14, 2338 (1976).
public struct LyapunovExponent: Sendable {
  /// λ, per unit of time.
  public let value: Double
  /// The standard error of λ, from how much its parts scatter over 20 stretches of the run.
  public let standardError: Double
  /// How long the run was.
  public let duration: Double

  /// Follows two orbits over `rounds` of `stepsPerRound` steps after `transient` rounds that do not count.
  /// `separation` is the Euclidean distance to which the neighbour is set back.
  public init<Method: Stepper>(
    of method: Method, on system: Method.System, from initial: Method.State, stepSize: Double, stepsPerRound: Int, rounds: Int,
    transient: Int = 0, separation: Double = 1e-8
  ) where Method.State: CoordinateSpace, Method.State.Scalar == Double {
    var state = initial
    var neighbour = initial
    neighbour[coordinate: 0] += separation
    let period = Double(stepsPerRound) * stepSize
    self.init(period: period, rounds: rounds, transient: transient) { round in
      let time = Double(round) * period
      method.steps(stepsPerRound, &state, of: system, at: time, by: stepSize)
      method.steps(stepsPerRound, &neighbour, of: system, at: time, by: stepSize)
      let offset = neighbour.moved(-1, along: state)
      let distance = offset.dot(offset).squareRoot()
      neighbour = state.moved(separation / distance, along: offset)
      return distance / separation
    }
  }

  /// From the factors by which a displacement grows in each round, the first `transient` of which do not count.
  init(period: Double, rounds: Int, transient: Int, growth: (_ round: Int) -> Double) {
    precondition(rounds >= 20, "LyapunovExponent: \(rounds) rounds do not tell the error; give 20 or more")
    var growths: [Double] = []
    growths.reserveCapacity(rounds)
    for round in 0..<(transient + rounds) {
      let factor = growth(round)
      if round >= transient { growths.append(log(factor)) }
    }
    duration = Double(rounds) * abs(period)
    value = growths.reduce(0, +) / duration
    let length = rounds / 20
    let means = (0..<20).map { stretch in
      growths[(stretch * length)..<((stretch + 1) * length)].reduce(0, +) / (Double(length) * abs(period))
    }
    let mean = means.reduce(0, +) / 20
    standardError = (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (19 * 20)).squareRoot()
  }
}

extension LyapunovExponent: CustomStringConvertible {
  public var description: String {
    "largest Lyapunov exponent \(fixed(value, decimals: 4)) ± \(fixed(standardError, decimals: 4)) over t = \(fixed(duration, decimals: 0))"
  }
}
