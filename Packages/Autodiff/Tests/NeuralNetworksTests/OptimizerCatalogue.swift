import Autodiff
import NeuralNetworks
import Testing

/// A smooth function of a point `[n]` with its minimum at ones.
struct Problem: Sendable {
  let name: String
  let start: [Double]
  let loss: @Sendable (Tensor) -> Tensor

  static let quadratic = Problem(name: "quadratic", start: [3, -2, 0.5]) { x in
    0.5 * (Tensor([1.0, 4, 0.3], dtype: .float64) * square(x - 1.0)).sum()
  }

  /// `Σ (1 - x_i)² + 5 (x_{i+1} - x_i²)²`: Rosenbrock (1960), a bent valley of moderate condition.
  static let rosenbrock = Problem(name: "Rosenbrock", start: TorchValues.stored.start) { x in
    let (a, b) = (x.slice(axis: 0, 0..<2), x.slice(axis: 0, 1..<3))
    return (square(1.0 - a) + 5.0 * square(b - square(a))).sum()
  }
}

/// Every way to minimise, behind one face.
struct Minimizer: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let isCompiled: Bool
  /// The points after each step; with `saving: true` everything is saved and loaded anew between steps.
  let path: @Sendable (_ problem: Problem, _ steps: Int, _ saving: Bool) throws -> [[Double]]
  /// Steps that bring both problems to a loss of 1e-6.
  let steps: Int
  /// Names of the tensors of its state.
  let statePaths: [String]

  init(_ name: String, _ optimizer: some Optimizer, isCompiled: Bool, steps: Int) {
    testDescription = name
    self.isCompiled = isCompiled
    self.steps = steps
    statePaths = TrainingState(Tensor([0.0]), for: optimizer).namedTensors().map(\.path)
    path = { problem, steps, saving in
      let plain = { @Sendable (state: TrainingState<Tensor>) -> TrainingState<Tensor> in
        state.advanced(by: optimizer, loss: problem.loss).state
      }
      let step = isCompiled ? compile(plain) : plain
      var state = TrainingState(Tensor(problem.start), for: optimizer)
      return try (0..<steps).map { _ in
        state = step(state)
        if saving {
          let file = saved(state)
          state = TrainingState(Tensor(problem.start), for: optimizer)
          try state.load(file)
        }
        return state.model.doubles
      }
    }
  }

  /// L-BFGS, one iteration for each step; `.zero` tolerances, so that it goes on to the end.
  init(_ name: String, _ optimizer: LBFGS, isCompiled: Bool, steps: Int) {
    testDescription = name
    self.isCompiled = isCompiled
    self.steps = steps
    statePaths = optimizer.state(for: Tensor([0.0])).namedTensors().map(\.path)
    path = { problem, steps, saving in
      let plain = { @Sendable (x: Tensor) -> Pair<Tensor, Tensor> in
        let (value, gradient) = valueAndGrad(x, problem.loss)
        return Pair(value, gradient)
      }
      let objective = isCompiled ? compile(plain) : plain
      var x = Tensor(problem.start)
      var state = optimizer.state(for: x)
      return try (0..<steps).map { _ in
        let outcome = optimizer.minimize(x, state: state, iterations: 1) { x in
          let pair = objective(x)
          return (pair.first, pair.second)
        }
        (x, state) = (outcome.model, outcome.state)
        if saving {
          let file = saved(state)
          state = optimizer.state(for: x)
          try state.load(file)
        }
        return x.doubles
      }
    }
  }
}

let exactLBFGS = LBFGS(historySize: 4, gradientTolerance: 0, changeTolerance: 0)

/// Every optimiser, uncompiled and then compiled, with the settings of the PyTorch values.
let minimizers: [Minimizer] = [false, true].flatMap { isCompiled -> [Minimizer] in
  [
    Minimizer("gradient descent", GradientDescent(learningRate: .constant(5e-3)), isCompiled: isCompiled, steps: 9000),
    Minimizer("momentum", GradientDescent(learningRate: .constant(5e-3), momentum: 0.8), isCompiled: isCompiled, steps: 3000),
    Minimizer(
      "Nesterov", GradientDescent(learningRate: .constant(5e-3), momentum: 0.8, isNesterov: true), isCompiled: isCompiled, steps: 3000),
    Minimizer("Adam", Adam(learningRate: .constant(0.05)), isCompiled: isCompiled, steps: 1500),
    Minimizer("RMSProp", RMSProp(learningRate: .constant(0.02), decay: 0.9), isCompiled: isCompiled, steps: 0),
    Minimizer(
      "RMSProp with momentum", RMSProp(learningRate: .constant(0.01), decay: 0.9, momentum: 0.5), isCompiled: isCompiled, steps: 0),
    Minimizer("AdamW", AdamW(learningRate: .constant(0.05), weightDecay: 0.1), isCompiled: isCompiled, steps: 0),
    Minimizer(
      "RMSProp, falling rate",
      RMSProp(learningRate: .cosine(peak: 0.02, total: 2000, floor: 0), decay: 0.9, momentum: 0.5), isCompiled: isCompiled, steps: 2000),
    Minimizer("L-BFGS", exactLBFGS, isCompiled: isCompiled, steps: 40),
  ]
}
