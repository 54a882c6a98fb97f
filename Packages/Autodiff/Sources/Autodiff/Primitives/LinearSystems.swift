import CAutodiff

/// Cholesky factors of symmetric positive-definite matrices.
struct Cholesky: Primitive {
  var name: String { "cholesky" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (bytes, dtype, n) = (output.byteCount, output.dtype.code, output.shape[output.rank - 1])
    let (matrices, matrixBytes) = (output.shape.dropLast(2).reduce(1, *), n * n * output.dtype.byteCount)
    return Kernel { arguments in
      arguments.pointer(1).copyMemory(from: arguments.pointer(0), byteCount: bytes)
      for matrix in 0..<matrices { _ = af_cholesky(dtype, arguments.pointer(1) + matrix * matrixBytes, Int64(n)) }
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank > 2 ? [.rows([true])] : [] }
  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { inputs[0].cholesky() }

  /// dL = L phi(L^-1 dA L^-T), where phi keeps the lower triangle and half of the diagonal (Giles 2008, 2.3.3; Murray 2016).
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

  private func phi(_ x: Tensor) -> Tensor { (x.lowerTriangle() + x.lowerTriangle(offset: -1)) * 0.5 }
}

/// Solutions of op(L) X = B for triangular matrices L; the leading axes of L and B agree.
struct TriangularSolve: Primitive {
  let lower: Bool
  let transposed: Bool

  var name: String { "triangularSolve" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[1] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (n, columns, size) = (output.shape[output.rank - 2], output.shape[output.rank - 1], output.dtype.byteCount)
    let (dtype, systems) = (output.dtype.code, output.shape.dropLast(2).reduce(1, *))
    let (lower, transposed): (Int32, Int32) = (lower ? 1 : 0, transposed ? 1 : 0)
    return Kernel { arguments in
      for system in 0..<systems {
        let (matrix, right) = (system * n * n * size, system * n * columns * size)
        af_triangular_solve(
          dtype, arguments.pointer(0) + matrix, Int64(n), lower, transposed, arguments.pointer(1) + right, arguments.pointer(2) + right,
          Int64(columns))
      }
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank > 2 ? [.rows([true, true])] : [] }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    inputs[0].triangularSolve(inputs[1], lower: lower, transposed: transposed)
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

  private func triangle(_ x: Tensor) -> Tensor { lower ? x.lowerTriangle() : x.upperTriangle() }
}
