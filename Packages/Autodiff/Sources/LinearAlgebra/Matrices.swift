import Autodiff
import CLAPACK

/// Matrices over leading batch axes: how many of what size.
struct Matrices: Sendable {
  let count: Int
  let rows: Int
  let columns: Int
  let type: cl_type
  let elementSize: Int

  init(_ spec: TensorSpec) {
    count = spec.shape.dropLast(2).reduce(1, *)
    rows = spec.shape[spec.rank - 2]
    columns = spec.shape[spec.rank - 1]
    type = spec.dtype == .float64 ? cl_f64 : cl_f32
    elementSize = spec.dtype.byteCount
  }

  /// Bytes of one matrix.
  var stride: Int { rows * columns * elementSize }
}

extension TensorSpec {
  /// The leading axes, before those of the matrix.
  var batch: [Int] { Array(shape.dropLast(2)) }
}

extension Tensor {
  /// LAPACK counts its workspaces, some four times the square of the smaller extent, in 32 bits.
  private static let largestExtent = 20_000

  func requireMatrices(_ operation: String) {
    require(rank >= 2 && dtype.isFloatingPoint, "\(operation): needs floating-point matrices [.., m, n], got \(spec)")
    require(
      Swift.min(shape[rank - 2], shape[rank - 1]) <= Tensor.largestExtent,
      "\(operation): LAPACK takes up to \(Tensor.largestExtent) rows or columns, got \(spec)")
  }

  func requireSquareMatrices(_ operation: String) {
    require(
      rank >= 2 && shape[rank - 1] == shape[rank - 2] && dtype.isFloatingPoint,
      "\(operation): needs square floating-point matrices [.., n, n], got \(spec)")
    requireMatrices(operation)
  }

  /// 1 / x, and 0 where `isZero` holds.
  func reciprocal(zeroWhere isZero: Tensor) -> Tensor {
    .where(isZero, .zeros(like: self), Autodiff.reciprocal(.where(isZero, .ones(like: self), self)))
  }

  /// Differences `[.., n, n]` of `[.., n]`, element j less element i, and whether rounding alone could have made them.
  func differences() -> (values: Tensor, isNone: Tensor) {
    let differences = expanded(axis: -2) - expanded(axis: -1)
    let epsilon = dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
    let largest = stopGradient(abs(self).sum(axis: -1, keepingDimensions: true).expanded(axis: -1))
    return (differences, abs(differences) .<= largest * (4 * epsilon))
  }
}
