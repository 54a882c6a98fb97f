import Autodiff

/// Energy distance `2 E|X - Y| - E|X - X'| - E|Y - Y'|` between samples `[n, d]` and `[m, d]` (Székely and Rizzo 2013).
///
/// Unbiased: pairs of one sample with itself are left out, so the estimate scatters about 0 where the laws are equal. One coordinate
/// takes the time of sorting, more take that of all pairs.
public func energyDistance(_ x: Tensor, _ y: Tensor) -> Double {
  let samples = TwoSamples(x, y, "energyDistance")
  guard samples.dimension == 1 else { return -samples.contrast { $0.squareRoot() } }
  let (n, m) = (Double(samples.n), Double(samples.m))
  let (own, other) = (pairDistances(samples.x), pairDistances(samples.y))
  let across = pairDistances(samples.x + samples.y) - own - other
  return 2 * across / (n * m) - 2 * own / (n * (n - 1)) - 2 * other / (m * (m - 1))
}

/// `Σ_{i<j} |a_i - a_j|` of numbers: in order, the k-th is the larger one k times.
private func pairDistances(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let count = Double(sorted.count)
  return sorted.enumerated().reduce(0) { $0 + (2 * Double($1.offset) + 1 - count) * $1.element }
}
