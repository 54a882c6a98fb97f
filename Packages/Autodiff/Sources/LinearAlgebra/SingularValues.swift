import Autodiff
import CLAPACK

extension Tensor {
  /// U `[.., m, k]`, singular values `[.., k]` in descending order and V^T `[.., k, n]`, k = min(m, n), with U diag(s) V^T = self;
  /// NaN where a matrix holds NaN or infinity.
  ///
  /// Signs of the vectors are free (a column of U and the row of V^T change theirs together). Equal singular values are to
  /// derivatives what equal eigenvalues are (`eigenSymmetric`); those of the vectors also need values above zero.
  public func svd() -> (u: Tensor, values: Tensor, vTransposed: Tensor) {
    requireMatrices("svd")
    if shape[rank - 2] < shape[rank - 1] {
      let (u, values, vTransposed) = transposed().svd()
      return (vTransposed.transposed(), values, u.transposed())
    }
    let results = Tensor.apply(SingularValues(), [self])
    return (results[0], results[1], results[2])
  }

  /// Singular values `[.., min(m, n)]` in descending order.
  public func singularValues() -> Tensor { svd().values }
}

/// A = U diag(s) V^T with at least as many rows as columns. Derivatives: Giles 2008, section 3.2; Townsend 2016, "Differentiating the
/// singular value decomposition".
struct SingularValues: MultipleResults {
  var name: String { "svd" }

  func results(of inputs: [TensorSpec]) -> [TensorSpec] {
    let (n, batch, dtype) = (inputs[0].shape[inputs[0].rank - 1], inputs[0].batch, inputs[0].dtype)
    return [inputs[0], TensorSpec(batch + [n], dtype), TensorSpec(batch + [n, n], dtype)]
  }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let (matrices, right) = (Matrices(inputs[0]), Matrices(outputs[2]))
    let (m, n, lineBytes) = (Int32(matrices.rows), Int32(matrices.columns), matrices.columns * matrices.elementSize)
    return Kernel(workspaceByteCount: cl_svd_workspace_bytes(matrices.type, m, n)) { arguments in
      for index in 0..<matrices.count {
        let place = index * matrices.stride
        _ = cl_svd(
          matrices.type, m, n, arguments.pointer(0) + place, arguments.pointer(1) + place, arguments.pointer(2) + index * lineBytes,
          arguments.pointer(3) + index * right.stride, arguments.workspace)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? { Tensor.apply(self, inputs) }

  /// With P = U^T dA V and F[i, j] = 1 / (s[j]^2 - s[i]^2): ds = diag(P), dU = U (F * (P s + (P s)^T)) + (1 - U U^T) dA V / s,
  /// dV = V (F * (s P + (s P)^T)).
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] {
    guard let change = tangents[0] else { return [nil, nil, nil] }
    let (u, values, vTransposed) = (outputs[0], outputs[1], outputs[2])
    let changeV = change.matmul(vTransposed.transposed())
    let p = u.transposed().matmul(changeV)
    let (columns, rows) = (p * values.expanded(axis: -2), values.expanded(axis: -1) * p)
    let gaps = inverseGaps(values)
    let ofU = u.matmul(gaps * (columns + columns.transposed())) + (changeV - u.matmul(p)) * inverses(values)
    let ofV = (gaps * (rows + rows.transposed())).transposed().matmul(vTransposed)
    return [ofU, p.diagonal(), ofV]
  }

  /// dA = U (diag(ds) + (F * (U^T dU - dU^T U)) s + s (F * (V^T dV - dV^T V))) V^T + (1 - U U^T) dU / s V^T
  ///    + U / s dV^T (1 - V V^T), of which the last is zero here: V is square.
  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    let (u, values, vTransposed) = (outputs[0], outputs[1], outputs[2])
    let gaps = inverseGaps(values)
    var inner = (cotangents[1] ?? .zeros(like: values)).diagonalMatrix()
    var outside: Tensor?
    if let ofU = cotangents[0] {
      let turn = u.transposed().matmul(ofU)
      inner = inner + gaps * (turn - turn.transposed()) * values.expanded(axis: -2)
      outside = (ofU - u.matmul(turn)) * inverses(values)
    }
    if let ofV = cotangents[2] {
      let turn = vTransposed.matmul(ofV.transposed())
      inner = inner + values.expanded(axis: -1) * gaps * (turn - turn.transposed())
    }
    let left = u.matmul(inner)
    return [(outside.map { left + $0 } ?? left).matmul(vTransposed)]
  }

  private func inverseGaps(_ values: Tensor) -> Tensor {
    let (gaps, isNone) = values.differences()
    return (gaps * (values.expanded(axis: -2) + values.expanded(axis: -1))).reciprocal(zeroWhere: isNone)
  }

  /// 1 / s as a row, 0 where s is 0.
  private func inverses(_ values: Tensor) -> Tensor { values.reciprocal(zeroWhere: values .== 0).expanded(axis: -2) }
}
