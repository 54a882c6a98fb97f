import CAutodiff

/// The positions of the elements along one axis in ascending or descending order, as int32. Stable; NaN counts as the largest.
struct ArgSort: Primitive {
  let axis: Int
  let descending: Bool

  var name: String { "argsort" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[0].shape, .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (outer, length, inner) = Shape.split(inputs[0].shape, around: axis..<axis + 1)
    let (dtype, descending): (af_dtype, Int32) = (inputs[0].dtype.code, descending ? 1 : 0)
    return Kernel(workspaceByteCount: af_argsort_workspace_bytes(dtype, Int64(length))) { arguments in
      af_argsort(
        dtype, descending, arguments.pointer(0), arguments.pointer(1).assumingMemoryBound(to: Int32.self), Int64(outer),
        Int64(length), Int64(inner), arguments.workspace)
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { axis > 0 ? [.rows([true])] : [] }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    .apply(ArgSort(axis: axis + 1, descending: descending), inputs)
  }
}

/// Where each value would be inserted in an ascending sequence `[n]`, as int32: the number of elements before it.
struct SearchSorted: Primitive {
  /// Whether equal elements come before the value.
  let afterEqual: Bool

  var name: String { "searchSorted" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { TensorSpec(inputs[1].shape, .int32) }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (length, count) = (Int64(inputs[0].count), Int64(output.count))
    let (dtype, afterEqual): (af_dtype, Int32) = (inputs[0].dtype.code, afterEqual ? 1 : 0)
    return Kernel { arguments in
      af_search_sorted(
        dtype, afterEqual, arguments.pointer(0), length, arguments.pointer(1), count,
        arguments.pointer(2).assumingMemoryBound(to: Int32.self))
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank > 0 ? [.rows([false, true])] : [] }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { isMapped[0] ? nil : .apply(self, inputs) }
}
