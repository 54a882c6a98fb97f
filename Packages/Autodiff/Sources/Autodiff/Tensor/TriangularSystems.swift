import CAutodiff

extension Tensor {
  /// The lower factor L with L L^T = self, for symmetric positive-definite `[.., n, n]`; NaN where a matrix is not one.
  ///
  /// `choleskyFactor()` throws instead.
  public func cholesky() -> Tensor {
    require(
      rank >= 2 && shape[rank - 1] == shape[rank - 2] && dtype.isFloatingPoint,
      "cholesky: needs square floating-point matrices [.., n, n], got \(spec)")
    return .apply(Cholesky(), [self])
  }

  /// X with op(self) X = b, for triangular `[.., n, n]`; `b` is `[.., n, m]` or `[n]`, and the leading axes broadcast.
  ///
  /// Only the named triangle is read. A zero on the diagonal gives infinities or NaN.
  public func triangularSolve(_ b: Tensor, lower: Bool = true, transposed: Bool = false) -> Tensor {
    require(
      rank >= 2 && shape[rank - 1] == shape[rank - 2] && dtype.isFloatingPoint,
      "triangularSolve: needs square floating-point matrices [.., n, n], got \(spec)")
    return solvingSystems(b, "triangularSolve") { .apply(TriangularSolve(lower: lower, transposed: transposed), [$0, $1]) }
  }

  /// Applies `solve`, which takes matrices `[batch.., n, n]` and right sides `[batch.., n, m]`, to right sides `[.., n, m]` or
  /// `[n]` after broadcasting.
  package func solvingSystems(_ b: Tensor, _ operation: String, _ solve: (Tensor, Tensor) -> Tensor) -> Tensor {
    let n = shape[rank - 1]
    require(
      dtype == b.dtype && (b.rank == 1 && b.shape[0] == n || b.rank >= 2 && b.shape[b.rank - 2] == n),
      "\(operation): the right side \(b.spec) must be \(dtype.rawValue)[\(n)] or [.., \(n), m] for matrices \(spec)")
    if b.rank == 1 { return solvingSystems(b.expanded(axis: -1), operation, solve).squeezed(axis: -1) }
    if rank == 2 && b.rank > 2 {
      // One system with many columns instead of many systems.
      let columns = b.movedAxis(-2, to: 0)
      return solve(self, columns.reshaped([n, columns.shape.dropFirst().reduce(1, *)])).reshaped(columns.shape).movedAxis(0, to: -2)
    }
    guard let batch = Shape.broadcast(shape.dropLast(2), b.shape.dropLast(2)) else {
      misuse("\(operation): batch axes of \(shape) and \(b.shape) do not broadcast; make them agree or 1")
    }
    return solve(broadcast(to: batch + [n, n]), b.broadcast(to: batch + b.shape.suffix(2)))
  }
}

/// Why a matrix has no Cholesky factor.
public struct NotPositiveDefinite: Error, Equatable, CustomStringConvertible {
  /// The matrix, counted along the flattened leading axes.
  public let matrix: Int
  /// The first row whose pivot is not positive, counted from 0.
  public let pivot: Int

  public init(matrix: Int, pivot: Int) {
    self.matrix = matrix
    self.pivot = pivot
  }

  public var description: String {
    "matrix \(matrix) is not positive definite: pivot \(pivot) is not positive; add a small multiple of the identity"
  }
}

extension Tensor {
  /// The factor of `cholesky`, or an error that names the matrix and the pivot at which it fails.
  ///
  /// Reads the values, so it cannot be used inside `compile` or `vmap`.
  public func choleskyFactor() throws(NotPositiveDefinite) -> Tensor {
    let factor = cholesky()
    let (n, code) = (shape[rank - 1], dtype.code)
    let corners = factor.slice(axis: -1, 0..<Swift.min(n, 1)).slice(axis: -2, 0..<Swift.min(n, 1)).doubles
    guard let failed = corners.firstIndex(where: \.isNaN) else { return factor }
    let pivot = reshaped([-1, n, n])[failed].withUnsafeBytes { source in
      withUnsafeTemporaryAllocation(byteCount: source.count, alignment: Storage.alignment) { copy in
        copy.copyMemory(from: source)
        return af_cholesky(code, copy.baseAddress, Int64(n)) - 1
      }
    }
    throw NotPositiveDefinite(matrix: failed, pivot: Int(pivot))
  }
}
