import Autodiff

/// Energy distance `2 E|X - Y| - E|X - X'| - E|Y - Y'|` between samples `[n, d]` and `[m, d]` (Székely and Rizzo 2013).
///
/// Unbiased: pairs of one sample with itself are left out, so the estimate scatters about 0 where the laws are equal.
public func energyDistance(_ x: Tensor, _ y: Tensor) -> Double {
  precondition(
    x.rank == 2 && y.rank == 2 && x.shape[1] == y.shape[1] && x.shape[0] > 1 && y.shape[0] > 1,
    "energyDistance: samples \(x.shape) and \(y.shape); give [n, d] and [m, d] with n, m > 1")
  let d = x.shape[1]
  let (a, b) = (x.doubles, y.doubles)
  let (n, m) = (Double(x.shape[0]), Double(y.shape[0]))
  return 2 * summedDistance(a, b, d) / (n * m) - summedDistance(a, a, d) / (n * (n - 1)) - summedDistance(b, b, d) / (m * (m - 1))
}

/// `Σ_ij |a_i - b_j|` over rows of length `d`.
private func summedDistance(_ a: [Double], _ b: [Double], _ d: Int) -> Double {
  var total = 0.0
  for i in stride(from: 0, to: a.count, by: d) {
    for j in stride(from: 0, to: b.count, by: d) {
      var squared = 0.0
      for k in 0..<d {
        let difference = a[i + k] - b[j + k]
        squared += difference * difference
      }
      total += squared.squareRoot()
    }
  }
  return total
}
