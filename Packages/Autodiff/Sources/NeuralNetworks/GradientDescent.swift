import Autodiff

/// Running velocity and the number of completed steps; saved as `velocity.<path>` and `step`.
public struct MomentumState<Model: Module>: Module {
  public var velocity: Model
  /// int32 `[]`
  public var step: Tensor

  public init(for model: Model) {
    velocity = model.mapTensors { Tensor.zeros(like: $0) }
    step = Tensor.zeros([], dtype: .int32)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("velocity", &velocity)
    walker.buffer("step", &step)
  }
}

/// Stochastic gradient descent with heavy-ball momentum (Polyak 1964): `u <- μ u + g`, `θ <- θ - η u`.
public struct GradientDescent: Sendable, Hashable, Codable {
  public var learningRate: LearningRateSchedule
  public var momentum: Double

  public init(learningRate: LearningRateSchedule, momentum: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  /// One step down the gradient; pure, so it may be part of a compiled program.
  public func update<Model: Module>(
    _ model: Model, gradient: Model, state: MomentumState<Model>
  ) -> (model: Model, state: MomentumState<Model>) {
    var next = state
    next.step = state.step + Tensor([Int32(1)], shape: [])
    next.velocity = state.velocity.zipParameters(gradient) { u, g in momentum * u + g }
    let rate = learningRate(state.step)
    return (model.zipParameters(next.velocity) { $0 - rate.cast(to: $0.dtype) * $1 }, next)
  }
}
