import Autodiff

/// `y = shift + exp(logScale) x`, coordinate by coordinate.
public struct Affine: Bijection {
  /// `[d]`
  public var shift: Tensor
  /// `[d]`
  public var logScale: Tensor

  public var eventShape: [Int] { shift.shape }

  public init(shift: Tensor, logScale: Tensor) {
    require(
      shift.rank == 1 && shift.shape == logScale.shape, "Affine: shift \(shift.shape), log scale \(logScale.shape); give two of shape [d]")
    self.shift = shift
    self.logScale = logScale
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("shift", &shift)
    walker.parameter("logScale", &logScale)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    (shift + exp(logScale) * x, sumOverEvent(logScale + Tensor.zeros(like: x)))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    ((y - shift) * exp(-logScale), sumOverEvent(-logScale + Tensor.zeros(like: y)))
  }
}

/// `y = shift + A x` with `A` lower triangular and a positive diagonal: the map that whitens a normal density.
public struct TriangularAffine: Bijection {
  /// `[d]`
  public var shift: Tensor
  /// `A`, `[d, d]`, of which only the lower triangle is read.
  public var factor: Tensor

  public var eventShape: [Int] { shift.shape }

  public init(shift: Tensor, factor: Tensor) {
    require(
      shift.rank == 1 && factor.shape == shift.shape + shift.shape,
      "TriangularAffine: shift \(shift.shape), factor \(factor.shape); give [d] and [d, d]")
    self.shift = shift
    self.factor = factor
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("shift", &shift)
    walker.parameter("factor", &factor)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    (shift + x.matmul(factor.lowerTriangle().transposed()), logDiagonal(like: x))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let d = shift.shape[0]
    let columns = (y - shift).reshaped([-1, d]).transposed()
    return (factor.lowerTriangle().triangularSolve(columns).transposed().reshaped(y.shape), -logDiagonal(like: y))
  }

  /// `log det A` for each row of `x`.
  private func logDiagonal(like x: Tensor) -> Tensor {
    let diagonal = (factor * Tensor.identity(shift.shape[0], dtype: factor.dtype)).sum(axis: 1)
    return sumOverEvent(log(diagonal) + Tensor.zeros(like: x))
  }
}
