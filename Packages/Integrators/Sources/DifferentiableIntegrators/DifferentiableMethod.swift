import Autodiff
import Integrators

/// A stepper together with the way in which gradients of its solves are found.
///
/// | choice | gradient | states kept | evaluations of a step, beside its derivative |
/// | --- | --- | --- | --- |
/// | `throughSteps` | exact | all, written out | 1 |
/// | `checkpointed` | exact | about 2 √steps, or `every` + steps / `every` | 3 |
/// | `checkpointed` with `snapshots` | exact | as many | 2 + about repetitions: see `BinomialSchedule` |
/// | `reversible` | exact, to the round-off of going back | 1 | 3 |
/// | `continuousAdjoint` | to the order of the method | 1 | 1, and as many of the augmented equation |
///
/// All but the first stay rolled in compiled programs. With the last two, only what the module of the system holds has
/// gradients, not what its closures capture.
public struct DifferentiableMethod<System: Module, State: TensorState>: Sendable {
  typealias Step = @Sendable (_ system: System, _ state: State, _ start: Tensor, _ stepSize: Tensor) -> State

  /// One step.
  let step: Step
  /// A whole solve.
  let solve: @Sendable (SolveInputs<System, State>) -> State
}

/// What a solve depends on, and, in the same shape, its gradient.
struct SolveInputs<System: Module, State: TensorState>: Module {
  var system: System
  var initial: State
  var times: TimeGrid

  mutating func walk(_ walker: inout some Walker) {
    walker.child("system", &system)
    walker.child("initial", &initial)
    walker.child("times", &times)
  }
}

/// The state at the end of `times`, its gradients found in the way that `method` names.
///
///     let end = integrate(system, from: start, over: TimeGrid(to: 10, steps: 1_000), with: .reversible(SplittingMethod(.leapfrog)))
public func integrate<System: Module, State: TensorState>(
  _ system: System, from initial: State, over times: TimeGrid, with method: DifferentiableMethod<System, State>
) -> State {
  method.solve(SolveInputs(system: system, initial: initial, times: times))
}

extension DifferentiableMethod {
  /// The derivative of every step, recorded one after the other: for few steps.
  public static func throughSteps<Method: Stepper>(_ method: Method) -> Self
  where Method.System == Clocked<System>, Method.State == State {
    Self(step: unitStep(of: method)) { inputs in
      var state = inputs.initial
      let clock = Clocked(inputs.system, from: inputs.times.start, stepSize: inputs.times.stepSize)
      method.steps(inputs.times.steps, &state, of: clock, at: 0, by: 1)
      return state
    }
  }

  /// A rolled loop that keeps the state every `segment` steps and computes those between again; by default about √steps,
  /// where kept and computed states take the least memory together (Chen et al., arXiv:1604.06174).
  ///
  /// Two levels of storage, so that it stays a loop: the binomial schedule of `checkpointed(_:snapshots:)` needs fewer states and
  /// repeats steps more often.
  public static func checkpointed<Method: Stepper>(_ method: Method, every segment: Int? = nil) -> Self
  where Method.System == Clocked<System>, Method.State == State {
    let step = unitStep(of: method)
    return Self(step: step) { inputs in loop(inputs, step, storingEvery: segment) }
  }

  static func unitStep<Method: Stepper>(of method: Method) -> Step
  where Method.System == Clocked<System>, Method.State == State {
    { system, state, start, stepSize in
      var state = state
      method.step(&state, of: Clocked(system, from: start, stepSize: stepSize), at: 0, by: 1)
      return state
    }
  }

  static func loop(_ inputs: SolveInputs<System, State>, _ step: Step, storingEvery segment: Int?) -> State {
    Autodiff.loop(inputs.times.steps, from: inputs.initial, storingEvery: segment) { state, index in
      step(inputs.system, state, inputs.times.time(index), inputs.times.stepSize)
    }
  }

  /// The solve alone, in memory that does not depend on the number of steps: for values and forward mode.
  func plainSolve(_ inputs: SolveInputs<System, State>) -> State {
    Self.loop(inputs, step, storingEvery: max(inputs.times.steps, 1))
  }
}
