import CAutodiff

extension Tensor {
  /// The lower factor L with L L^T = self, for a symmetric positive-definite `[n, n]`; NaN where it is not one.
  public func cholesky(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    precondition(
      rank == 2 && shape[0] == shape[1] && dtype.isFloatingPoint,
      "cholesky: needs a square floating-point matrix, got \(spec)", file: file, line: line)
    return .apply(Cholesky(), [self])
  }

  /// X with op(self) X = b, for a triangular `[n, n]`; `b` is `[n, m]`. Only the named triangle is read.
  public func triangularSolve(
    _ b: Tensor, lower: Bool = true, transposed: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    precondition(
      rank == 2 && shape[0] == shape[1] && b.rank == 2 && b.shape[0] == shape[0] && dtype == b.dtype && dtype.isFloatingPoint,
      "triangularSolve: needs [n, n] and [n, m] of one floating dtype, got \(spec) and \(b.spec)", file: file, line: line)
    return .apply(TriangularSolve(lower: lower, transposed: transposed), [self, b])
  }
}

/// Cholesky factor of a symmetric positive-definite matrix.
struct Cholesky: Primitive {
  var name: String { "cholesky" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (bytes, dtype, n) = (output.byteCount, output.dtype.code, Int64(output.shape[0]))
    return Kernel { arguments in
      arguments.pointer(1).copyMemory(from: arguments.pointer(0), byteCount: bytes)
      _ = af_cholesky(dtype, arguments.pointer(1), n)
    }
  }

  /// dL = L phi(L^-1 dA L^-T), where phi keeps the lower triangle and half of the diagonal.
  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    guard let tangent = tangents[0] else { return nil }
    let symmetric = (tangent + tangent.transposed()) * 0.5
    let half = output.triangularSolve(symmetric)
    return output.matmul(phi(output.triangularSolve(half.transposed()).transposed()))
  }

  /// dA = sym(L^-T phi(L^T dL) L^-1)
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let inner = phi(output.transposed().matmul(cotangent.lowerTriangle()))
    let left = output.triangularSolve(inner, transposed: true)
    let both = output.triangularSolve(left.transposed(), transposed: true)
    return [(both + both.transposed()) * 0.5]
  }

  private func phi(_ x: Tensor) -> Tensor {
    x.lowerTriangle() - x * Tensor.identity(x.shape[0], dtype: x.dtype) * 0.5
  }
}

/// Solution of op(L) X = B for a triangular L.
struct TriangularSolve: Primitive {
  let lower: Bool
  let transposed: Bool

  var name: String { "triangularSolve" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[1] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (dtype, n, columns) = (output.dtype.code, Int64(output.shape[0]), Int64(output.shape[1]))
    let (lower, transposed): (Int32, Int32) = (lower ? 1 : 0, transposed ? 1 : 0)
    return Kernel { arguments in
      af_triangular_solve(dtype, arguments.pointer(0), n, lower, transposed, arguments.pointer(1), arguments.pointer(2), columns)
    }
  }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    let matrix = tangents[0].map { (tangent: Tensor) -> Tensor in
      let change = triangle(tangent)
      return -((transposed ? change.transposed() : change).matmul(output))
    }
    guard let right = matrix.map({ m in tangents[1].map { $0 + m } ?? m }) ?? tangents[1] else { return nil }
    return .apply(self, [inputs[0], right])
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let right = Tensor.apply(TriangularSolve(lower: lower, transposed: !transposed), [inputs[0], cotangent])
    let outer = transposed ? output.matmul(right.transposed()) : right.matmul(output.transposed())
    return [-triangle(outer), right]
  }

  private func triangle(_ x: Tensor) -> Tensor { lower ? x.lowerTriangle() : x.transposed().lowerTriangle().transposed() }
}
