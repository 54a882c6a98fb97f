extension Tensor {
  /// The same elements in another shape; one extent may be -1 and is then worked out.
  public func reshaped(_ shape: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var target = shape
    if let open = shape.firstIndex(of: -1) {
      let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      target[open] = known == 0 ? 0 : count / known
    }
    precondition(
      target.allSatisfy { $0 >= 0 } && target.reduce(1, *) == count,
      "reshaped: \(count) elements of shape \(self.shape) do not fit \(shape)", file: file, line: line)
    return target == self.shape ? self : .apply(Reshape(shape: target), [self])
  }

  /// Axes in the order `permutation`; nil swaps the last two.
  public func transposed(_ permutation: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var order = permutation ?? Array(0..<rank)
    if permutation == nil {
      precondition(rank >= 2, "transposed: shape \(shape) has fewer than two axes", file: file, line: line)
      order.swapAt(rank - 1, rank - 2)
    }
    precondition(
      order.sorted() == Array(0..<rank), "transposed: \(order) is not a permutation of the \(rank) axes of shape \(shape)",
      file: file, line: line)
    return order == Array(0..<rank) ? self : .apply(Transpose(permutation: order), [self])
  }

  /// Repeats axes of extent 1, and adds leading axes, to reach `shape` (NumPy rules).
  public func broadcast(to shape: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if shape == self.shape { return self }
    precondition(
      Shape.broadcast(self.shape, shape) == shape, "broadcast: shape \(self.shape) does not broadcast to \(shape)",
      file: file, line: line)
    if let fill = node.primitive as? Fill { return .full(shape, fill.value, dtype: dtype) }
    return .apply(Broadcast(shape: shape), [self])
  }

  /// Inserts an axis of extent 1 before `axis` (-1: at the end).
  public func expanded(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var shape = shape
    shape.insert(1, at: Shape.normalize(axis, rank: rank + 1, "expanded", file: file, line: line))
    return reshaped(shape)
  }

  /// Removes an axis of extent 1.
  public func squeezed(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var shape = shape
    let axis = Shape.normalize(axis, rank: rank, "squeezed", file: file, line: line)
    precondition(
      shape[axis] == 1, "squeezed: axis \(axis) of shape \(shape) has extent \(shape[axis]), not 1", file: file, line: line)
    shape.remove(at: axis)
    return reshaped(shape)
  }

  /// Elements `range` along `axis`, every `step`-th of them.
  public func slice(
    axis: Int, _ range: Range<Int>, step: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "slice", file: file, line: line)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis] && step > 0,
      "slice: \(range) by \(step) does not fit axis \(axis) of shape \(shape)", file: file, line: line)
    if range == 0..<shape[axis] && step == 1 { return self }
    return .apply(
      Slice(axis: axis, start: range.lowerBound, count: (range.count + step - 1) / step, step: step), [self])
  }

  /// Joins tensors along an existing axis.
  public static func concatenated(
    _ parts: [Tensor], axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    precondition(!parts.isEmpty, "concatenated: no tensors given", file: file, line: line)
    let axis = Shape.normalize(axis, rank: parts[0].rank, "concatenated", file: file, line: line)
    for part in parts {
      var (a, b) = (part.shape, parts[0].shape)
      precondition(
        a.count == b.count && part.dtype == parts[0].dtype,
        "concatenated: \(part.spec) does not join \(parts[0].spec)", file: file, line: line)
      (a[axis], b[axis]) = (0, 0)
      precondition(
        a == b, "concatenated: shapes \(part.shape) and \(parts[0].shape) differ outside axis \(axis)", file: file, line: line)
    }
    return parts.count == 1 ? parts[0] : .apply(Concatenate(axis: axis), parts)
  }

  /// Joins tensors of one shape along a new axis.
  public static func stacked(_ parts: [Tensor], axis: Int = 0) -> Tensor {
    concatenated(parts.map { $0.expanded(axis: axis) }, axis: axis)
  }

  /// Rows along axis 0: result `[n] + shape[1...]`. `indices` is int32 `[n]`; an index out of range traps.
  public func gathered(_ indices: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    precondition(
      indices.dtype == .int32 && indices.rank == 1 && rank >= 1,
      "gathered: needs int32 indices of rank 1 and a table of rank 1 or more, got \(indices.spec) and \(spec)",
      file: file, line: line)
    return .apply(Gather(), [self, indices])
  }

  /// `self` along the diagonal and below, zeros above. `[n, n]`
  public func lowerTriangle() -> Tensor {
    let keep = Tensor.iota(shape, axis: rank - 2) .>= Tensor.iota(shape, axis: rank - 1)
    return .where(keep, self, .zeros(like: self))
  }
}
