import Autodiff

/// Limited-memory BFGS (Liu and Nocedal 1989) with a strong-Wolfe line search, for a loss without noise: a full batch.
///
/// The vectors of the method are float64 on the host, whatever the dtype of the model; only the objective runs as a program.
public struct LBFGS: Sendable, Hashable, Codable {
  /// Pairs of steps and gradient changes that are kept.
  public var historySize: Int
  /// Converged when no component of the gradient is larger.
  public var gradientTolerance: Double
  /// Converged when neither the loss nor any parameter changes by more.
  public var changeTolerance: Double
  public var lineSearch: StrongWolfeLineSearch

  public init(
    historySize: Int = 10, gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9,
    lineSearch: StrongWolfeLineSearch = StrongWolfeLineSearch()
  ) {
    require(historySize > 0, "LBFGS: history of \(historySize) pairs; give at least 1")
    self.historySize = historySize
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.lineSearch = lineSearch
  }

  /// What `minimize` returns.
  public struct Outcome<Model: Module>: Sendable {
    public let model: Model
    /// From which another call goes on as if there had been one.
    public let state: LBFGSState
    public let loss: Double
    public let isConverged: Bool
  }

  /// The state before the first iteration.
  public func state(for model: some Module) -> LBFGSState {
    LBFGSState(historySize: historySize, parameterCount: model.parameterCount)
  }

  /// At most `iterations` iterations; `objective` is the loss `[]` and its gradient, best from a compiled `valueAndGrad`.
  public func minimize<Model: Module>(
    _ model: Model, state: LBFGSState, iterations: Int, objective: (Model) -> (value: Tensor, gradient: Model)
  ) -> Outcome<Model> {
    require(
      state.steps.shape == [historySize, model.parameterCount],
      "LBFGS: the state is for [history, parameters] \(state.steps.shape), the model has \([historySize, model.parameterCount]); make it with state(for:)"
    )
    var memory = QuasiNewtonMemory(state)
    var x = flattened(model)
    var (loss, gradient) = evaluate(objective, model, at: x)
    var step = Int(state.step.item())
    var isConverged = largestMagnitude(gradient) <= gradientTolerance
    for _ in 0..<iterations where !isConverged {
      let direction = memory.descentDirection(gradient)
      let slope = dot(gradient, direction)
      // The loss can fall by no more than about |slope|.
      if slope > -changeTolerance {
        isConverged = true
        break
      }
      let origin = LinePoint(step: 0, value: loss, slope: slope, gradient: gradient)
      let firstStep = step == 0 ? min(1, 1 / gradient.reduce(0) { $0 + $1.magnitude }) : 1
      let reach = largestMagnitude(direction)
      let found = lineSearch(from: origin, firstStep: firstStep, tolerance: changeTolerance / reach) { t in
        let (value, gradient) = evaluate(objective, model, at: moved(x, along: direction, t))
        return LinePoint(step: t, value: value, slope: dot(gradient, direction), gradient: gradient)
      }
      memory.remember(step: direction.map { found.step * $0 }, change: difference(found.gradient, gradient))
      x = moved(x, along: direction, found.step)
      isConverged =
        largestMagnitude(found.gradient) <= gradientTolerance || found.step * reach <= changeTolerance
        || (found.value - loss).magnitude < changeTolerance
      (loss, gradient, step) = (found.value, found.gradient, step + 1)
    }
    return Outcome(model: replaced(model, x), state: memory.state(step: step), loss: loss, isConverged: isConverged)
  }

  private func evaluate<Model: Module>(
    _ objective: (Model) -> (value: Tensor, gradient: Model), _ model: Model, at x: [Double]
  ) -> (Double, [Double]) {
    let (value, gradient) = objective(replaced(model, x))
    return (value.item(), flattened(gradient))
  }
}

/// Steps and gradient changes of the last iterations, and their number; saved.
public struct LBFGSState: Module {
  /// `[history, parameters]`, float64, oldest first, then rows of zeros
  public var steps: Tensor
  /// `[history, parameters]`, float64
  public var changes: Tensor
  /// Rows in use, int32 `[]`
  public var count: Tensor
  /// Completed iterations, int32 `[]`
  public var step: Tensor

  init(historySize: Int, parameterCount: Int) {
    steps = .zeros([historySize, parameterCount], dtype: .float64)
    changes = steps
    count = .zeros([], dtype: .int32)
    step = count
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("steps", &steps)
    walker.buffer("changes", &changes)
    walker.buffer("count", &count)
    walker.buffer("step", &step)
  }
}

/// The trained scalars in walking order.
private func flattened(_ model: some Module) -> [Double] { model.namedTensors().filter(\.isParameter).flatMap(\.tensor.doubles) }

private func replaced<Model: Module>(_ model: Model, _ values: [Double]) -> Model {
  var next = 0
  return model.mapParameters { tensor in
    defer { next += tensor.count }
    return Tensor(Array(values[next..<next + tensor.count]), shape: tensor.shape, dtype: tensor.dtype)
  }
}
