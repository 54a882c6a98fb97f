extension Tensor {
  /// Sum over `axes` (nil: all; negative axes count from the end).
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.sum, axes, keepingDimensions, "sum")
  }

  /// Sum over one axis.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor { sum(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Arithmetic mean over `axes` (nil: all); NaN over no elements.
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let reduced = (axes ?? Array(shape.indices)).reduce(1) { $0 * shape[$1 < 0 ? $1 + rank : $1] }
    return sum(axes: axes, keepingDimensions: keepingDimensions) * (1 / Double(reduced))
  }

  /// Arithmetic mean over one axis.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor { mean(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Largest element over `axes` (nil: all); ties share the gradient.
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.maximum, axes, keepingDimensions, "max")
  }

  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor { max(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Smallest element over `axes` (nil: all); ties share the gradient.
  public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.minimum, axes, keepingDimensions, "min")
  }

  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor { min(axes: [axis], keepingDimensions: keepingDimensions) }

  /// log(sum(exp(x))) over `axes` (nil: all), without overflow; where all elements are -inf, or there are none, -inf.
  public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let largest = stopGradient(max(axes: axes, keepingDimensions: true))
    let shift = Tensor.where(isFinite(largest), largest, .zeros(like: largest))
    let total = log(exp(self - shift).sum(axes: axes, keepingDimensions: true)) + shift
    return keepingDimensions ? total : total.reshaped(sum(axes: axes).shape)
  }

  /// log(sum(exp(x))) over one axis.
  public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Running sum along `axis`: element i is the sum of elements 0...i.
  public func cumulativeSum(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "cumulativeSum", file: file, line: line)
    return .apply(CumulativeSum(axis: axis, reverse: false), [self])
  }

  /// Index (int32) of the first largest element along `axis`.
  public func argmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "argmax", file: file, line: line)
    return .apply(ArgReduce(axis: axis, minimum: false), [self])
  }

  /// Index (int32) of the first smallest element along `axis`.
  public func argmin(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = Shape.normalize(axis, rank: rank, "argmin", file: file, line: line)
    return .apply(ArgReduce(axis: axis, minimum: true), [self])
  }

  /// Runs of adjacent axes become one primitive each.
  private func reduce(_ kind: Reduction, _ axes: [Int]?, _ keep: Bool, _ operation: StaticString) -> Tensor {
    let wanted = Set(
      (axes ?? Array(shape.indices)).map { Shape.normalize($0, rank: rank, operation, file: #fileID, line: #line) })
    var result = self
    var upper = rank
    while upper > 0 {
      guard wanted.contains(upper - 1) else {
        upper -= 1
        continue
      }
      var lower = upper - 1
      while lower > 0 && wanted.contains(lower - 1) { lower -= 1 }
      result = .apply(Reduce(kind: kind, axes: lower..<upper), [result])
      upper = lower
    }
    return keep ? result.reshaped(shape.indices.map { wanted.contains($0) ? 1 : shape[$0] }) : result
  }
}
