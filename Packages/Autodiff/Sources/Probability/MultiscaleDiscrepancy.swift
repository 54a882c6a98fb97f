import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Biased squared maximum mean discrepancy with five widths, between `[n, d]` and `[m, d]`:
///
///     k(a, b) = Σ_{i=-2..2} exp(-|a - b|²/(s 2^i)),   s the mean squared distance of all pairs of the pooled sample
///
/// The kernel of which the published figures of the energy-based diffusion generator (arXiv:2401.02080) are most likely values; its source
/// is not known. `weights` `[n]` are those of the first sample. Two samples of one law of 5,000 points each give about 0.001.
public func multiscaleDiscrepancy(_ x: Tensor, _ y: Tensor, weights: [Double]? = nil) -> Double {
  require(
    x.rank == 2 && y.rank == 2 && x.shape[1] == y.shape[1] && weights.map { $0.count == x.shape[0] } ?? true,
    "multiscaleDiscrepancy: samples \(x.shape) and \(y.shape), \(weights?.count ?? 0) weights; give [n, d], [m, d] and n weights")
  let (n, m, d) = (x.shape[0], y.shape[0], x.shape[1])
  let points = x.doubles + y.doubles
  // Masses of the signed measure p - q.
  let total = weights?.reduce(0, +) ?? Double(n)
  let masses = (weights ?? [Double](repeating: 1, count: n)).map { $0 / total } + [Double](repeating: -1 / Double(m), count: m)
  let scale = meanSquaredDistance(points, d)
  var sum = 0.0
  for i in 0..<n + m {
    var row = 0.0
    for j in 0..<i {
      var squared = 0.0
      for k in 0..<d {
        let difference = points[i * d + k] - points[j * d + k]
        squared += difference * difference
      }
      // exp(-q/4) raised to 1, 2, 4, 8, 16: the five widths from one exponential.
      let e1 = exp(-squared / (4 * scale))
      let e2 = e1 * e1
      let e4 = e2 * e2
      let e8 = e4 * e4
      row += masses[j] * (e1 + e2 + e4 + e8 + e8 * e8)
    }
    sum += 2 * masses[i] * row + 5 * masses[i] * masses[i]
  }
  return sum
}

/// `E|a - b|²` over all ordered pairs of different rows: twice the trace of the covariance.
private func meanSquaredDistance(_ points: [Double], _ d: Int) -> Double {
  let count = points.count / d
  return (0..<d).reduce(0.0) { result, k in
    let column = stride(from: k, to: points.count, by: d).map { points[$0] }
    let mean = column.reduce(0, +) / Double(count)
    return result + 2 * column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
  }
}
