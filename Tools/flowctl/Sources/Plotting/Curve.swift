/// Long series made fit for a picture.
public enum Curve {
  /// At most about `2 * buckets` points that keep the lowest and highest of every stretch.
  public static func thinned(x: [Double], y: [Double], buckets: Int = 400) -> (x: [Double], y: [Double]) {
    guard x.count > 2 * buckets else { return (x, y) }
    var kept: [Int] = []
    for bucket in 0..<buckets {
      let range = bucket * x.count / buckets..<(bucket + 1) * x.count / buckets
      guard let low = range.min(by: { y[$0] < y[$1] }), let high = range.max(by: { y[$0] < y[$1] }) else { continue }
      kept += low == high ? [low] : [min(low, high), max(low, high)]
    }
    return (kept.map { x[$0] }, kept.map { y[$0] })
  }

  /// Centred running mean over `2 * reach + 1` values, fewer at the ends.
  public static func smoothed(_ values: [Double], reach: Int) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return values.indices.map { index in
      let (low, high) = (max(0, index - reach), min(values.count, index + reach + 1))
      return (sums[high] - sums[low]) / Double(high - low)
    }
  }

  /// The value below which lies `fraction` of the finite values.
  public static func quantile(_ values: [Double], _ fraction: Double) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    return sorted[min(sorted.count - 1, Int(fraction * Double(sorted.count)))]
  }
}
