extension Tensor {
  /// Running sum along `axis`: element i is the sum of elements 0...i, or with `reverse` of elements i and later.
  public func cumulativeSum(axis: Int, reverse: Bool = false) -> Tensor {
    requireArithmetic("cumulativeSum")
    return .apply(CumulativeSum(axis: Shape.normalize(axis, rank: rank, "cumulativeSum"), reverse: reverse), [self])
  }

  /// Running product along `axis`, or with `reverse` from its end. Its derivatives are right where elements are 0.
  public func cumulativeProduct(axis: Int, reverse: Bool = false) -> Tensor {
    requireArithmetic("cumulativeProduct")
    let axis = Shape.normalize(axis, rank: rank, "cumulativeProduct")
    let length = shape[axis]
    if length < 2 { return self }
    // z[0] = x[0], z[k] = x[k] z[k-1] - 0: the sign of a zero product survives.
    let edge = slice(axis: axis, reverse ? length - 1..<length : 0..<1)
    var rest = shape
    rest[axis] = length - 1
    let nothing = Tensor.full(rest, -0.0, dtype: dtype)
    let start = Tensor.concatenated(reverse ? [nothing, edge] : [edge, nothing], axis: axis)
    return .apply(LinearRecurrence(axis: axis, reverse: reverse), [self, start])
  }

  /// Running log(sum(exp(x))) along `axis`, or with `reverse` from its end, without overflow. No gradient passes where it is
  /// -infinity.
  public func cumulativeLogSumExp(axis: Int, reverse: Bool = false) -> Tensor {
    requireFloatingPoint("cumulativeLogSumExp")
    return .apply(CumulativeLogSumExp(axis: Shape.normalize(axis, rank: rank, "cumulativeLogSumExp"), reverse: reverse), [self])
  }

  private func requireArithmetic(_ operation: String) {
    require(dtype != .bool, "\(operation): \(spec) has no arithmetic; cast(to: .int32) first")
  }
}
