import Autodiff

/// Two samples `[n, d]` and `[m, d]` in float64, row after row.
struct TwoSamples {
  let x: [Double]
  let y: [Double]
  let dimension: Int
  let n: Int
  let m: Int

  init(_ x: Tensor, _ y: Tensor, _ operation: String) {
    require(
      x.rank == 2 && y.rank == 2 && x.shape[1] == y.shape[1] && x.shape[0] > 1 && y.shape[0] > 1,
      "\(operation): samples \(x.shape) and \(y.shape); give [n, d] and [m, d] with n, m > 1")
    (self.x, self.y) = (x.doubles, y.doubles)
    (dimension, n, m) = (x.shape[1], x.shape[0], y.shape[0])
  }

  /// `mean f(x_i, x_j) + mean f(y_i, y_j) - 2 mean f(x_i, y_j)` of a function of the squared distance, unbiased: pairs of a point with
  /// itself are left out (`f(0)` is their value).
  func contrast(_ f: (Double) -> Double) -> Double {
    let (within, across) = ((sum(x, x, f) - Double(n) * f(0), sum(y, y, f) - Double(m) * f(0)), sum(x, y, f))
    let (n, m) = (Double(n), Double(m))
    return within.0 / (n * (n - 1)) + within.1 / (m * (m - 1)) - 2 * across / (n * m)
  }

  /// `Σ_ij f(|a_i - b_j|²)`
  private func sum(_ a: [Double], _ b: [Double], _ f: (Double) -> Double) -> Double {
    var total = 0.0
    for i in stride(from: 0, to: a.count, by: dimension) {
      for j in stride(from: 0, to: b.count, by: dimension) {
        var squared = 0.0
        for k in 0..<dimension {
          let difference = a[i + k] - b[j + k]
          squared += difference * difference
        }
        total += f(squared)
      }
    }
    return total
  }
}
