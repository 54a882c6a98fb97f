extension Tensor {
  /// The elements (i, i + offset) of two axes, which leave; the diagonal is the last axis of the result.
  public func diagonal(offset: Int = 0, axes: (Int, Int) = (-2, -1)) -> Tensor {
    require(rank >= 2, "diagonal: shape \(shape) has fewer than two axes")
    let (first, second) = (Shape.normalize(axes.0, rank: rank, "diagonal"), Shape.normalize(axes.1, rank: rank, "diagonal"))
    require(first != second, "diagonal: axes \(axes.0) and \(axes.1) are the same")
    let others = shape.indices.filter { $0 != first && $0 != second }
    let (rows, columns) = (shape[first], shape[second])
    let count = Swift.max(0, Swift.min(rows + Swift.min(offset, 0), columns - Swift.max(offset, 0)))
    let lines = transposed(others + [first, second]).reshaped(others.map { shape[$0] } + [rows * columns])
    guard count > 0 else { return lines.slice(axis: -1, 0..<0) }
    let start = offset >= 0 ? offset : -offset * columns
    return .apply(Slice(axis: others.count, start: start, count: count, step: columns + 1), [lines])
  }

  /// The sum of the elements (i, i + offset) of two axes, which leave.
  public func trace(offset: Int = 0, axes: (Int, Int) = (-2, -1)) -> Tensor { diagonal(offset: offset, axes: axes).sum(axis: -1) }

  /// Matrices with the last axis on the diagonal and zeros elsewhere: `[.., n]` gives `[.., n, n]`.
  public func diagonalMatrix() -> Tensor {
    require(rank >= 1, "diagonalMatrix: a scalar has no last axis; use reshaped([1])")
    let n = shape[rank - 1]
    guard n > 0 else { return reshaped(shape + [0]) }
    let lines = Unslice(slice: Slice(axis: rank - 1, start: 0, count: n, step: n + 1), extent: n * n)
    return Tensor.apply(lines, [self]).reshaped(shape + [n])
  }

  /// The elements (i, j) of the last two axes with j <= i + offset, zeros elsewhere.
  public func lowerTriangle(offset: Int = 0) -> Tensor {
    require(rank >= 2, "lowerTriangle: shape \(shape) has fewer than two axes")
    return .where(.triangle(Array(shape.suffix(2)), offset), self, .zeros([], dtype: dtype))
  }

  /// The elements (i, j) of the last two axes with j >= i + offset, zeros elsewhere.
  public func upperTriangle(offset: Int = 0) -> Tensor {
    require(rank >= 2, "upperTriangle: shape \(shape) has fewer than two axes")
    return .where(.triangle(Array(shape.suffix(2)), offset - 1), .zeros([], dtype: dtype), self)
  }

  /// Whether j <= i + offset.
  private static func triangle(_ shape: [Int], _ offset: Int) -> Tensor {
    iota(shape, axis: 0) + Double(offset) .>= iota(shape, axis: 1)
  }
}
