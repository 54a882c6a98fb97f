import Autodiff

/// All that a training step reads and writes: the model, the optimiser's moments, and the average if one is kept.
///
/// Saved as `model.<path>`, `optimizer.first.<path>`, `optimizer.second.<path>`, `optimizer.step`, `average.<path>`.
public struct TrainingState<Model: Module>: Module {
  public var model: Model
  public var optimizer: AdamState<Model>
  public var average: Model?

  /// Completed steps, int32 `[]`.
  public var step: Tensor { optimizer.step }

  /// The averaged model where one is kept, else the model itself.
  public var evaluated: Model { average ?? model }

  public init(_ model: Model, averaging: Bool = false) {
    self.model = model
    optimizer = AdamState(for: model)
    average = averaging ? model : nil
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("model", &model)
    walker.child("optimizer", &optimizer)
    walker.child("average", &average)
  }

  /// One training step; pure, so it may be compiled. `loss` is `[]`, as is the norm of the unclipped gradient.
  public func advanced(
    by adam: Adam, averaging: ExponentialMovingAverage? = nil, clippingTo maximumNorm: Double? = nil, loss: (Model) -> Tensor
  ) -> (state: TrainingState, loss: Tensor, gradientNorm: Tensor) {
    precondition(
      (averaging == nil) == (average == nil),
      "TrainingState: the state \(average == nil ? "keeps no" : "keeps an") average but the step \(averaging == nil ? "has no" : "has an") averaging rule; give both or neither"
    )
    let (value, raw) = valueAndGrad(model, loss)
    var gradient = raw
    let norm: Tensor
    if let maximumNorm { (gradient, norm) = clippedByGlobalNorm(raw, to: maximumNorm) } else { norm = globalNorm(raw) }

    var next = self
    (next.model, next.optimizer) = adam.update(model, gradient: gradient, state: optimizer)
    if let averaging, let average { next.average = averaging.update(average, toward: next.model, step: next.step) }
    return (next, value, norm)
  }
}
