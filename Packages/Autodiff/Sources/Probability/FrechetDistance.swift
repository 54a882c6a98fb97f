import Autodiff

/// Fréchet distance between normal laws with the moments of features `[n, f]` and `[m, f]` (Dowson and Landau 1982):
///
///     |μ_x - μ_y|² + tr(S_x + S_y - 2 (S_x S_y)^½)
///
/// The features are of a network of your own: it is not the inception distance, and values compare only among equal features. Biased
/// upwards by an amount that falls as 1/n: compare with the value between two samples of one law.
public func frechetDistance(_ x: Tensor, _ y: Tensor) -> Double {
  let (a, b) = (WeightedMoments(x), WeightedMoments(y))
  let means = zip(a.mean, b.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let traces = a.mean.indices.reduce(0) { $0 + a.covariance[$1][$1] + b.covariance[$1][$1] }
  // (S_x S_y)^½ has the trace of (R S_y R)^½ with R = S_x^½, whose eigenvalues are real.
  let root = SymmetricSpectrum(a.covariance).squareRoot
  let inner = product(product(root, b.covariance), root)
  let cross = SymmetricSpectrum(inner).values.reduce(0) { $0 + max($1, 0).squareRoot() }
  return means + traces - 2 * cross
}

private typealias Matrix = [[Double]]

private func product(_ a: Matrix, _ b: Matrix) -> Matrix {
  a.map { row in b[0].indices.map { column in row.indices.reduce(0) { $0 + row[$1] * b[$1][column] } } }
}

/// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations.
private struct SymmetricSpectrum {
  var values: [Double]
  /// Columns belong to the values.
  var vectors: Matrix

  init(_ matrix: Matrix) {
    let n = matrix.count
    var (a, v) = (matrix, (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } })
    let size = matrix.flatMap { $0 }.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      let off = (0..<n).reduce(0.0) { sum, p in sum + (0..<p).reduce(0) { $0 + a[p][$1] * a[p][$1] } }
      if off <= 1e-30 * size { break }
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) where a[p][q] != 0 {
          let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let t = (theta >= 0 ? 1 : -1) / (theta.magnitude + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
          for k in 0..<n { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
          for k in 0..<n { (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]) }
        }
      }
    }
    values = (0..<n).map { a[$0][$0] }
    vectors = v
  }

  /// `V diag(sqrt(max(λ, 0))) Vᵀ`
  var squareRoot: Matrix {
    let n = values.count
    let roots = values.map { max($0, 0).squareRoot() }
    return (0..<n).map { i in (0..<n).map { j in (0..<n).reduce(0) { $0 + vectors[i][$1] * roots[$1] * vectors[j][$1] } } }
  }
}
