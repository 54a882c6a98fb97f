import Autodiff
import CLAPACK

extension Tensor {
  /// Eigenvalues `[.., n]`, ascending, and orthonormal eigenvectors `[.., n, n]` in columns of the symmetric part of `[.., n, n]`;
  /// NaN where a matrix holds NaN or infinity.
  ///
  /// The signs of the vectors are free. Where eigenvalues are equal (but for rounding) so are rotations among their vectors:
  /// derivatives hold for functions of the eigenvalues that treat equal ones alike and for functions of the whole space that
  /// their vectors span; others have none there. Near such a point derivatives of the vectors grow as 1 / (difference of the
  /// eigenvalues).
  public func eigenSymmetric() -> (values: Tensor, vectors: Tensor) {
    requireSquareMatrices("eigenSymmetric")
    let results = Tensor.apply(EigenSymmetric(), [(self + transposed()) * 0.5])
    return (results[0], results[1])
  }
}

/// A = V diag(w) V^T. Derivatives: Giles 2008, "An extended collection of matrix derivative results", section 3.1.
struct EigenSymmetric: MultipleResults {
  var name: String { "eigenSymmetric" }

  func results(of inputs: [TensorSpec]) -> [TensorSpec] {
    [TensorSpec(Array(inputs[0].shape.dropLast()), inputs[0].dtype), inputs[0]]
  }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let (matrices, n) = (Matrices(inputs[0]), Int32(inputs[0].shape[inputs[0].rank - 1]))
    let lineBytes = matrices.rows * matrices.elementSize
    return Kernel(workspaceByteCount: cl_eigen_symmetric_workspace_bytes(matrices.type, n)) { arguments in
      arguments.pointer(2).copyMemory(from: arguments.pointer(0), byteCount: matrices.count * matrices.stride)
      for index in 0..<matrices.count {
        _ = cl_eigen_symmetric(
          matrices.type, n, arguments.pointer(2) + index * matrices.stride, arguments.pointer(1) + index * lineBytes, arguments.workspace)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? { Tensor.apply(self, inputs) }

  /// dw = diag(V^T dA V), dV = V (F * (V^T dA V)).
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] {
    guard let change = tangents[0] else { return [nil, nil] }
    let vectors = outputs[1]
    let rotated = vectors.transposed().matmul(change).matmul(vectors)
    return [rotated.diagonal(), vectors.matmul(inverseGaps(outputs[0]) * rotated)]
  }

  /// dA = V (diag(dw) + F * (V^T dV)) V^T.
  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    let vectors = outputs[1]
    let ofValues = cotangents[0]?.diagonalMatrix()
    let ofVectors = cotangents[1].map { inverseGaps(outputs[0]) * vectors.transposed().matmul($0) }
    guard let inner = ofValues.map({ a in ofVectors.map { a + $0 } ?? a }) ?? ofVectors else { return [nil] }
    return [vectors.matmul(inner).matmul(vectors.transposed())]
  }

  /// F[i, j] = 1 / (w[j] - w[i]), 0 where they are equal but for rounding.
  private func inverseGaps(_ values: Tensor) -> Tensor {
    let (gaps, isNone) = values.differences()
    return gaps.reciprocal(zeroWhere: isNone)
  }
}
