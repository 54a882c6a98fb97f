import Autodiff
import DifferentiableIntegrators
import Integrators

/// The largest difference of two modules, tensor by tensor, relative to the largest element of each tensor of `b`.
func relativeDifference<M: Module>(_ a: M, _ b: M) -> Double {
  zip(a.tensors(), b.tensors()).reduce(0) { worst, pair in
    let (x, y) = (pair.0.doubles, pair.1.doubles)
    let size = y.reduce(0) { max($0, abs($1)) }
    let difference = zip(x, y).reduce(0) { $1.0.isFinite && $1.1.isFinite ? max($0, abs($1.0 - $1.1)) : .infinity }
    return max(worst, size == 0 ? difference : difference / size)
  }
}

/// Everything that a solve has gradients with respect to.
struct Inputs<System: Module, State: TensorState>: Module {
  var system: System
  var initial: State
  var start: Tensor
  var end: Tensor

  init(_ system: System, _ initial: State, from start: Double = 0, to end: Double) {
    self.system = system
    self.initial = initial
    self.start = Tensor(start, dtype: .float64)
    self.end = Tensor(end, dtype: .float64)
  }

  func times(_ steps: Int) -> TimeGrid { TimeGrid(from: start, to: end, steps: steps) }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("system", &system)
    walker.child("initial", &initial)
    walker.parameter("start", &start)
    walker.parameter("end", &end)
  }
}

/// V(q) = network(q) + |q|²/2.
func neuralSystem(width: Int, seed: UInt64) -> PotentialGradients<NeuralPotential> {
  PotentialGradients(NeuralPotential(width: width, seed: seed), inverseMass: Tensor(1.3, dtype: .float64)) { network, q in
    network(q) + 0.5 * (q * q).sum(axis: -1)
  }
}

/// dy/dt = tanh(y W + b) cos t, on rows.
struct DrivenNetwork: TensorEquation {
  var weight = Tensor([0.4, -0.9, 0.7, 0.3], shape: [2, 2])
  var bias = Tensor([0.2, -0.1])

  func derivative(_ state: Tensor, at time: Tensor) -> Tensor { tanh(state.matmul(weight) + bias) * cos(time) }

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("weight", &weight)
    walker.parameter("bias", &bias)
  }
}
