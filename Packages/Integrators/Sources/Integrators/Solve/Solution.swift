/// What a solve computed, how it ended, and what it cost.
public struct Solution<State: CoordinateSpace>: Sendable {
  public typealias Scalar = State.Scalar

  public let status: SolveStatus<Scalar>
  public let statistics: SolveStatistics
  /// The recorded states, the initial one first and the last one reached last.
  public let trajectory: Trajectory<State>
  /// What happened on the way, in the order of integration.
  public let occurrences: [Occurrence<State>]
  /// The solution at every time, if it was asked for.
  public let dense: DenseOutput<State>?

  @inlinable
  init(
    status: SolveStatus<Scalar>, statistics: SolveStatistics, trajectory: Trajectory<State>,
    occurrences: [Occurrence<State>] = [], dense: DenseOutput<State>? = nil
  ) {
    self.status = status
    self.statistics = statistics
    self.trajectory = trajectory
    self.occurrences = occurrences
    self.dense = dense
  }

  /// The last state reached.
  @inlinable public var final: State { trajectory.final }
  /// The time of the last state reached.
  @inlinable public var finalTime: Scalar { trajectory.times[trajectory.count - 1] }
  /// Times of the recorded states.
  @inlinable public var times: [Scalar] { trajectory.times }
  /// The recorded states.
  @inlinable public var states: [State] { trajectory.states }

  /// This solution if it got where it was meant to, or its status as an error.
  public func checked() throws(SolveFailure<Scalar>) -> Self {
    guard status.isSuccess else { throw SolveFailure(status: status) }
    return self
  }
}

extension Solution: CustomStringConvertible {
  public var description: String {
    let events = occurrences.isEmpty ? "" : ", \(occurrences.count) events"
    return "\(status); t = \(times[0]) to \(finalTime): \(statistics), \(trajectory.count) states recorded\(events)"
  }
}

/// Which states a solve keeps; the initial and the last one always.
public enum Recording<Scalar: RealScalar>: Sendable {
  /// No further ones: nothing is allocated while stepping.
  case ends
  /// Those at the ends of the steps.
  case steps
  /// Those at these times, in the order of integration, by interpolation.
  case times([Scalar])
  /// Those at the ends of the steps, and polynomials between them.
  case dense
}

/// The solution between its first and last time: a polynomial for each step.
public struct DenseOutput<State: VectorSpace>: Sendable {
  public typealias Scalar = State.Scalar

  // Polynomial k holds from ends[k] to ends[k + 1], in the order of integration.
  @usableFromInline var ends: [Scalar]
  @usableFromInline var stepSizes: [Scalar] = []
  @usableFromInline var coefficients: [State] = []
  @usableFromInline let degree: Int

  @inlinable
  init(from time: Scalar, degree: Int) {
    ends = [time]
    self.degree = degree
  }

  /// A piece whose polynomial was made for a step of `stepSize`, valid until `end`.
  @inlinable
  mutating func append(_ polynomial: UnsafeMutablePointer<State>, by stepSize: Scalar, until end: Scalar) {
    ends.append(end)
    stepSizes.append(stepSize)
    for power in 0...degree { coefficients.append(polynomial[power]) }
  }

  /// The state at `time`, which lies between the first and the last one.
  @inlinable
  public func state(at time: Scalar) -> State {
    let (first, last) = (ends[0], ends[ends.count - 1])
    precondition(
      !stepSizes.isEmpty && Swift.min(first, last) <= time && time <= Swift.max(first, last),
      "DenseOutput: \(time) lies outside of the solution, which reaches from \(first) to \(last)")
    var (low, high) = (0, stepSizes.count - 1)
    let forward = last >= first
    while low < high {
      let middle = (low + high) / 2
      if forward ? time <= ends[middle + 1] : time >= ends[middle + 1] { high = middle } else { low = middle + 1 }
    }
    return coefficients.withUnsafeBufferPointer { all in
      polynomialValue(all.baseAddress! + low * (degree + 1), degree, at: (time - ends[low]) / stepSizes[low])
    }
  }
}

/// Σₖ coefficients[k] θᵏ.
@inlinable
func polynomialValue<State: VectorSpace>(
  _ coefficients: UnsafePointer<State>, _ degree: Int, at theta: State.Scalar
) -> State {
  var value = coefficients[degree]
  for power in stride(from: degree - 1, through: 0, by: -1) {
    value = coefficients[power].moved(theta, along: value)
  }
  return value
}
