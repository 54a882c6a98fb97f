/// The coefficients of one step's polynomial, allocated once for a run.
@usableFromInline
final class PolynomialStorage<State: VectorSpace> {
  @usableFromInline let coefficients: UnsafeMutablePointer<State>
  @usableFromInline let degree: Int

  @inlinable
  init(like state: State, degree: Int) {
    self.degree = degree
    coefficients = .allocate(capacity: degree + 1)
    coefficients.initialize(repeating: state, count: degree + 1)
  }

  deinit {
    coefficients.deinitialize(count: degree + 1)
    coefficients.deallocate()
  }

  /// y(t₀ + θ h).
  @inlinable
  func state(at theta: State.Scalar) -> State { polynomialValue(coefficients, degree, at: theta) }
}

/// What happens after an accepted step.
@usableFromInline
enum StepOutcome<State: CoordinateSpace> {
  case goOn
  case end(SolveStatus<State.Scalar>)
  /// `storage.state` holds another state, at this time, and the next step is to be no longer than that.
  case restart(at: State.Scalar, longest: State.Scalar)
}

/// Keeps what a solve is to return, and looks for events inside accepted steps.
@usableFromInline
struct SolveObserver<State: CoordinateSpace> {
  @usableFromInline typealias Scalar = State.Scalar

  @usableFromInline let recordsSteps: Bool
  @usableFromInline let recordTimes: [Scalar]
  @usableFromInline var nextTime = 0
  @usableFromInline var trajectory: Trajectory<State>
  @usableFromInline var occurrences: [Occurrence<State>] = []
  @usableFromInline var dense: DenseOutput<State>?
  @usableFromInline var watch: EventWatch<State>?
  @usableFromInline let polynomial: PolynomialStorage<State>

  /// Whether accepted steps are interpolated.
  @inlinable var looksInsideSteps: Bool { watch != nil || dense != nil || !recordTimes.isEmpty }

  @inlinable
  init(
    from initial: State, at start: Scalar, _ recording: Recording<Scalar>, _ events: [Event<State>], degree: Int
  ) {
    trajectory = Trajectory(state: initial, time: start)
    watch = events.isEmpty ? nil : EventWatch(events, from: initial, at: start)
    polynomial = PolynomialStorage(like: initial, degree: degree)
    switch recording {
    case .ends: (recordsSteps, recordTimes, dense) = (false, [], nil)
    case .steps: (recordsSteps, recordTimes, dense) = (true, [], nil)
    case .times(let times): (recordsSteps, recordTimes, dense) = (false, times, nil)
    case .dense: (recordsSteps, recordTimes, dense) = (true, [], DenseOutput(from: start, degree: degree))
    }
  }

  /// Looks at the step from `time` to `target` before it becomes the past.
  @inlinable
  mutating func observe<Method: DenseStepper>(
    _ method: Method, _ storage: StepStorage<State>, _ workspace: inout Method.Workspace, _ system: Method.System,
    from time: Scalar, to target: Scalar, by stepSize: Scalar, _ statistics: inout SolveStatistics
  ) -> StepOutcome<State> where Method.System.State == State {
    let direction: Scalar = stepSize > 0 ? 1 : -1
    let recordsInside = nextTime < recordTimes.count && (recordTimes[nextTime] - target) * direction <= 0
    var outcome = StepOutcome<State>.goOn
    var end = target
    if watch != nil || dense != nil || recordsInside {
      method.interpolate(storage, &workspace, system, at: time, by: stepSize, into: polynomial.coefficients, &statistics)
    }
    if watch != nil {
      (outcome, end) = watch!.scan(polynomial, storage, from: time, to: target, by: stepSize, &occurrences)
    }
    if recordsInside { recordTimes(from: time, to: end, by: stepSize, end == target ? storage.candidate.pointee : storage.state.pointee) }
    let coefficients = polynomial.coefficients
    dense?.append(coefficients, by: stepSize, until: end)
    switch outcome {
    case .goOn: if recordsSteps { trajectory.append(storage.candidate.pointee, at: target) }
    case .restart: if recordsSteps { trajectory.append(storage.state.pointee, at: end) }
    case .end: trajectory.append(storage.state.pointee, at: end)
    }
    return outcome
  }

  /// Interpolates at the wanted times after `time` and before `end`, where the state is `last`.
  @inlinable
  mutating func recordTimes(from time: Scalar, to end: Scalar, by stepSize: Scalar, _ last: State) {
    let direction: Scalar = stepSize > 0 ? 1 : -1
    while nextTime < recordTimes.count, (recordTimes[nextTime] - end) * direction <= 0 {
      let wanted = recordTimes[nextTime]
      // The initial state is recorded already; times out of order are passed over.
      if (wanted - time) * direction > 0 {
        trajectory.append(wanted == end ? last : polynomial.state(at: (wanted - time) / stepSize), at: wanted)
      }
      nextTime += 1
    }
  }

  /// The solution, ending with `state` unless it is recorded already.
  @inlinable
  mutating func solution(
    _ status: SolveStatus<Scalar>, _ statistics: SolveStatistics, _ state: State? = nil, at time: Scalar = 0
  ) -> Solution<State> {
    if let state, trajectory.times[trajectory.count - 1] != time { trajectory.append(state, at: time) }
    return Solution(
      status: status, statistics: statistics, trajectory: trajectory, occurrences: occurrences, dense: dense)
  }
}
