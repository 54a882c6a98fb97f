import Autodiff

/// How well probabilities `[n]` of label 1 tell the labels 0 and 1 apart.
public struct ClassificationScores: Sendable, Hashable {
  /// Share of rows whose more probable label is theirs.
  public let accuracy: Double
  /// Area under the receiver operating characteristic: the share of pairs of a 1 and a 0 in the right order, ties by half. NaN where
  /// one label is missing.
  public let areaUnderCurve: Double

  public init(probabilities: [Double], labels: [Double]) {
    require(
      probabilities.count == labels.count && !labels.isEmpty,
      "ClassificationScores: \(probabilities.count) probabilities for \(labels.count) labels; give one for each")
    let right = zip(probabilities, labels).filter { ($0 > 0.5) == ($1 > 0.5) }
    accuracy = Double(right.count) / Double(labels.count)
    let ranks = averageRanks(probabilities)
    let positives = labels.indices.filter { labels[$0] > 0.5 }
    let (p, n) = (Double(positives.count), Double(labels.count - positives.count))
    areaUnderCurve = (positives.reduce(0) { $0 + ranks[$1] } - 0.5 * p * (p + 1)) / (p * n)
  }
}

/// Ranks from 1, those of equal values being their mean.
func averageRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var last = first
    while last + 1 < order.count && values[order[last + 1]] == values[order[first]] { last += 1 }
    for index in first...last { ranks[order[index]] = Double(first + last) / 2 + 1 }
    first = last + 1
  }
  return ranks
}
