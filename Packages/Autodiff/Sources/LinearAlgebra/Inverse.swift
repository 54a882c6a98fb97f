import Autodiff
import CLAPACK

extension Tensor {
  /// The inverse of `[.., n, n]`; NaN of a singular matrix. To solve a system, `solve` is quicker and more precise.
  public func inverse() -> Tensor {
    requireSquareMatrices("inverse")
    return .apply(Inverse(), [self])
  }

  /// X with self X = b for `[.., n, n]` and b `[.., n, m]` or `[n]`, whose leading axes broadcast; NaN of a singular matrix.
  public func solve(_ b: Tensor) -> Tensor {
    requireSquareMatrices("solve")
    return solvingSystems(b, "solve") { .apply(Solve(isTransposed: false), [$0, $1]) }
  }
}

/// Inverses of square matrices.
struct Inverse: Primitive {
  var name: String { "inverse" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let matrices = Matrices(output)
    let n = Int32(matrices.rows)
    return Kernel(workspaceByteCount: cl_inverse_workspace_bytes(matrices.type, n)) { arguments in
      for index in 0..<matrices.count {
        let place = index * matrices.stride
        _ = cl_inverse(matrices.type, n, arguments.pointer(0) + place, arguments.pointer(1) + place, arguments.workspace)
      }
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank > 2 ? [.rows([true])] : [] }
  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }

  /// dY = -Y dA Y (Giles 2008, 2.2.3)
  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { -output.matmul($0).matmul(output) }
  }

  /// dA = -Y^T dY Y^T
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let transposed = output.transposed()
    return [-transposed.matmul(cotangent).matmul(transposed)]
  }
}

/// Solutions of op(A) X = B, op the transpose or nothing; the leading axes of A and B agree.
struct Solve: Primitive {
  let isTransposed: Bool

  var name: String { "solve" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[1] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (matrices, right) = (Matrices(inputs[0]), Matrices(output))
    let (n, columns, transpose): (Int32, Int32, Int32) = (Int32(right.rows), Int32(right.columns), isTransposed ? 1 : 0)
    return Kernel(workspaceByteCount: cl_solve_workspace_bytes(matrices.type, n, columns)) { arguments in
      for index in 0..<matrices.count {
        let place = index * right.stride
        _ = cl_solve(
          matrices.type, transpose, n, columns, arguments.pointer(0) + index * matrices.stride, arguments.pointer(1) + place,
          arguments.pointer(2) + place, arguments.workspace)
      }
    }
  }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank > 2 ? [.rows([true, true])] : [] }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? {
    inputs[0].solvingSystems(inputs[1], "solve") { .apply(self, [$0, $1]) }
  }

  /// dX = op(A)^-1 (dB - op(dA) X)
  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    let ofMatrix = tangents[0].map { -(isTransposed ? $0.transposed() : $0).matmul(output) }
    guard let right = ofMatrix.map({ a in tangents[1].map { $0 + a } ?? a }) ?? tangents[1] else { return nil }
    return .apply(self, [inputs[0], right])
  }

  /// dB = op(A)^-T dX, op(dA) = -dB X^T (Giles 2008, 2.3.1)
  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] {
    let ofRight = Tensor.apply(Solve(isTransposed: !isTransposed), [inputs[0], cotangent])
    return [-(isTransposed ? output.matmul(ofRight.transposed()) : ofRight.matmul(output.transposed())), ofRight]
  }
}
