extension MatrixProduct: ReferenceRule {
  /// C[i, j] = sum over l of op(A)[i, l] op(B)[l, j], for every matrix of the batch.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let (m, n, k) = extents(inputs[0].spec.shape, inputs[1].spec.shape)
    let (a, b) = (inputs[0].values, inputs[1].values)
    return HostTensor(output) { position in
      let (batch, i, j) = (position / (m * n), position / n % m, position % n)
      var sum = inputs.count == 3 ? inputs[2].values[position] : 0
      for l in 0..<k {
        let left = batch * m * k + (transposeLeft ? l * m + i : i * k + l)
        let right = batch * k * n + (transposeRight ? j * k + l : l * n + j)
        sum += a[left] * b[right]
      }
      return sum
    }
  }
}

extension Cholesky: ReferenceRule {
  /// L[i, j] = (A[i, j] - sum over l < j of L[i, l] L[j, l]) / L[j, j], with the root of the same on the diagonal; NaN
  /// throughout where the matrix is not positive definite.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let n = output.shape[output.rank - 1]
    var result = [Double](repeating: 0, count: output.count)
    for first in stride(from: 0, to: output.count, by: n * n) {
      var isDefinite = true
      for i in 0..<n {
        for j in 0...i {
          var rest = inputs[0].values[first + i * n + j]
          for l in 0..<j { rest -= result[first + i * n + l] * result[first + j * n + l] }
          if i == j && !(rest > 0) { isDefinite = false }
          result[first + i * n + j] = i == j ? rest.squareRoot() : rest / result[first + j * n + j]
        }
      }
      if !isDefinite { for position in first..<first + n * n { result[position] = .nan } }
    }
    return HostTensor(output) { result[$0] }
  }
}

extension TriangularSolve: ReferenceRule {
  /// Substitution, from the row of op(L) with one element to the full one.
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor {
    let (n, columns) = (output.shape[output.rank - 2], output.shape[output.rank - 1])
    let (l, b) = (inputs[0].values, inputs[1].values)
    var x = [Double](repeating: 0, count: output.count)
    // The transpose of a lower triangle is an upper one.
    let rows = lower != transposed ? Array(0..<n) : Array((0..<n).reversed())
    for system in 0..<output.shape.dropLast(2).reduce(1, *) {
      let (matrix, right) = (system * n * n, system * n * columns)
      for column in 0..<columns {
        for (done, i) in rows.enumerated() {
          var rest = b[right + i * columns + column]
          for j in rows[..<done] { rest -= l[matrix + (transposed ? j * n + i : i * n + j)] * x[right + j * columns + column] }
          x[right + i * columns + column] = rest / l[matrix + i * n + i]
        }
      }
    }
    return HostTensor(output) { x[$0] }
  }
}
