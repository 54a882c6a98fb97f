import CAutodiff

/// Rows of a table by index: `[rows, ...]` and `[n]` give `[n, ...]`.
struct Gather: Primitive {
  var name: String { "gather" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    TensorSpec([inputs[1].count] + inputs[0].shape.dropFirst(), inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let rows = inputs[0].shape[0]
    let rowBytes = inputs[0].shape.dropFirst().reduce(1, *) * output.dtype.byteCount
    let count = inputs[1].count
    return Kernel { arguments in
      let indices = arguments.pointer(1).assumingMemoryBound(to: Int32.self)
      let bad = af_gather_rows(rowBytes, arguments.pointer(0), Int64(rows), indices, Int64(count), arguments.pointer(2))
      precondition(bad < 0, "gathered: an index is out of range for a table of \(rows) rows")
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { [.rows([false, true])] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { .apply(self, [$0, inputs[1]]) }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [.apply(ScatterAdd(rows: inputs[0].shape[0]), [cotangent, inputs[1]]), nil]
  }
}

/// The transpose of `Gather`: adds rows to a table of zeros, in index order.
struct ScatterAdd: Primitive {
  let rows: Int

  var name: String { "scatterAdd" }

  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec([rows] + inputs[0].shape.dropFirst(), inputs[0].dtype) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (count, length) = (inputs[1].count, output.shape.dropFirst().reduce(1, *))
    let (dtype, bytes, rows) = (output.dtype.code, output.byteCount, rows)
    return Kernel { arguments in
      let target = arguments.pointer(2)
      target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      let indices = arguments.pointer(1).assumingMemoryBound(to: Int32.self)
      let bad = af_scatter_add_rows(dtype, arguments.pointer(0), indices, Int64(count), Int64(length), target, Int64(rows))
      precondition(bad < 0, "scatterAdd: an index is out of range for \(rows) rows")
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { [.sumOfRows([true, true])] }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { .apply(self, [$0, inputs[1]]) }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [cotangent.gathered(inputs[1]), nil] }
}
