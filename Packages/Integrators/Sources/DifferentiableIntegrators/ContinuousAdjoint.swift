import Autodiff
import Integrators

extension DifferentiableMethod where System: TensorEquation<State> {
  /// Solves the augmented equation of state, λ = ∂L/∂y and ∂L/∂θ backwards with the same method and steps (Chen et al.,
  /// arXiv:1806.07366): dλ/dt = −λᵀ ∂f/∂y, ∂L/∂θ = ∫ λᵀ ∂f/∂θ dt, ∂L/∂t = λᵀ f at the end and −λᵀ f at the start.
  ///
  /// Memory for one state. The gradient is that of the exact solution, to the order of the method, not that of the steps;
  /// unstable where the equation is when solved backwards.
  public static func continuousAdjoint(_ method: ExplicitRungeKutta<Clocked<System>>) -> Self {
    let step = unitStep(of: method)
    let backwards = ExplicitRungeKutta<Clocked<AdjointEquation<System>>>(method.tableau)
    return Self(step: step) { inputs in
      customDerivative(inputs) { inputs in
        loop(inputs, step, storingEvery: max(inputs.times.steps, 1))
      } pullback: { inputs, end, cotangent in
        adjoint(inputs, end, cotangent, backwards)
      }
    }
  }

  private static func adjoint(
    _ inputs: SolveInputs<System, State>, _ end: State, _ cotangent: State,
    _ method: ExplicitRungeKutta<Clocked<AdjointEquation<System>>>
  ) -> SolveInputs<System, State> {
    let times = inputs.times
    let first = AdjointState<System>(state: end, cotangent: cotangent, gradient: inputs.system.zeros)
    let back = SolveInputs(
      system: AdjointEquation(system: inputs.system), initial: first,
      times: TimeGrid(from: times.end, stepSize: -times.stepSize, steps: times.steps))
    let last = DifferentiableMethod<AdjointEquation<System>, AdjointState<System>>.checkpointed(method).plainSolve(back)

    func flux(_ state: State, _ cotangent: State, at time: Tensor) -> Tensor {
      cotangent.inner(inputs.system.derivative(state, at: time), dtype: time.dtype)
    }
    let atEnd = flux(end, cotangent, at: times.end)
    var gradient = inputs
    gradient.system = last.gradient
    gradient.initial = last.cotangent
    gradient.times.start = atEnd - flux(inputs.initial, last.cotangent, at: times.start)
    gradient.times.stepSize = Double(times.steps) * atEnd
    return gradient
  }
}

/// y, ∂L/∂y and ∂L/∂θ.
struct AdjointState<System: TensorEquation>: TensorState {
  typealias Scalar = Double

  var state: System.State
  var cotangent: System.State
  var gradient: System

  mutating func add(_ scale: Double, times direction: Self) {
    state.add(scale, times: direction.state)
    cotangent.add(scale, times: direction.cotangent)
    gradient = gradient.adding(scale, times: direction.gradient)
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("state", &state)
    walker.child("cotangent", &cotangent)
    walker.child("gradient", &gradient)
  }
}

struct AdjointEquation<System: TensorEquation>: TensorEquation {
  var system: System

  func derivative(_ point: AdjointState<System>, at time: Tensor) -> AdjointState<System> {
    let (slope, pullback) = vjp(Pair(system, point.state)) { $0.first.derivative($0.second, at: time) }
    let gradient = pullback(point.cotangent)
    return AdjointState(state: slope, cotangent: gradient.second.negated, gradient: gradient.first.negated)
  }

  mutating func walk(_ walker: inout some Walker) { walker.child("system", &system) }
}
