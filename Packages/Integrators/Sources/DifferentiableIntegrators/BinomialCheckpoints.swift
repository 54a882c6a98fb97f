import Autodiff
import Integrators

extension DifferentiableMethod {
  /// Keeps `snapshots` states, the start among them, and repeats as few steps as that allows: see `BinomialSchedule`.
  ///
  /// Memory for `snapshots` states and one step whatever the number of steps, for any stepper. The derivative of every step is
  /// written out: a compiled program grows with their number, as it does not with `checkpointed(_:every:)`.
  public static func checkpointed<Method: Stepper>(_ method: Method, snapshots: Int) -> Self
  where Method.System == Clocked<System>, Method.State == State {
    require(snapshots > 0, "checkpointed: \(snapshots) snapshots; give 1 or more, the start is one of them")
    let step = unitStep(of: method)
    return Self(step: step) { inputs in
      customDerivative(inputs) { inputs in
        advance(inputs, step, inputs.initial, from: 0, to: inputs.times.steps)
      } pullback: { inputs, _, cotangent in
        wayBack(inputs, cotangent, step, snapshots)
      }
    }
  }

  private static func advance(
    _ inputs: SolveInputs<System, State>, _ step: Step, _ state: State, from first: Int, to last: Int
  ) -> State {
    Autodiff.loop(last - first, from: state, storingEvery: max(last - first, 1)) { state, index in
      let time = inputs.times.time(index.cast(to: inputs.times.stepSize.dtype) + Double(first))
      return step(inputs.system, state, time, inputs.times.stepSize)
    }
  }

  private static func wayBack(
    _ inputs: SolveInputs<System, State>, _ cotangent: State, _ step: Step, _ snapshots: Int
  ) -> SolveInputs<System, State> {
    var sum = StepInputs(inputs.system, inputs.initial, inputs.times).zeros
    func back(from last: Int, to first: Int, _ state: State, _ cotangent: State, _ snapshots: Int) -> State {
      if last - first == 1 {
        var here = StepInputs(inputs.system, state, inputs.times)
        here.start = inputs.times.time(Double(first))
        let gradient = vjp(here) { step($0.system, $0.state, $0.start, $0.stepSize) }.pullback(cotangent)
        sum = sum.adding(times: gradient)
        // t = start + index · h
        sum.stepSize = sum.stepSize + Double(first) * gradient.start
        return gradient.state
      }
      let middle = first + BinomialSchedule.split(last - first, snapshots: snapshots)
      let kept = advance(inputs, step, state, from: first, to: middle)
      let there = back(from: last, to: middle, kept, cotangent, snapshots - 1)
      return back(from: middle, to: first, state, there, snapshots)
    }
    var gradient = inputs
    let steps = inputs.times.steps
    gradient.initial = steps == 0 ? cotangent : back(from: steps, to: 0, inputs.initial, cotangent, snapshots)
    gradient.system = sum.system
    gradient.times.start = sum.start
    gradient.times.stepSize = sum.stepSize
    return gradient
  }
}
