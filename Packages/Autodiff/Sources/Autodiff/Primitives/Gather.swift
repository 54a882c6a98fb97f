import CAutodiff

/// Entries of a table by index along one axis: `[batch.., outer.., extent, inner..]` and int32 `[batch.., index..]` give
/// `[batch.., outer.., index.., inner..]`.
struct Gather: Primitive {
  /// Leading axes that table and indices share: each of their entries has its own indices.
  let batchAxes: Int
  let axis: Int
  /// The axis in the words of whoever called, for the message about an index out of range.
  let namedAxis: Int

  init(batchAxes: Int = 0, axis: Int, namedAxis: Int? = nil) {
    self.batchAxes = batchAxes
    self.axis = axis
    self.namedAxis = namedAxis ?? axis
  }

  var name: String { "gather" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    var shape = inputs[0].shape
    shape.replaceSubrange(axis...axis, with: inputs[1].shape[batchAxes...])
    return TensorSpec(shape, inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let extents = IndexedExtents(table: inputs[0].shape, indices: inputs[1].shape, batchAxes: batchAxes, axis: axis)
    let rowBytes = extents.inner * output.dtype.byteCount
    let namedAxis = namedAxis
    return Kernel { arguments in
      let indices = arguments.pointer(1).assumingMemoryBound(to: Int32.self)
      let bad = af_gather(
        rowBytes, arguments.pointer(0), Int64(extents.batches), Int64(extents.outer), Int64(extents.extent), indices,
        Int64(extents.count), arguments.pointer(2))
      require(bad < 0, extents.message("take", indices, bad, namedAxis))
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    if batchAxes > 0 { return [.rows([true, true])] }
    if axis > 0 { return [.rows([true, false])] }
    return inputs[1].rank > 0 ? [.rows([false, true])] : []
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { .apply(self, [$0, inputs[1]]) }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    [.apply(ScatterAdd(transposeOf: self, extent: inputs[0].shape[axis]), [cotangent, inputs[1]]), nil]
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    if batchAxes == 0 && !isMapped[1] { return .apply(Gather(axis: axis + 1, namedAxis: namedAxis), inputs) }
    if batchAxes == 0 && !isMapped[0] { return Tensor.apply(self, inputs).movedAxis(axis, to: 0) }
    return .apply(Gather(batchAxes: batchAxes + 1, axis: axis + 1, namedAxis: namedAxis), inputs.mapped(isMapped, count))
  }
}

/// The transpose of `Gather`: adds `[batch.., outer.., index.., inner..]` to zeros `[batch.., outer.., extent, inner..]`, in
/// index order.
struct ScatterAdd: Primitive {
  let gather: Gather
  let extent: Int

  init(transposeOf gather: Gather, extent: Int) {
    self.gather = gather
    self.extent = extent
  }

  var name: String { "scatterAdd" }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    let indexAxes = inputs[1].rank - gather.batchAxes
    var shape = inputs[0].shape
    shape.replaceSubrange(gather.axis..<gather.axis + indexAxes, with: [extent])
    return TensorSpec(shape, inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let extents = IndexedExtents(table: output.shape, indices: inputs[1].shape, batchAxes: gather.batchAxes, axis: gather.axis)
    let (dtype, bytes, namedAxis) = (output.dtype.code, output.byteCount, gather.namedAxis)
    return Kernel { arguments in
      let target = arguments.pointer(2)
      target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      let indices = arguments.pointer(1).assumingMemoryBound(to: Int32.self)
      let bad = af_scatter_add(
        dtype, arguments.pointer(0), Int64(extents.batches), Int64(extents.outer), indices, Int64(extents.count),
        Int64(extents.inner), target, Int64(extents.extent))
      require(bad < 0, extents.message("scatterAdd", indices, bad, namedAxis))
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] {
    if gather.batchAxes > 0 { return [.rows([true, true])] }
    if gather.axis > 0 { return [.rows([true, false])] }
    return inputs[1].rank > 0 ? [.sumOfRows([true, true])] : []
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { .apply(self, [$0, inputs[1]]) }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [.apply(gather, [cotangent, inputs[1]]), nil] }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    if gather.batchAxes == 0 && !isMapped[1] {
      return .apply(ScatterAdd(transposeOf: Gather(axis: gather.axis + 1, namedAxis: gather.namedAxis), extent: extent), inputs)
    }
    let wider = Gather(batchAxes: gather.batchAxes + 1, axis: gather.axis + 1, namedAxis: gather.namedAxis)
    return .apply(ScatterAdd(transposeOf: wider, extent: extent), inputs.mapped(isMapped, count))
  }
}

/// The loops of a gather: `batches` tables of `[outer, extent, inner]`, each with `count` indices.
private struct IndexedExtents {
  let batches, outer, extent, inner, count: Int

  init(table: [Int], indices: [Int], batchAxes: Int, axis: Int) {
    batches = table[..<batchAxes].reduce(1, *)
    outer = table[batchAxes..<axis].reduce(1, *)
    extent = table[axis]
    inner = table[(axis + 1)...].reduce(1, *)
    count = indices[batchAxes...].reduce(1, *)
  }

  func message(_ operation: String, _ indices: UnsafePointer<Int32>, _ bad: Int64, _ axis: Int) -> String {
    "\(operation): index \(indices[Int(bad)]) at position \(bad) of the indices is out of range for axis \(axis) of extent \(extent); "
      + "use 0..<\(extent)"
  }
}
