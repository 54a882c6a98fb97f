import Autodiff

/// Mean, covariance, standard deviations and correlations of weighted points, in float64.
public struct WeightedMoments: Sendable {
  /// `[d]`
  public let mean: [Double]
  /// `[d][d]`
  public let covariance: [[Double]]

  /// Points `[n, d]`; `weights` sum to 1, or `nil` for equal ones.
  public init(_ points: Tensor, weights: [Double]? = nil) {
    require(points.rank == 2, "WeightedMoments: points \(points.shape); give [n, d]")
    let (n, d) = (points.shape[0], points.shape[1])
    require(
      weights.map { $0.count == n } ?? true, "WeightedMoments: \(weights?.count ?? 0) weights for \(n) points; give one for each")
    let values = points.doubles
    let weight: (Int) -> Double = { weights?[$0] ?? 1 / Double(n) }
    var mean = [Double](repeating: 0, count: d)
    for row in 0..<n { for i in 0..<d { mean[i] += weight(row) * values[row * d + i] } }
    var covariance = [[Double]](repeating: mean.map { _ in 0 }, count: d)
    for row in 0..<n {
      for i in 0..<d {
        for j in 0..<d { covariance[i][j] += weight(row) * (values[row * d + i] - mean[i]) * (values[row * d + j] - mean[j]) }
      }
    }
    self.mean = mean
    self.covariance = covariance
  }

  public var standardDeviation: [Double] { covariance.indices.map { covariance[$0][$0].squareRoot() } }

  /// The correlation of coordinates `i` and `j`, in [-1, 1].
  public func correlation(_ i: Int, _ j: Int) -> Double {
    covariance[i][j] / (covariance[i][i] * covariance[j][j]).squareRoot()
  }
}
