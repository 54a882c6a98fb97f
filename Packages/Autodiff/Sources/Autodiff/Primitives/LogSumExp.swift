import CAutodiff

/// log(sum(exp(x))) over a run of adjacent axes, which disappear from the shape.
struct LogSumExp: Primitive {
  let axes: Range<Int>

  var name: String { "logSumExp" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    var shape = inputs[0].shape
    shape.removeSubrange(axes)
    return TensorSpec(shape, inputs[0].dtype)
  }

  /// Largest element m, then exp(x - m) in the workspace, its sum s behind it, and log(s) + m.
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axes)
    let (dtype, code) = (output.dtype, output.dtype.code)
    let shifted = LogSumExp.shiftedExponential(outer, length, inner, dtype)
    let logarithm = LogSumExp.logarithm(outer * inner, dtype)
    let sumOffset = Storage.aligned(inputs[0].byteCount)
    let scratchOffset = sumOffset + Storage.aligned(output.byteCount)
    let extents = (Int64(outer), Int64(length), Int64(inner))
    return Kernel(workspaceByteCount: scratchOffset + Swift.max(shifted.scratchByteCount, logarithm.scratchByteCount)) { arguments in
      let (x, y, workspace) = (arguments.pointer(0), arguments.pointer(1), arguments.workspace)
      af_reduce(code, AF_MAXIMUM, x, y, extents.0, extents.1, extents.2, 0)
      withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: 8) { operands in
        let table = operands.baseAddress!
        table.initialize(repeating: nil, count: 8)
        (table[0], table[1], table[2]) = (x, y, workspace)
        shifted.run(table, shifted.extents, workspace + scratchOffset)
        af_reduce(code, AF_SUM, workspace, workspace + sumOffset, extents.0, extents.1, extents.2, 0)
        (table[0], table[1], table[2]) = (workspace + sumOffset, y, y)
        logarithm.run(table, logarithm.extents, workspace + scratchOffset)
      }
    }
  }

  /// The shift is 0 where the largest element is infinite: infinity minus infinity is not 0.
  private static func shift(_ largest: FusedKernelBuilder.Operand, _ builder: FusedKernelBuilder) -> FusedKernelBuilder.Operand {
    let (isFinite, shift) = (builder.temporary(0), builder.temporary(1))
    builder.append(.isFinite, into: isFinite, [largest])
    builder.append(.select, into: shift, [isFinite, largest, builder.constant(0)])
    return shift
  }

  private static func shiftedExponential(_ outer: Int, _ length: Int, _ inner: Int, _ dtype: DType) -> FusedKernel {
    let builder = FusedKernelBuilder(shape: [outer, length, inner], compute: dtype)
    let x = builder.input(dtype: dtype, strides: [length * inner, inner, 1])
    let largest = builder.input(dtype: dtype, strides: [inner, 0, inner == 1 ? 0 : 1])
    let result = builder.output(dtype: dtype)
    let difference = builder.temporary(2)
    builder.append(.subtract, into: difference, [x, shift(largest, builder)])
    builder.append(.exp, into: result, [difference])
    return builder.finish()
  }

  private static func logarithm(_ count: Int, _ dtype: DType) -> FusedKernel {
    let builder = FusedKernelBuilder(shape: [count], compute: dtype)
    let (sum, largest) = (builder.input(dtype: dtype, strides: [1]), builder.input(dtype: dtype, strides: [1]))
    let result = builder.output(dtype: dtype)
    let logarithm = builder.temporary(2)
    builder.append(.log, into: logarithm, [sum])
    builder.append(.add, into: result, [logarithm, shift(largest, builder)])
    return builder.finish()
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(LogSumExp(axes: axes.lowerBound + 1..<axes.upperBound + 1), inputs)
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axes.lowerBound > 0 ? [.rows([true])] : [] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { .apply(Reduce(kind: .sum, axes: axes), [$0 * weights(inputs[0], output)]) }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [axes.restored(cotangent, like: inputs[0]) * weights(inputs[0], output)]
  }

  private func weights(_ x: Tensor, _ y: Tensor) -> Tensor { softmaxWeight(x, axes.restored(y, like: x)) }
}

/// exp(x - y), the share that exp(x) has in a sum exp(y): where the sum is 0 nothing has a share, and an infinite element has
/// all of an infinite sum.
func softmaxWeight(_ x: Tensor, _ y: Tensor) -> Tensor {
  let total = Tensor.where(y .== -Double.infinity, .zeros(like: y), y)
  return exp(Tensor.where(x .== total, .zeros(like: x), x - total))
}
