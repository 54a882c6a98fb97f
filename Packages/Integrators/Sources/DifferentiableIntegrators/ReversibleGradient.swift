import Autodiff
import Integrators

extension DifferentiableMethod {
  /// Goes back from the end: each state is found by undoing a step, and the derivative of that step taken there. Memory for one
  /// state whatever the number of steps; the gradient is that through the steps, but for the round-off of going back.
  ///
  /// Only for a method that undoes its own steps. Its states must hold no more digits than it gives back: a dissipative or
  /// chaotic solve over many Lyapunov times loses what the gradient needs.
  public static func reversible<Method: ReversibleStepper>(_ method: Method) -> Self
  where Method.System == Clocked<System>, Method.State == State {
    let step = unitStep(of: method)
    let undo: Step = { system, state, start, stepSize in
      var state = state
      method.step(&state, of: Clocked(system, from: start, stepSize: stepSize), at: 1, by: -1)
      return state
    }
    return Self(step: step) { inputs in
      customDerivative(inputs) { inputs in
        loop(inputs, step, storingEvery: max(inputs.times.steps, 1))
      } pullback: { inputs, end, cotangent in
        wayBack(inputs, end, cotangent, step, undo)
      }
    }
  }

  private static func wayBack(
    _ inputs: SolveInputs<System, State>, _ end: State, _ cotangent: State, _ step: Step, _ undo: Step
  ) -> SolveInputs<System, State> {
    let steps = inputs.times.steps
    let first = WayBack(state: end, cotangent: cotangent, sum: StepInputs(inputs.system, inputs.initial, inputs.times).zeros)
    let last = Autodiff.loop(steps, from: first, storingEvery: max(steps, 1)) { now, taken in
      let index = Double(steps - 1) - taken.cast(to: inputs.times.start.dtype)
      let start = inputs.times.time(index)
      var inputs = StepInputs(inputs.system, inputs.initial, inputs.times)
      inputs.state = undo(inputs.system, now.state, start, inputs.stepSize)
      inputs.start = start
      let gradient = vjp(inputs) { step($0.system, $0.state, $0.start, $0.stepSize) }.pullback(now.cotangent)
      var sum = now.sum.adding(times: gradient)
      // t = start + index · h
      sum.stepSize = sum.stepSize + index * gradient.start
      return WayBack(state: inputs.state, cotangent: gradient.state, sum: sum)
    }
    var gradient = inputs
    gradient.system = last.sum.system
    gradient.initial = last.cotangent
    gradient.times.start = last.sum.start
    gradient.times.stepSize = last.sum.stepSize
    return gradient
  }
}

/// What one step depends on.
struct StepInputs<System: Module, State: TensorState>: Module {
  var system: System
  var state: State
  var start: Tensor
  var stepSize: Tensor

  init(_ system: System, _ state: State, _ times: TimeGrid) {
    self.system = system
    self.state = state
    start = times.start
    stepSize = times.stepSize
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("system", &system)
    walker.child("state", &state)
    walker.parameter("start", &start)
    walker.parameter("stepSize", &stepSize)
  }
}

/// Where the way back has come to: the state there, the gradient with respect to it, and that of the rest summed so far.
private struct WayBack<System: Module, State: TensorState>: Module {
  var state: State
  var cotangent: State
  var sum: StepInputs<System, State>

  mutating func walk(_ walker: inout some Walker) {
    walker.child("state", &state)
    walker.child("cotangent", &cotangent)
    walker.child("sum", &sum)
  }
}
