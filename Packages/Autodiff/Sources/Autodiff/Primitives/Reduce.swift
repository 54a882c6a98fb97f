import CAutodiff

enum Reduction: String, Sendable, Hashable {
  case sum, product, maximum, minimum

  var code: af_reduction {
    switch self {
    case .sum: AF_SUM
    case .product: AF_PRODUCT
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
    require(inputs[0].dtype != .bool, "\(name): \(inputs[0]) has no arithmetic; use any or all, or cast(to: .int32) first")
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
      kind == .sum ? .apply(self, [tangent]) : .apply(Reduce(kind: .sum, axes: axes), [tangent * slope(inputs[0], output)])
    }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let spread = axes.restored(cotangent, like: inputs[0])
    return [kind == .sum ? spread : spread * slope(inputs[0], output)]
  }

  private func slope(_ x: Tensor, _ y: Tensor) -> Tensor { kind == .product ? productOfOthers(x) : share(x, y) }

  /// 1 at the extreme element, 1/k at each of k tied ones, 0 elsewhere.
  private func share(_ x: Tensor, _ y: Tensor) -> Tensor {
    let hit = (x .== axes.restored(y, like: x)).cast(to: x.dtype)
    return hit / axes.restored(.apply(Reduce(kind: .sum, axes: axes), [hit]), like: x)
  }

  /// For each element the product of the others: of those before it times of those after it, so that zeros do no harm.
  private func productOfOthers(_ x: Tensor) -> Tensor {
    let (outer, length, inner) = Shape.split(x.shape, around: axes)
    if length < 2 { return .ones(like: x) }
    let column = x.reshaped([outer, length, inner])
    let one = Tensor.ones([outer, 1, inner], dtype: x.dtype)
    let before = Tensor.concatenated([one, column.slice(axis: 1, 0..<length - 1)], axis: 1).cumulativeProduct(axis: 1)
    let after = Tensor.concatenated([column.slice(axis: 1, 1..<length), one], axis: 1)
      .cumulativeProduct(axis: 1, reverse: true)
    return (before * after).reshaped(x.shape)
  }
}

extension Range<Int> {
  /// Puts the reduced axes of `y` back and repeats the values along them.
  func restored(_ y: Tensor, like x: Tensor) -> Tensor {
    var shape = x.shape
    for axis in self { shape[axis] = 1 }
    return y.reshaped(shape).broadcast(to: x.shape)
  }
}

/// Index of the first extreme element along one axis.
struct ArgReduce: Primitive {
  let axis: Int
  let minimum: Bool

  var name: String { minimum ? "argmin" : "argmax" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    require(inputs[0].shape[axis] > 0, "\(name): axis \(axis) of shape \(inputs[0].shape) is empty, so no index is right")
    require(inputs[0].dtype != .bool, "\(name): \(inputs[0]) has no order; cast(to: .int32) first")
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
