import Autodiff

/// `M⁻¹` of the kinetic energy `p·M⁻¹p/2`: an estimate of the covariance of the positions.
struct InverseMass: Sendable {
  /// Diagonal of `M⁻¹`, `[d]`.
  let diagonal: [Double]
  /// `M⁻¹` and its lower Cholesky factor, row by row, where it is not diagonal.
  private let dense: (matrix: [Double], factor: [Double])?

  init(diagonal: [Double]) {
    self.diagonal = diagonal
    dense = nil
  }

  /// From a symmetric matrix `[d][d]`; `nil` unless it is positive definite.
  init?(matrix: [[Double]]) {
    let d = matrix.count
    let entries = matrix.flatMap { $0 }
    guard let factor = try? Tensor(entries, shape: [d, d], dtype: .float64).choleskyFactor() else { return nil }
    diagonal = (0..<d).map { matrix[$0][$0] }
    dense = (entries, factor.doubles)
  }

  /// `M⁻¹ p`
  func velocity(_ momentum: [Double]) -> [Double] {
    let d = momentum.count
    guard let matrix = dense?.matrix else {
      var result = momentum
      for i in 0..<d { result[i] *= diagonal[i] }
      return result
    }
    var result = [Double](repeating: 0, count: d)
    matrix.withUnsafeBufferPointer { matrix in
      // Column by column of the symmetric matrix, so that the inner loop has no chain of sums.
      for j in 0..<d { for i in 0..<d { result[i] += matrix[j * d + i] * momentum[j] } }
    }
    return result
  }

  /// A momentum from `N(0, M)`.
  func momentum(_ random: inout KeyStream) -> [Double] {
    var p = random.normal(diagonal.count)
    let d = p.count
    guard let factor = dense?.factor else {
      for i in 0..<d { p[i] /= diagonal[i].squareRoot() }
      return p
    }
    // M⁻¹ = L Lᵀ, so p = L⁻ᵀ z.
    for i in stride(from: d - 1, through: 0, by: -1) {
      for j in i + 1..<d { p[i] -= factor[j * d + i] * p[j] }
      p[i] /= factor[i * d + i]
    }
    return p
  }
}

/// Running mean and covariance of positions (Welford 1962), the whole matrix or its diagonal.
struct CovarianceEstimate: Sendable {
  private let isDense: Bool
  private var count = 0
  private var mean: [Double]
  /// Sums of squared deviations, `[d]` or `[d d]`.
  private var squares: [Double]

  init(dimension: Int, isDense: Bool) {
    self.isDense = isDense
    mean = [Double](repeating: 0, count: dimension)
    squares = [Double](repeating: 0, count: isDense ? dimension * dimension : dimension)
  }

  mutating func add(_ x: [Double]) {
    count += 1
    let d = mean.count
    let before = moved(x, by: -1, along: mean)
    for i in 0..<d { mean[i] += before[i] / Double(count) }
    let after = moved(x, by: -1, along: mean)
    if isDense {
      for i in 0..<d { for j in 0..<d { squares[i * d + j] += 0.5 * (before[i] * after[j] + before[j] * after[i]) } }
    } else {
      for i in 0..<d { squares[i] += before[i] * after[i] }
    }
  }

  /// The covariance drawn towards `10⁻³` of the identity as by five more points (Stan reference manual, 15.2); `nil` for fewer than
  /// three points or a matrix that is not positive definite.
  var inverseMass: InverseMass? {
    guard count > 2 else { return nil }
    let (n, d) = (Double(count), mean.count)
    let (scale, ridge) = (n / (n + 5) / (n - 1), 1e-3 * 5 / (n + 5))
    if !isDense { return InverseMass(diagonal: squares.map { scale * $0 + ridge }) }
    return InverseMass(matrix: (0..<d).map { i in (0..<d).map { j in scale * squares[i * d + j] + (i == j ? ridge : 0) } })
  }
}
