extension Tensor {
  /// Sum over `axes` (nil: all; negative axes count from the end); 0 over no elements.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.sum, axes, keepingDimensions, "sum")
  }

  /// Sum over one axis.
  public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor { sum(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Product over `axes` (nil: all); 1 over no elements. Its derivatives are right where elements are 0.
  public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.product, axes, keepingDimensions, "product")
  }

  /// Product over one axis.
  public func product(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    product(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// Arithmetic mean over `axes` (nil: all); NaN over no elements.
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("mean")
    let total = sum(axes: axes, keepingDimensions: keepingDimensions)
    return total * (1 / Double(reducedCount(axes, "mean")))
  }

  /// Arithmetic mean over one axis.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor { mean(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Sum of (x - mean)^2 / (n - correction) over the n elements of `axes` (nil: all); NaN unless n > correction.
  ///
  /// The correction is 0 for the variance of the numbers given, 1 for an unbiased estimate from a sample.
  public func variance(axes: [Int]? = nil, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("variance")
    let squares = square(self - mean(axes: axes, keepingDimensions: true)).sum(axes: axes, keepingDimensions: keepingDimensions)
    let freedom = Double(reducedCount(axes, "variance")) - correction
    return squares / (freedom > 0 ? freedom : .nan)
  }

  /// Variance over one axis.
  public func variance(axis: Int, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// Square root of `variance`; where that is 0 the gradient is NaN.
  public func standardDeviation(axes: [Int]? = nil, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    sqrt(variance(axes: axes, correction: correction, keepingDimensions: keepingDimensions))
  }

  /// Standard deviation over one axis.
  public func standardDeviation(axis: Int, correction: Double = 0, keepingDimensions: Bool = false) -> Tensor {
    standardDeviation(axes: [axis], correction: correction, keepingDimensions: keepingDimensions)
  }

  /// Euclidean norm, sqrt(sum(x^2)), over `axes` (nil: all). Its gradient at 0 is 0, the smallest of the subgradients.
  public func norm(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("norm")
    let squares = square(self).sum(axes: axes, keepingDimensions: keepingDimensions)
    let isZero = squares .== 0
    return .where(isZero, .zeros(like: squares), sqrt(.where(isZero, .ones(like: squares), squares)))
  }

  /// Euclidean norm over one axis.
  public func norm(axis: Int, keepingDimensions: Bool = false) -> Tensor { norm(axes: [axis], keepingDimensions: keepingDimensions) }
}

// Order and logic.
extension Tensor {
  /// Largest element over `axes` (nil: all), NaN if there is one; ties share the gradient. Over no elements -infinity, or the
  /// smallest int32.
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.maximum, axes, keepingDimensions, "max")
  }

  /// Largest element over one axis.
  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor { max(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Smallest element over `axes` (nil: all), NaN if there is one; ties share the gradient. Over no elements infinity, or the
  /// largest int32.
  public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduce(.minimum, axes, keepingDimensions, "min")
  }

  /// Smallest element over one axis.
  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor { min(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Index (int32) of the first largest element along `axis` (nil: among all, row-major); the first NaN, if there is one.
  public func argmax(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor {
    extremeIndex(axis, keepingDimensions, minimum: false)
  }

  /// Index (int32) of the first smallest element along `axis` (nil: among all, row-major); the first NaN, if there is one.
  public func argmin(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor {
    extremeIndex(axis, keepingDimensions, minimum: true)
  }

  private func extremeIndex(_ axis: Int?, _ keep: Bool, minimum: Bool) -> Tensor {
    guard let axis else {
      let index = reshaped([count]).extremeIndex(0, false, minimum: minimum)
      return keep ? index.reshaped(shape.map { _ in 1 }) : index
    }
    let place = Shape.normalize(axis, rank: rank, minimum ? "argmin" : "argmax")
    let index = Tensor.apply(ArgReduce(axis: place, minimum: minimum), [self])
    return keep ? index.expanded(axis: place) : index
  }

  /// Whether any element over `axes` (nil: all) is true, or not 0; false over no elements.
  public func any(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    cast(to: .bool).cast(to: .int32).reduce(.maximum, axes, keepingDimensions, "any") .> 0
  }

  /// Whether any element along one axis is true, or not 0.
  public func any(axis: Int, keepingDimensions: Bool = false) -> Tensor { any(axes: [axis], keepingDimensions: keepingDimensions) }

  /// Whether all elements over `axes` (nil: all) are true, or not 0; true over no elements.
  public func all(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    cast(to: .bool).cast(to: .int32).reduce(.minimum, axes, keepingDimensions, "all") .> 0
  }

  /// Whether all elements along one axis are true, or not 0.
  public func all(axis: Int, keepingDimensions: Bool = false) -> Tensor { all(axes: [axis], keepingDimensions: keepingDimensions) }
}

extension Tensor {
  private func reduce(_ kind: Reduction, _ axes: [Int]?, _ keep: Bool, _ operation: String) -> Tensor {
    reducing(axes, keep, operation) { .apply(Reduce(kind: kind, axes: $1), [$0]) }
  }

  /// Applies `reduction` to each run of adjacent axes, the last one first.
  func reducing(
    _ axes: [Int]?, _ keep: Bool, _ operation: String, _ reduction: (_ x: Tensor, _ run: Range<Int>) -> Tensor
  ) -> Tensor {
    let wanted = normalized(axes, operation)
    var result = self
    var upper = rank
    while upper > 0 {
      guard wanted.contains(upper - 1) else {
        upper -= 1
        continue
      }
      var lower = upper - 1
      while lower > 0 && wanted.contains(lower - 1) { lower -= 1 }
      result = reduction(result, lower..<upper)
      upper = lower
    }
    return keep ? result.reshaped(shape.indices.map { wanted.contains($0) ? 1 : shape[$0] }) : result
  }

  private func normalized(_ axes: [Int]?, _ operation: String) -> Set<Int> {
    guard let axes else { return Set(shape.indices) }
    let wanted = Set(axes.map { Shape.normalize($0, rank: rank, operation) })
    require(wanted.count == axes.count, "\(operation): axes \(axes) of shape \(shape) name an axis twice")
    return wanted
  }

  private func reducedCount(_ axes: [Int]?, _ operation: String) -> Int {
    normalized(axes, operation).reduce(1) { $0 * shape[$1] }
  }

  func requireFloatingPoint(_ operation: String) {
    require(dtype.isFloatingPoint, "\(operation): needs floating-point elements, got \(spec); convert with cast(to: .float32)")
  }
}
