import CAutodiff

/// An array of 64-bit integers with a stable address, for the C kernels.
final class StableIndices: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Int64>

  init(_ values: [Int]) {
    pointer = .allocate(capacity: max(values.count, 1))
    for (index, value) in values.enumerated() { pointer[index] = Int64(value) }
  }

  deinit { pointer.deallocate() }
}

/// Copies a strided view of the input into contiguous memory.
func stridedCopy(of dtype: DType, shape: [Int], strides: [Int], offset: Int = 0, destination: [Int]? = nil, at destinationOffset: Int = 0)
  -> @Sendable (_ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer) -> Void
{
  let (extents, from) = (StableIndices(shape), StableIndices(strides))
  let to = StableIndices(destination ?? Shape.strides(shape))
  let (size, rank) = (dtype.byteCount, Int32(shape.count))
  return { source, target in
    af_copy_strided(
      size, target + destinationOffset * size, to.pointer, source + offset * size, from.pointer, extents.pointer, rank)
  }
}

/// Another shape for the same elements.
struct Reshape: Primitive {
  let shape: [Int]

  var name: String { "reshape" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(shape, inputs[0].dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let bytes = output.byteCount
    return Kernel { $0.pointer(1).copyMemory(from: $0.pointer(0), byteCount: bytes) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { inputs[0].reshaped([count] + shape) }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    guard let m = inputs[0].shape.first, let n = output.shape.first, m == n else { return [] }
    return [.rows([true])]
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0]?.reshaped(shape) }
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [cotangent.reshaped(inputs[0].shape)] }
}

/// Axes in another order.
struct Transpose: Primitive {
  let permutation: [Int]

  var name: String { "transpose\(permutation)" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(permutation.map { inputs[0].shape[$0] }, inputs[0].dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let strides = Shape.strides(inputs[0].shape)
    let copy = stridedCopy(of: output.dtype, shape: output.shape, strides: permutation.map { strides[$0] })
    return Kernel { copy($0.pointer(0), $0.pointer(1)) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    inputs[0].transposed([0] + permutation.map { $0 + 1 })
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { permutation.first == 0 ? [.rows([true])] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0]?.transposed(permutation) }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    var inverse = permutation
    for (index, axis) in permutation.enumerated() { inverse[axis] = index }
    return [cotangent.transposed(inverse)]
  }
}

/// Repeats values along axes of extent 1 and along new leading axes.
struct Broadcast: Primitive {
  let shape: [Int]

  var name: String { "broadcast" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(shape, inputs[0].dtype) }

  /// Strides of the repeated view in elements of the input: 0 along repeated axes.
  func strides(from input: [Int]) -> [Int] {
    let own = Shape.strides(input)
    let lead = shape.count - input.count
    return shape.indices.map { $0 < lead || input[$0 - lead] == 1 ? 0 : own[$0 - lead] }
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let copy = stridedCopy(of: output.dtype, shape: shape, strides: strides(from: inputs[0].shape))
    return Kernel { copy($0.pointer(0), $0.pointer(1)) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    let own = inputs[0].shape.dropFirst()
    let lead = [Int](repeating: 1, count: shape.count - own.count)
    return inputs[0].reshaped([count] + lead + own).broadcast(to: [count] + shape)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    guard output.rank > 0 else { return [] }
    return [.rows([inputs[0].rank == output.rank && inputs[0].shape[0] == output.shape[0] && output.shape[0] != 1])]
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0]?.broadcast(to: shape) }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let input = inputs[0].shape
    let lead = shape.count - input.count
    let repeated = shape.indices.filter { $0 < lead || (input[$0 - lead] == 1 && shape[$0] != 1) }
    return [cotangent.sum(axes: repeated).reshaped(input)]
  }
}

/// Elements start, start + step, ... along one axis.
struct Slice: Primitive {
  let axis: Int
  let start: Int
  let count: Int
  let step: Int

  var name: String { "slice" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    var shape = inputs[0].shape
    shape[axis] = count
    return TensorSpec(shape, inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    var strides = Shape.strides(inputs[0].shape)
    let offset = start * strides[axis]
    strides[axis] *= step
    let copy = stridedCopy(of: output.dtype, shape: output.shape, strides: strides, offset: offset)
    return Kernel { copy($0.pointer(0), $0.pointer(1)) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(shifted, inputs) }

  /// The same slice with one more axis in front.
  fileprivate var shifted: Slice { Slice(axis: axis + 1, start: start, count: count, step: step) }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true])] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0].map { .apply(self, [$0]) } }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [.apply(Unslice(slice: self, extent: inputs[0].shape[axis]), [cotangent])]
  }
}

/// The transpose of `Slice`: puts the values back among zeros.
struct Unslice: Primitive {
  let slice: Slice
  let extent: Int

  var name: String { "unslice" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    var shape = inputs[0].shape
    shape[slice.axis] = extent
    return TensorSpec(shape, inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    var strides = Shape.strides(output.shape)
    let offset = slice.start * strides[slice.axis]
    strides[slice.axis] *= slice.step
    let copy = stridedCopy(
      of: output.dtype, shape: inputs[0].shape, strides: Shape.strides(inputs[0].shape), destination: strides, at: offset)
    let bytes = output.byteCount
    return Kernel {
      $0.pointer(1).initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      copy($0.pointer(0), $0.pointer(1))
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(Unslice(slice: slice.shifted, extent: extent), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { slice.axis > 0 ? [.rows([true])] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? { tangents[0].map { .apply(self, [$0]) } }
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [.apply(slice, [cotangent])] }
}

/// Joins tensors along one axis.
struct Concatenate: Primitive {
  let axis: Int

  var name: String { "concatenate" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    var shape = inputs[0].shape
    shape[axis] = inputs.reduce(0) { $0 + $1.shape[axis] }
    return TensorSpec(shape, inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    kernel(inputs: inputs, strides: inputs.map { Shape.strides($0.shape) }, output: output)
  }

  /// The same for inputs that lie in memory with `strides`.
  func kernel(inputs: [TensorSpec], strides: [[Int]], output: TensorSpec) -> Kernel {
    let destination = Shape.strides(output.shape)
    var start = 0
    var copies: [@Sendable (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void] = []
    for (input, strides) in zip(inputs, strides) {
      copies.append(
        stridedCopy(
          of: output.dtype, shape: input.shape, strides: strides, destination: destination, at: start * destination[axis]))
      start += input.shape[axis]
    }
    let parts = copies
    return Kernel { arguments in
      for index in parts.indices { parts[index](arguments.pointer(index), arguments.pointer(parts.count)) }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(Concatenate(axis: axis + 1), inputs.mapped(isMapped, count))
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows(inputs.map { _ in true })] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    .apply(self, zip(inputs, tangents).map { $1 ?? .zeros(like: $0) })
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    var start = 0
    return inputs.map { input in
      defer { start += input.shape[axis] }
      return cotangent.slice(axis: axis, start..<start + input.shape[axis])
    }
  }
}
