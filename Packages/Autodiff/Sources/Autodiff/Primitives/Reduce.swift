import CAutodiff

enum Reduction: String, Sendable, Hashable {
  case sum, maximum, minimum

  var code: af_reduction {
    switch self {
    case .sum: AF_SUM
    case .maximum: AF_MAXIMUM
    case .minimum: AF_MINIMUM
    }
  }
}

extension DType {
  var code: af_dtype {
    switch self {
    case .float32: AF_F32
    case .float64: AF_F64
    case .int32: AF_I32
    case .bool: AF_BOOL
    }
  }
}

/// Reduces a run of adjacent axes, which disappear from the shape.
struct Reduce: Primitive {
  let kind: Reduction
  let axes: Range<Int>

  var name: String { kind.rawValue }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    var shape = inputs[0].shape
    precondition(inputs[0].dtype != .bool, "\(name): bool has no arithmetic; cast(to: .int32) first")
    shape.removeSubrange(axes)
    return TensorSpec(shape, inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axes)
    let (dtype, kind) = (output.dtype.code, kind.code)
    return Kernel { arguments in
      af_reduce(dtype, kind, arguments.pointer(0), arguments.pointer(1), Int64(outer), Int64(length), Int64(inner), 0)
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(Reduce(kind: kind, axes: axes.lowerBound + 1..<axes.upperBound + 1), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    if axes.lowerBound > 0 { return [.rows([true])] }
    return kind == .sum ? [.sumOfRows([true])] : []
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { tangent in
      kind == .sum ? .apply(self, [tangent]) : .apply(Reduce(kind: .sum, axes: axes), [tangent * share(inputs[0], output)])
    }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let spread = restored(cotangent, like: inputs[0])
    return [kind == .sum ? spread : spread * share(inputs[0], output)]
  }

  /// Puts the reduced axes back and repeats the values along them.
  private func restored(_ y: Tensor, like x: Tensor) -> Tensor {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    return y.reshaped(shape).broadcast(to: x.shape)
  }

  /// 1 at the extreme element, 1/k at each of k tied ones, 0 elsewhere.
  private func share(_ x: Tensor, _ y: Tensor) -> Tensor {
    let hit = (x .== restored(y, like: x)).cast(to: x.dtype)
    return hit / restored(.apply(Reduce(kind: .sum, axes: axes), [hit]), like: x)
  }
}

/// Index of the first extreme element along one axis.
struct ArgReduce: Primitive {
  let axis: Int
  let minimum: Bool

  var name: String { minimum ? "argmin" : "argmax" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    precondition(inputs[0].shape[axis] > 0, "\(name): axis \(axis) of shape \(inputs[0].shape) is empty")
    var shape = inputs[0].shape
    shape.remove(at: axis)
    return TensorSpec(shape, .int32)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axis..<axis + 1)
    let (dtype, minimum) = (inputs[0].dtype.code, minimum)
    return Kernel { arguments in
      af_arg_reduce(
        dtype, minimum ? 1 : 0, arguments.pointer(0), arguments.pointer(1).assumingMemoryBound(to: Int32.self), Int64(outer),
        Int64(length), Int64(inner))
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(ArgReduce(axis: axis + 1, minimum: minimum), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true])] : [] }
}

/// Running sum along one axis, from either end.
struct CumulativeSum: Primitive {
  let axis: Int
  let reverse: Bool

  var name: String { reverse ? "reverseCumulativeSum" : "cumulativeSum" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axis..<axis + 1)
    let (dtype, reverse) = (output.dtype.code, reverse)
    return Kernel { arguments in
      af_cumulative_sum(
        dtype, arguments.pointer(0), arguments.pointer(1), Int64(outer), Int64(length), Int64(inner), reverse ? 1 : 0, 0)
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(CumulativeSum(axis: axis + 1, reverse: reverse), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true])] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0].map { .apply(self, [$0]) } }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [.apply(CumulativeSum(axis: axis, reverse: !reverse), [cotangent])]
  }
}
