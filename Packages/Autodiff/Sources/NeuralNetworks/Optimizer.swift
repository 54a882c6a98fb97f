import Autodiff

/// A rule that moves the parameters of any module down a gradient, one step at a time.
///
/// Everything that it remembers between steps is in an `OptimizerState`, which is a module and so is saved.
public protocol Optimizer: Sendable {
  /// Names of the running tensors kept for each parameter; they are part of the checkpoint format.
  var slots: [String] { get }

  /// One step down the gradient; pure, so it may be part of a compiled program.
  func update<Model: Module>(
    _ model: Model, gradient: Model, state: OptimizerState<Model>
  ) -> (model: Model, state: OptimizerState<Model>)
}

extension Optimizer {
  /// The state before the first step.
  public func state<Model: Module>(for model: Model) -> OptimizerState<Model> { OptimizerState(slots: slots, for: model) }
}

/// Running tensors of an optimiser and the number of completed steps; saved as `<slot>.<path>` and `step`.
public struct OptimizerState<Model: Module>: Module {
  public let slots: [String]
  /// int32 `[]`
  public var step: Tensor
  private var values: [Model]

  /// Zeros of the model's structure in each slot.
  public init(slots: [String], for model: Model) {
    self.slots = slots
    values = slots.map { _ in model.mapTensors { Tensor.zeros(like: $0) } }
    step = Tensor.zeros([], dtype: .int32)
  }

  /// The running tensors of one name, of the model's structure.
  public subscript(slot: String) -> Model {
    get { values[index(of: slot)] }
    set { values[index(of: slot)] = newValue }
  }

  public mutating func walk(_ walker: inout some Walker) {
    for index in slots.indices { walker.child(slots[index], &values[index]) }
    walker.buffer("step", &step)
    walker.setting("slots", slots)
  }

  /// The same with one more step counted.
  func counted() -> Self {
    var next = self
    next.step = step + Tensor([Int32(1)], shape: [])
    return next
  }

  private func index(of slot: String) -> Int {
    require(
      slots.contains(slot), "OptimizerState: it keeps \(slots), not '\(slot)'; make it with state(for:) of the optimiser that uses it")
    return slots.firstIndex(of: slot) ?? 0
  }
}
