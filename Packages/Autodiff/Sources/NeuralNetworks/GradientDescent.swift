import Autodiff

/// Stochastic gradient descent with heavy-ball momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013).
///
///     u <- μ u + g          θ <- θ - η u,   or with Nesterov  θ <- θ - η (g + μ u)
///
/// Saved as `velocity.<path>` and `step`.
public struct GradientDescent: Optimizer, Hashable, Codable {
  public var learningRate: LearningRateSchedule
  public var momentum: Double
  public var isNesterov: Bool

  public var slots: [String] { ["velocity"] }

  public init(learningRate: LearningRateSchedule, momentum: Double = 0, isNesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
  }

  public func update<Model: Module>(
    _ model: Model, gradient: Model, state: OptimizerState<Model>
  ) -> (model: Model, state: OptimizerState<Model>) {
    var next = state.counted()
    next["velocity"] = state["velocity"].zipParameters(gradient) { u, g in momentum * u + g }
    let direction = isNesterov ? next["velocity"].zipParameters(gradient) { u, g in g + momentum * u } : next["velocity"]
    let rate = learningRate(state.step)
    return (model.zipParameters(direction) { $0 - rate.cast(to: $0.dtype) * $1 }, next)
  }
}
