import Autodiff

/// RMSProp (Tieleman and Hinton 2012), with momentum on the scaled gradient as in PyTorch.
///
///     v <- α v + (1 - α) g²          u <- μ u + g/(sqrt(v) + ε)          θ <- θ - η u
///
/// Saved as `second.<path>`, `velocity.<path>` and `step`.
public struct RMSProp: Optimizer, Hashable, Codable {
  public var learningRate: LearningRateSchedule
  /// `α`
  public var decay: Double
  public var momentum: Double
  public var epsilon: Double

  public var slots: [String] { ["second", "velocity"] }

  public init(learningRate: LearningRateSchedule, decay: Double = 0.99, momentum: Double = 0, epsilon: Double = 1e-8) {
    self.learningRate = learningRate
    self.decay = decay
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public func update<Model: Module>(
    _ model: Model, gradient: Model, state: OptimizerState<Model>
  ) -> (model: Model, state: OptimizerState<Model>) {
    var next = state.counted()
    next["second"] = state["second"].zipParameters(gradient) { v, g in decay * v + (1 - decay) * square(g) }
    let scaled = gradient.zipParameters(next["second"]) { g, v in g / (sqrt(v) + epsilon) }
    next["velocity"] = state["velocity"].zipParameters(scaled) { u, s in momentum * u + s }
    let rate = learningRate(state.step)
    return (model.zipParameters(next["velocity"]) { $0 - rate.cast(to: $0.dtype) * $1 }, next)
  }
}
