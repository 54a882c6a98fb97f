/// Arithmetic on shapes: strides, broadcasting, axes.
enum Shape {
  /// Row-major strides in elements.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var running = 1
    for axis in shape.indices.reversed() {
      strides[axis] = running
      running *= shape[axis]
    }
    return strides
  }

  /// The NumPy broadcast of two shapes, or nil when they do not agree.
  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var result = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let m = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
      let n = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
      guard m == n || m == 1 || n == 1 else { return nil }
      result[axis] = m == 1 ? n : m
    }
    return result
  }

  /// `axis` counted from the front, with a clear trap when it is out of range.
  static func normalize(_ axis: Int, rank: Int, _ operation: String) -> Int {
    let positive = axis < 0 ? axis + rank : axis
    require(
      positive >= 0 && positive < rank,
      "\(operation): axis \(axis) is out of range for a tensor of rank \(rank); use -\(rank)..<\(rank)")
    return positive
  }

  /// Splits `shape` around axes `range`: elements before, within and after.
  static func split(_ shape: [Int], around range: Range<Int>) -> (outer: Int, length: Int, inner: Int) {
    (
      shape[..<range.lowerBound].reduce(1, *), shape[range].reduce(1, *),
      shape[range.upperBound...].reduce(1, *)
    )
  }
}
