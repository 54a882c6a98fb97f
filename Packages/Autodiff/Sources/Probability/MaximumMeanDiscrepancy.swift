import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Squared maximum mean discrepancy `E k(X, X') + E k(Y, Y') - 2 E k(X, Y)` between samples `[n, d]` and `[m, d]`, with the kernel
/// `k(x, y) = exp(-|x - y|²/(2 bandwidth²))` (Gretton et al. 2012, equation 3).
///
/// Unbiased, so the estimate scatters about 0 where the laws are equal. `medianDistance` gives the usual bandwidth.
public func maximumMeanDiscrepancy(_ x: Tensor, _ y: Tensor, bandwidth: Double) -> Double {
  require(bandwidth > 0, "maximumMeanDiscrepancy: bandwidth \(bandwidth); give a positive one, for instance medianDistance(x, y)")
  let scale = -0.5 / (bandwidth * bandwidth)
  return TwoSamples(x, y, "maximumMeanDiscrepancy").contrast { exp(scale * $0) }
}

/// Median of the distances between all pairs of different points of both samples `[n, d]` and `[m, d]`.
public func medianDistance(_ x: Tensor, _ y: Tensor) -> Double {
  let samples = TwoSamples(x, y, "medianDistance")
  let (points, d, count) = (samples.x + samples.y, samples.dimension, samples.n + samples.m)
  var squares: [Double] = []
  squares.reserveCapacity(count * (count - 1) / 2)
  for i in 0..<count {
    for j in i + 1..<count {
      squares.append((0..<d).reduce(0) { $0 + (points[i * d + $1] - points[j * d + $1]) * (points[i * d + $1] - points[j * d + $1]) })
    }
  }
  squares.sort()
  let middle = squares.count / 2
  let median = squares[middle].squareRoot()
  return squares.count % 2 == 1 ? median : (median + squares[middle - 1].squareRoot()) / 2
}
