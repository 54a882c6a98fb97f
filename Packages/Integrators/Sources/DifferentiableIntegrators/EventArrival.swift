import Autodiff
import Integrators

/// A scalar function of the solution that crosses zero somewhere.
///
///     let ground = TensorEvent<Phase<Tensor>>(.falling) { ball, t in ball.position.sum() }
public struct TensorEvent<State: TensorState>: Sendable {
  /// Which crossings count, seen in the direction of integration.
  public enum Direction: Sendable, Hashable { case rising, falling }

  public let direction: Direction
  /// Of shape `[]`.
  public let root: @Sendable (State, Tensor) -> Tensor

  public init(_ direction: Direction, where root: @escaping @Sendable (State, Tensor) -> Tensor) {
    self.direction = direction
    self.root = root
  }

  func crosses(_ before: Tensor, _ after: Tensor) -> Tensor {
    switch direction {
    case .rising: (before .< 0) .& (after .>= 0)
    case .falling: (before .> 0) .& (after .<= 0)
    }
  }
}

/// When and where an event happened: the end of the solve where it did not.
public struct EventArrival<State: TensorState>: Module {
  public var time: Tensor
  public var state: State
  /// `bool`, shape `[]`.
  public var isReached: Tensor

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("time", &time)
    walker.child("state", &state)
    walker.buffer("isReached", &isReached)
  }
}

/// Integrates until `event` first happens, with gradients of its time and of the state there.
///
/// `times` bounds the search: a crossing is seen where the sign of the root differs between two of its times. The arc up to
/// the event is then as many steps long as `times`, and its end T solves root(y(T), T) = 0 to round-off by Newton's method, so
/// time and state are smooth functions of everything. dT = −∂root / (d root/dT) by the implicit function theorem: first
/// derivatives only. It costs about 16 solves. One trajectory at a time; use `vmap` for several.
public func integrate<System: Module, State: TensorState>(
  _ system: System, from initial: State, over times: TimeGrid, until event: TensorEvent<State>,
  with method: DifferentiableMethod<System, State>
) -> EventArrival<State> {
  let inputs = SolveInputs(system: system, initial: initial, times: times)
  let (guess, isReached) = bracket(event, inputs.detached, method)
  let located = locate(event, near: guess, inputs.detached, method)
  let moment = Tensor.where(isReached, stopGradient(located), times.end)

  let state = method.solve(inputs.ending(at: moment))
  let (_, slope) = jvp(stopGradient(moment), along: .ones(like: moment)) { time in
    let end = method.plainSolve(inputs.detached.ending(at: time))
    return Pair(end, event.root(end, time))
  }
  let rate = Tensor.where(isReached, stopGradient(slope.second), .ones(like: slope.second))
  let step = Tensor.where(isReached, -event.root(state, moment) / rate, .zeros(like: rate))
  var arrived = state
  arrived.add(1, times: slope.first.detached.scaled(by: step))
  return EventArrival(time: moment + step.cast(to: moment.dtype), state: arrived, isReached: isReached)
}

extension SolveInputs {
  /// The same number of steps to another end.
  fileprivate func ending(at end: Tensor) -> Self {
    Self(system: system, initial: initial, times: TimeGrid(from: times.start, to: end, steps: times.steps))
  }
}

private struct Search<State: TensorState>: Module {
  var state: State
  var guess: Tensor
  var isReached: Tensor

  mutating func walk(_ walker: inout some Walker) {
    walker.child("state", &state)
    walker.parameter("guess", &guess)
    walker.buffer("isReached", &isReached)
  }
}

/// Whether the event happens, and where the chord of the first step that holds it crosses zero.
private func bracket<System: Module, State: TensorState>(
  _ event: TensorEvent<State>, _ inputs: SolveInputs<System, State>, _ method: DifferentiableMethod<System, State>
) -> (guess: Tensor, isReached: Tensor) {
  let times = inputs.times
  let start = Search(state: inputs.initial, guess: times.end, isReached: Tensor(0).cast(to: .bool))
  let end = loop(times.steps, from: start, storingEvery: max(times.steps, 1)) { search, index in
    let time = times.time(index)
    let next = method.step(inputs.system, search.state, time, times.stepSize)
    let before = event.root(search.state, time)
    require(before.rank == 0, "TensorEvent: the root has shape \(before.shape); it must be a scalar, so reduce it or use vmap")
    let after = event.root(next, time + times.stepSize)
    let happens = event.crosses(before, after) .& .!search.isReached
    let chord = time + times.stepSize * (before / (before - after)).cast(to: time.dtype)
    return Search(state: next, guess: .where(happens, chord, search.guess), isReached: search.isReached .| happens)
  }
  return (end.guess, end.isReached)
}

/// Newton's method for root(y(T), T) = 0 on whole arcs; it stays within a step of the guess.
private func locate<System: Module, State: TensorState>(
  _ event: TensorEvent<State>, near guess: Tensor, _ inputs: SolveInputs<System, State>,
  _ method: DifferentiableMethod<System, State>
) -> Tensor {
  // The chord is off by h², and each iteration squares that.
  let iterations = 6
  let reach = abs(inputs.times.stepSize)
  return loop(iterations, from: guess, storingEvery: iterations) { time, _ in
    let (value, slope) = jvp(time, along: .ones(like: time)) { event.root(method.plainSolve(inputs.ending(at: $0)), $0) }
    let next = time - (value / slope).cast(to: time.dtype)
    return minimum(maximum(next, guess - reach), guess + reach)
  }
}
