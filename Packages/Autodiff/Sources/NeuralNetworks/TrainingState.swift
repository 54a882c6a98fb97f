import Autodiff

/// All that a training step reads and writes: the model, the optimiser's state, and the average if one is kept.
///
/// Saved as `model.<path>`, `optimizer.<slot>.<path>`, `optimizer.step`, `average.<path>`.
public struct TrainingState<Model: Module>: Module {
  public var model: Model
  public var optimizer: OptimizerState<Model>
  public var average: Model?

  /// Completed steps, int32 `[]`.
  public var step: Tensor { optimizer.step }

  /// The averaged model where one is kept, else the model itself.
  public var evaluated: Model { average ?? model }

  /// For training by `Adam`.
  public init(_ model: Model, averaging: Bool = false) { self.init(model, slots: Adam.slots, averaging) }

  /// For training by `optimizer`.
  public init(_ model: Model, for optimizer: some Optimizer, averaging: Bool = false) {
    self.init(model, slots: optimizer.slots, averaging)
  }

  private init(_ model: Model, slots: [String], _ averaging: Bool) {
    self.model = model
    optimizer = OptimizerState(slots: slots, for: model)
    average = averaging ? model : nil
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("model", &model)
    walker.child("optimizer", &optimizer)
    walker.child("average", &average)
  }

  /// One training step; pure, so it may be compiled. `loss` is `[]`, as is the norm of the unclipped gradient.
  public func advanced(
    by optimizer: some Optimizer, averaging: ExponentialMovingAverage? = nil, clippingTo maximumNorm: Double? = nil,
    loss: (Model) -> Tensor
  ) -> (state: TrainingState, loss: Tensor, gradientNorm: Tensor) {
    let (value, gradient) = valueAndGrad(model, loss)
    let (next, norm) = advanced(by: optimizer, averaging: averaging, clippingTo: maximumNorm, gradient: gradient)
    return (next, value, norm)
  }

  /// A training step of a model with buffers that the step changes, such as the running moments of `BatchNorm`: they are
  /// taken from the model that comes with the loss.
  public func advancedWithBuffers(
    by optimizer: some Optimizer, averaging: ExponentialMovingAverage? = nil, clippingTo maximumNorm: Double? = nil,
    loss: (Model) -> (loss: Tensor, model: Model)
  ) -> (state: TrainingState, loss: Tensor, gradientNorm: Tensor) {
    let (value, updated, gradient) = valueAndGrad(model, auxiliary: { loss($0) as (Tensor, Model) })
    var current = self
    current.model = updated.zipParameters(model) { _, parameter in parameter }
    let (next, norm) = current.advanced(by: optimizer, averaging: averaging, clippingTo: maximumNorm, gradient: gradient)
    return (next, value, norm)
  }

  /// A training step from a gradient known already, for instance the mean of a `GradientAccumulator`.
  public func advanced(
    by optimizer: some Optimizer, averaging: ExponentialMovingAverage? = nil, clippingTo maximumNorm: Double? = nil, gradient: Model
  ) -> (state: TrainingState, gradientNorm: Tensor) {
    require(
      (averaging == nil) == (average == nil),
      "TrainingState: the state \(average == nil ? "keeps no" : "keeps an") average but the step \(averaging == nil ? "has no" : "has an") averaging rule; give both or neither"
    )
    let (clipped, norm) = maximumNorm.map { clippedByGlobalNorm(gradient, to: $0) } ?? (gradient, globalNorm(gradient))
    var next = self
    (next.model, next.optimizer) = optimizer.update(model, gradient: clipped, state: self.optimizer)
    if let averaging, let average { next.average = averaging.update(average, toward: next.model, step: next.step) }
    return (next, norm)
  }
}
