import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sliced Wasserstein distance of order `order` between samples `[n, d]` and `[m, d]` (Bonneel et al. 2015).
///
///     (mean over directions θ of W_p^p(θ·x, θ·y))^(1/p)
///
/// Directions are uniform on the sphere, from `key`. Biased upwards by an amount that falls as `1/sqrt(n)`: compare with the value
/// between two samples of one law.
public func slicedWassersteinDistance(_ x: Tensor, _ y: Tensor, order: Double = 2, directions: Int = 64, key: Key) -> Double {
  let samples = TwoSamples(x, y, "slicedWassersteinDistance")
  require(
    order >= 1 && directions > 0,
    "slicedWassersteinDistance: order \(order), \(directions) directions; give an order of 1 or more and 1 direction or more")
  let d = samples.dimension
  let normals = Tensor.normal([directions, d], key: key, dtype: .float64).doubles
  let total = (0..<directions).reduce(0.0) { sum, direction in
    let raw = Array(normals[direction * d..<(direction + 1) * d])
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let theta = raw.map { $0 / length }
    return sum + transportCost(projected(samples.x, theta).sorted(), projected(samples.y, theta).sorted(), order)
  }
  return pow(total / Double(directions), 1 / order)
}

private func projected(_ points: [Double], _ theta: [Double]) -> [Double] {
  let d = theta.count
  return (0..<points.count / d).map { row in (0..<d).reduce(0) { $0 + points[row * d + $1] * theta[$1] } }
}

/// `W_p^p` of two sorted samples on the line: the integral of `|F⁻¹ - G⁻¹|^p` over the quantiles of both.
private func transportCost(_ a: [Double], _ b: [Double], _ order: Double) -> Double {
  let (n, m) = (a.count, b.count)
  // In units of 1/(n m) the steps of both quantile functions are whole numbers.
  var (i, j, position, total) = (0, 0, 0, 0.0)
  while i < n && j < m {
    let next = min((i + 1) * m, (j + 1) * n)
    total += Double(next - position) * pow((a[i] - b[j]).magnitude, order)
    position = next
    if next == (i + 1) * m { i += 1 }
    if next == (j + 1) * n { j += 1 }
  }
  return total / (Double(n) * Double(m))
}
