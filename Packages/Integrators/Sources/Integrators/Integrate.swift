/// The state after `steps` steps of `stepSize` from `initial`; a negative step size goes back in time.
///
///     let end = integrate(pendulum, from: start, stepSize: 0.1, steps: 100, with: SplittingMethod(.yoshida4))
@inlinable
public func integrate<Method: Stepper>(
  _ system: Method.System, from initial: Method.State, at time: Method.State.Scalar = 0,
  stepSize: Method.State.Scalar, steps: Int, with method: Method
) -> Method.State {
  var state = initial
  method.steps(steps, &state, of: system, at: time, by: stepSize)
  return state
}

/// The initial state, every `stride`-th state after it and the last one, each equal bit for bit to what
/// `integrate` gives for as many steps, at the cost of one integration.
@inlinable
public func trajectory<Method: Stepper>(
  of system: Method.System, from initial: Method.State, at time: Method.State.Scalar = 0,
  stepSize: Method.State.Scalar, steps: Int, every stride: Int = 1, with method: Method
) -> Trajectory<Method.State> {
  var recorded = Trajectory(state: initial, time: time)
  recorded.reserve(stride > 0 ? steps / stride + 2 : 1)
  var state = initial
  method.steps(steps, &state, of: system, at: time, by: stepSize, observingEvery: stride) { taken, state in
    recorded.append(state, at: time + Method.State.Scalar(taken) * stepSize)
  }
  return recorded
}

/// States along a solution and the times they belong to, in the order of integration.
public struct Trajectory<State: VectorSpace>: Sendable {
  /// Times, one for each state.
  public var times: [State.Scalar]
  /// States, the initial one first.
  public var states: [State]

  @inlinable
  public init(state: State, time: State.Scalar) {
    times = [time]
    states = [state]
  }

  /// How many states are recorded, the initial one included.
  @inlinable
  public var count: Int { states.count }

  /// The first state.
  @inlinable
  public var initial: State { states[0] }

  /// The last state.
  @inlinable
  public var final: State { states[states.count - 1] }

  /// Adds the state of a time after the last one.
  @inlinable
  public mutating func append(_ state: State, at time: State.Scalar) {
    times.append(time)
    states.append(state)
  }

  @inlinable
  mutating func reserve(_ capacity: Int) {
    times.reserveCapacity(capacity)
    states.reserveCapacity(capacity)
  }
}
