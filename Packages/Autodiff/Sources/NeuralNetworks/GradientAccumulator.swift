import Autodiff

/// Mean of gradients over several small batches, for a step whose batch does not fit in memory; saved as `sum.<path>`, `count`.
public struct GradientAccumulator<Model: Module>: Module {
  public var sum: Model
  /// int32 `[]`
  public var count: Tensor

  public init(for model: Model) {
    sum = model.mapTensors { Tensor.zeros(like: $0) }
    count = .zeros([], dtype: .int32)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("sum", &sum)
    walker.buffer("count", &count)
  }

  /// With one more gradient; pure, so it may be part of a compiled program.
  public func adding(_ gradient: Model) -> Self {
    var next = self
    next.sum = sum.zipParameters(gradient, +)
    next.count = count + Tensor([Int32(1)], shape: [])
    return next
  }

  /// The gradient of the mean loss over batches of one size; NaN before the first.
  public var mean: Model { sum.mapParameters { $0 / count.cast(to: $0.dtype) } }
}
