import Autodiff
import CLAPACK

extension Tensor {
  /// Q `[.., m, k]` with orthonormal columns and an upper triangle R `[.., k, n]`, k = min(m, n), whose product is `[.., m, n]`.
  ///
  /// Signs are those of Householder reflections, as in NumPy. Derivatives need the first k columns to be independent.
  public func qr() -> (q: Tensor, r: Tensor) {
    requireMatrices("qr")
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    if m < n {
      // The first columns settle Q; the others follow.
      let (q, r) = slice(axis: -1, 0..<m).qr()
      return (q, .concatenated([r, q.transposed().matmul(slice(axis: -1, m..<n))], axis: -1))
    }
    let results = Tensor.apply(QRFactors(), [self])
    return (results[0], results[1])
  }
}

/// A = Q R with at least as many rows as columns.
struct QRFactors: MultipleResults {
  var name: String { "qr" }

  func results(of inputs: [TensorSpec]) -> [TensorSpec] {
    let n = inputs[0].shape[inputs[0].rank - 1]
    return [inputs[0], TensorSpec(inputs[0].batch + [n, n], inputs[0].dtype)]
  }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let (matrices, triangles) = (Matrices(inputs[0]), Matrices(outputs[1]))
    let (m, n) = (Int32(matrices.rows), Int32(matrices.columns))
    return Kernel(workspaceByteCount: cl_qr_workspace_bytes(matrices.type, m, n)) { arguments in
      for index in 0..<matrices.count {
        let place = index * matrices.stride
        _ = cl_qr(
          matrices.type, m, n, arguments.pointer(0) + place, arguments.pointer(1) + place, arguments.pointer(2) + index * triangles.stride,
          arguments.workspace)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? { Tensor.apply(self, inputs) }

  /// With X = dA R^-1 and the rotation W = L - L^T, L the strict lower triangle of Q^T X: dQ = X + Q (W - Q^T X) and
  /// dR = (Q^T X - W) R.
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] {
    guard let change = tangents[0] else { return [nil, nil] }
    let (q, r) = (outputs[0], outputs[1])
    let x = r.triangularSolve(change.transposed(), lower: false, transposed: true).transposed()
    let inner = q.transposed().matmul(x)
    let lower = inner.lowerTriangle(offset: -1)
    let rest = inner - (lower - lower.transposed())
    return [x - q.matmul(rest), rest.matmul(r)]
  }

  /// dA = (dQ + Q S) R^-T, S the lower triangle of R dR^T - dQ^T Q mirrored up (Walter & Lehmann 2018, arXiv:1009.6112).
  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    let (q, r) = (outputs[0], outputs[1])
    let ofQ = cotangents[0].map { -$0.transposed().matmul(q) }
    let ofR = cotangents[1].map { r.matmul($0.transposed()) }
    guard let inner = ofR.map({ a in ofQ.map { a + $0 } ?? a }) ?? ofQ else { return [nil] }
    let mirrored = q.matmul(inner.lowerTriangle() + inner.lowerTriangle(offset: -1).transposed())
    let left = cotangents[0].map { $0 + mirrored } ?? mirrored
    return [r.triangularSolve(left.transposed(), lower: false).transposed()]
  }
}
