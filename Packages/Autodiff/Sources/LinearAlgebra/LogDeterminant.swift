import Autodiff
import CLAPACK

extension Tensor {
  /// The sign (-1, 0 or 1) and log|det| of `[.., n, n]`, each `[..]`; 0 and -infinity of a singular matrix.
  public func logDeterminant() -> (sign: Tensor, logMagnitude: Tensor) {
    requireSquareMatrices("logDeterminant")
    let results = Tensor.apply(LogDeterminant(), [self])
    return (results[0], results[1])
  }
}

/// Sign and logarithm of the determinant, from an LU factorisation.
struct LogDeterminant: MultipleResults {
  var name: String { "logDeterminant" }

  func results(of inputs: [TensorSpec]) -> [TensorSpec] {
    [TensorSpec(inputs[0].batch, inputs[0].dtype), TensorSpec(inputs[0].batch, inputs[0].dtype)]
  }

  func kernel(inputs: [TensorSpec], outputs: [TensorSpec]) -> Kernel {
    let matrices = Matrices(inputs[0])
    let (n, size) = (Int32(matrices.rows), matrices.elementSize)
    return Kernel(workspaceByteCount: cl_log_determinant_workspace_bytes(matrices.type, n)) { arguments in
      for index in 0..<matrices.count {
        _ = cl_log_determinant(
          matrices.type, n, arguments.pointer(0) + index * matrices.stride, arguments.pointer(1) + index * size,
          arguments.pointer(2) + index * size, arguments.workspace)
      }
    }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> [Tensor]? { Tensor.apply(self, inputs) }

  /// d log|det A| = tr(A^-1 dA) (Giles 2008, 2.2.4); the sign does not change.
  func pushforward(inputs: [Tensor], outputs: [Tensor], tangents: [Tensor?]) -> [Tensor?] {
    [nil, tangents[0].map { (inputs[0].inverse().transposed() * $0).sum(axes: [-2, -1]) }]
  }

  /// dA = A^-T d
  func pullback(inputs: [Tensor], outputs: [Tensor], cotangents: [Tensor?]) -> [Tensor?] {
    [cotangents[1].map { inputs[0].inverse().transposed() * $0.expanded(axis: -1).expanded(axis: -1) }]
  }
}
