extension Tensor {
  /// log(sum(exp(x))) over `axes` (nil: all), without overflow; where all elements are -infinity, or there are none, -infinity.
  ///
  /// The gradient is `softmax`, and 0 where the result is -infinity; an infinite element gets all of it.
  public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("logSumExp")
    return reducing(axes, keepingDimensions, "logSumExp") { .apply(LogSumExp(axes: $1), [$0]) }
  }

  /// log(sum(exp(x))) over one axis.
  public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// exp(x) / sum(exp(x)) along `axis`, without overflow; NaN where an element is infinite or all are -infinity.
  public func softmax(axis: Int = -1) -> Tensor {
    let exponential = exp(shiftedByLargest(axis, "softmax"))
    return exponential / exponential.sum(axis: axis, keepingDimensions: true)
  }

  /// log(softmax(x)) along `axis`, accurate also where the softmax underflows.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let shifted = shiftedByLargest(axis, "logSoftmax")
    return shifted - log(exp(shifted).sum(axis: axis, keepingDimensions: true))
  }

  /// Softmax does not change when a number is added to all elements: the largest becomes 0, as a constant.
  private func shiftedByLargest(_ axis: Int, _ operation: String) -> Tensor {
    requireFloatingPoint(operation)
    let axis = Shape.normalize(axis, rank: rank, operation)
    return self - stopGradient(max(axis: axis, keepingDimensions: true))
  }
}
