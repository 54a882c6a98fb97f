import Autodiff

/// Average of a model over training, `a <- δ a + (1 - δ) θ` (Polyak and Juditsky 1992).
///
/// `δ = min(decay, (1 + t)/(10 + t))` at step `t`, so that the first steps do not weigh for ever. Buffers are the model's newest.
public struct ExponentialMovingAverage: Sendable, Hashable, Codable {
  public var decay: Double

  public init(decay: Double) {
    require(0 <= decay && decay < 1, "ExponentialMovingAverage: decay \(decay); give 0 <= decay < 1")
    self.decay = decay
  }

  /// The average after step number `step` (int32 `[]`, 1 for the first).
  public func update<Model: Module>(_ average: Model, toward model: Model, step: Tensor) -> Model {
    let t = step.cast(to: .float64)
    let kept = minimum((1.0 + t) / (10.0 + t), Tensor(decay, dtype: .float64))
    return model.zipParameters(average) { parameter, a in parameter + kept.cast(to: a.dtype) * (a - parameter) }
  }
}
