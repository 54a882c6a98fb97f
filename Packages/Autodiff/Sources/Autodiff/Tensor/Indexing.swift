extension Tensor {
  /// Entries by index along `axis`: `shape[..<axis] + indices.shape + shape[(axis + 1)...]`.
  ///
  /// `indices` is int32 of any shape. An index outside `0..<shape[axis]` traps when the value is computed; negative ones do
  /// not count from the end, since -1 mostly marks what is missing.
  public func take(_ indices: Tensor, axis: Int) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "take")
    require(indices.dtype == .int32, "take: indices must be int32, got \(indices.spec); use cast(to: .int32)")
    return .apply(Gather(axis: axis), [self, indices])
  }

  /// Rows along axis 0: `take(indices, axis: 0)`.
  public func gathered(_ indices: Tensor) -> Tensor { take(indices, axis: 0) }

  /// Entries by index along `axis`, with indices of their own at every place of the other axes, as `numpy.take_along_axis`.
  ///
  /// `indices` is int32, of the rank of `self`; the other axes broadcast. Undoes `argsort`: `x.takeAlong(x.argsort(), axis: -1)`.
  public func takeAlong(_ indices: Tensor, axis: Int) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "takeAlong")
    require(
      indices.dtype == .int32 && indices.rank == rank,
      "takeAlong: indices must be int32 of rank \(rank), as the tensor \(spec) has, got \(indices.spec)")
    var (others, own) = (shape, indices.shape)
    (others[axis], own[axis]) = (1, 1)
    guard var common = Shape.broadcast(others, own) else {
      misuse("takeAlong: shapes \(shape) and \(indices.shape) do not broadcast outside axis \(axis)")
    }
    common[axis] = shape[axis]
    let table = broadcast(to: common).movedAxis(axis, to: -1)
    common[axis] = indices.shape[axis]
    let positions = indices.broadcast(to: common).movedAxis(axis, to: -1)
    let gather = Gather(batchAxes: rank - 1, axis: rank - 1, namedAxis: axis)
    return Tensor.apply(gather, [table, positions]).movedAxis(-1, to: axis)
  }

  /// `self` with `updates` added at `indices` along `axis`; where an index comes more than once, all its updates are added.
  ///
  /// `indices` is int32 of any shape, `updates` broadcasts to `shape[..<axis] + indices.shape + shape[(axis + 1)...]`. The
  /// order of additions is that of the indices. An index out of range traps when the value is computed.
  public func scatterAdd(_ indices: Tensor, _ updates: Tensor, axis: Int) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "scatterAdd")
    require(indices.dtype == .int32, "scatterAdd: indices must be int32, got \(indices.spec); use cast(to: .int32)")
    require(
      updates.dtype == dtype && dtype != .bool,
      "scatterAdd: updates \(updates.spec) cannot be added to \(spec); give both one numeric dtype")
    let gather = Gather(axis: axis)
    let expected = gather.result(of: [spec, indices.spec]).shape
    require(
      Shape.broadcast(updates.shape, expected) == expected, "scatterAdd: updates of shape \(updates.shape) do not broadcast to \(expected)")
    return self
      + .apply(ScatterAdd(transposeOf: gather, extent: shape[axis]), [updates.broadcast(to: expected), indices])
  }

  /// 1 at the index, 0 elsewhere along a new last axis of extent `count`: `indices.shape + [count]`; an index out of range
  /// gives zeros. `indices` is int32.
  public static func oneHot(_ indices: Tensor, count: Int, dtype: DType = .float32) -> Tensor {
    require(indices.dtype == .int32, "oneHot: indices must be int32, got \(indices.spec); use cast(to: .int32)")
    require(count >= 0, "oneHot: count \(count) is negative")
    return (indices.expanded(axis: -1) .== iota([count])).cast(to: dtype)
  }
}
