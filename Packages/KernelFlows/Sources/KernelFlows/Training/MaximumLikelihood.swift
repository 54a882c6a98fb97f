import Autodiff
import NeuralNetworks

/// Training by maximum likelihood with early stopping: the one loop for kernel flows and the flows they are compared with.
public struct MaximumLikelihood: Codable, Sendable, Hashable {
  /// Steps at most.
  public var steps: Int
  /// Rows drawn for each step, with repetition; all rows where there are no more.
  public var batchSize: Int
  public var learningRate: LearningRateSchedule
  /// Adam's.
  public var beta1: Double
  public var beta2: Double
  public var weightDecay: Double
  /// Largest norm of the gradient.
  public var clipNorm: Double
  /// Weight of the squared norm of the kernel maps in the loss.
  public var penalty: Double
  /// Steps between looks at the validation rows.
  public var validationEvery: Int
  /// Looks without improvement after which training ends.
  public var patience: Int

  public init(
    steps: Int = 2000, batchSize: Int = 256, learningRate: LearningRateSchedule = .cosine(peak: 5e-3, total: 2000, floor: 0),
    beta1: Double = 0.9, beta2: Double = 0.999, weightDecay: Double = 0, clipNorm: Double = 10, penalty: Double = 0,
    validationEvery: Int = 20, patience: Int = 20
  ) {
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
    self.clipNorm = clipNorm
    self.penalty = penalty
    self.validationEvery = validationEvery
    self.patience = patience
  }

  /// A flow as it was when the validation rows liked it best.
  public struct Fit: Sendable {
    public let flow: KernelCouplingFlow
    /// Mean log-likelihood of the validation rows then, in nats.
    public let validation: Double
    /// The step of `flow`, and the steps taken.
    public let bestStep: Int
    public let steps: Int
  }

  var adam: Adam { Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, weightDecay: weightDecay) }

  /// Trains `flow` on `rows` `[n, d]` and keeps what is best for `validation` `[m, d]`; all of the flow's dtype. `afterLook` runs after
  /// each look at the validation rows.
  public func fit(
    _ flow: KernelCouplingFlow, rows: Tensor, validation: Tensor, key: Key, afterLook: () -> Void = {}
  ) -> Fit {
    require(
      rows.rank == 2 && validation.rank == 2 && rows.shape[0] > 0 && validation.shape[0] > 0,
      "MaximumLikelihood.fit: rows \(rows.shape), validation \(validation.shape); give [n, d] and [m, d]")
    let (adam, batchSize, clipNorm, penalty) = (self.adam, self.batchSize, self.clipNorm, self.penalty)
    let count = rows.shape[0]
    let step = compile(donating: true) {
      (state: TrainingState<KernelCouplingFlow>, rows: Tensor, key: Key) -> (TrainingState<KernelCouplingFlow>, Tensor) in
      let drawn = { Tensor.randomIntegers([batchSize], in: 0..<count, key: key.folded(state.step)) }
      let batch = batchSize < count ? rows.gathered(drawn()) : rows
      let next = state.advanced(by: adam, clippingTo: clipNorm) { $0.loss(batch, penalty: penalty) }
      return (next.state, next.loss)
    }
    let score = compile { (flow: KernelCouplingFlow, rows: Tensor) -> Tensor in flow.logDensity(rows).mean() }

    // A step is given the memory of the state before it: what stays is copied.
    var state = TrainingState(flow.inOwnMemory(), for: adam)
    var best = (flow: flow, validation: score(flow, validation).item(), step: 0)
    var (taken, stale) = (0, 0)
    while taken < steps && stale < patience {
      state = step(state, rows, key).0
      taken += 1
      guard taken % validationEvery == 0 || taken == steps else { continue }
      let value = score(state.model, validation).item()
      afterLook()
      if value.isNaN { break }
      if value > best.validation {
        best = (state.model.inOwnMemory(), value, taken)
        stale = 0
      } else {
        stale += 1
      }
    }
    return Fit(flow: best.flow, validation: best.validation, bestStep: best.step, steps: taken)
  }
}
