import Autodiff

/// Classifier two-sample test by the nearest neighbour (Lopez-Paz and Oquab 2017): the share of points of both samples `[n, d]` whose
/// nearest other point is of their own sample.
///
/// 1/2 where the laws are equal and n is large; near 1 where they do not overlap, near 0 where one copies the other. For n points
/// of each, the standard deviation under equal laws is about `1/(2 sqrt(n))`.
public func nearestNeighbourAccuracy(_ x: Tensor, _ y: Tensor) -> Double {
  let samples = TwoSamples(x, y, "nearestNeighbourAccuracy")
  require(samples.n == samples.m, "nearestNeighbourAccuracy: \(samples.n) and \(samples.m) points; give equally many of each")
  let (points, count) = (Tensor.concatenated([x, y], axis: 0), 2 * samples.n)
  // Squared distances by a product of matrices, a block of rows at a time; the diagonal is out of the question.
  let norms = square(points).sum(axis: 1)
  let block = 500
  var agreeing = 0
  for first in stride(from: 0, to: count, by: block) {
    let rows = first..<min(first + block, count)
    let some = points.slice(axis: 0, rows)
    let distances = norms - 2.0 * some.matmul(points.transposed())
    let isSelf = Tensor.iota([rows.count, count], axis: 0) + Int32(first).tensor .== Tensor.iota([rows.count, count], axis: 1)
    let nearest = Tensor.where(isSelf, .full([rows.count, count], .infinity, dtype: points.dtype), distances).argmin(axis: 1)
    for (row, neighbour) in zip(rows, nearest.scalars(Int32.self)) where (row < samples.n) == (Int(neighbour) < samples.n) { agreeing += 1 }
  }
  return Double(agreeing) / Double(count)
}

extension Int32 {
  fileprivate var tensor: Tensor { Tensor([self], shape: []) }
}
