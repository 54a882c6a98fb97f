extension Tensor {
  /// The positions that put the elements along `axis` in order, as int32; equal elements keep theirs. NaN counts as the largest:
  /// last in ascending order, first in descending order.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "argsort")
    return .apply(ArgSort(axis: axis, descending: descending), [dtype == .bool ? cast(to: .int32) : self])
  }

  /// The elements along `axis` in order, equal ones in the order they had. NaN counts as the largest.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "sorted")
    return takeAlong(argsort(axis: axis, descending: descending), axis: axis)
  }

  /// The `k` largest elements along `axis` in descending order and their positions (int32); at ties the first positions.
  /// NaN counts as the largest.
  public func topK(_ k: Int, axis: Int = -1) -> (values: Tensor, indices: Tensor) {
    let axis = Shape.normalize(axis, rank: rank, "topK")
    require(k >= 0 && k <= shape[axis], "topK: \(k) elements of axis \(axis) of shape \(shape), which has \(shape[axis])")
    let indices = argsort(axis: axis, descending: true).slice(axis: axis, 0..<k)
    return (takeAlong(indices, axis: axis), indices)
  }

  /// Where each of `values` (any shape) belongs in `self`, an ascending sequence `[n]`: the number of elements less than it, or
  /// with `afterEqual` not greater than it, as int32.
  public func searchSorted(_ values: Tensor, afterEqual: Bool = false) -> Tensor {
    require(
      rank == 1 && dtype == values.dtype && dtype != .bool,
      "searchSorted: needs an ascending sequence [n] and values of its dtype, got \(spec) and \(values.spec)")
    return .apply(SearchSorted(afterEqual: afterEqual), [self, values])
  }
}
