/// What a run achieved, for people and for programs.
public struct Evaluation: Sendable {
  public var comparisons: [Comparison]
  /// Sentences that the numbers alone do not say.
  public var remarks: [String]

  public init(comparisons: [Comparison], remarks: [String] = []) {
    self.comparisons = comparisons
    self.remarks = remarks
  }

  /// The verdict in words: which targets are met, and which are not and by how much.
  public var verdict: String {
    let judged = comparisons.filter { $0.target != nil }
    let missed = judged.filter { $0.target?.isMet == false }
    if judged.isEmpty { return "No targets are set for this run." }
    if missed.isEmpty { return judged.count == 1 ? "The target is met." : "All \(judged.count) targets are met." }
    let reasons = missed.compactMap { row in row.target.map { "\(row.quantity) (\($0.statement))" } }
    return "\(judged.count - missed.count) of \(judged.count) targets are met; missed: \(reasons.joined(separator: "; "))."
  }

  public var meetsTargets: Bool { comparisons.allSatisfy { $0.target?.isMet != false } }
}

/// One quantity as this run has it, as an exact method has it, and as the literature has it.
public struct Comparison: Sendable {
  public var quantity: String
  public var ours: Double
  public var exact: Double?
  /// As printed in the source, for instance `0.295 ± 0.034`.
  public var published: String?
  public var target: Target?

  public init(_ quantity: String, ours: Double, exact: Double? = nil, published: String? = nil, target: Target? = nil) {
    self.quantity = quantity
    self.ours = ours
    self.exact = exact
    self.published = published
    self.target = target
  }
}

/// How close is close enough.
public struct Target: Sendable {
  public enum Sense: String, Sendable {
    case atMost = "at most"
    case atLeast = "at least"
  }

  /// What is bounded: `difference in posterior standard deviations`.
  public var measure: String
  public var achieved: Double
  public var sense: Sense
  public var limit: Double

  public init(_ measure: String, achieved: Double, _ sense: Sense, _ limit: Double) {
    self.measure = measure
    self.achieved = achieved
    self.sense = sense
    self.limit = limit
  }

  public var isMet: Bool { sense == .atMost ? achieved <= limit : achieved >= limit }

  /// `difference in standard deviations 0.012, wanted at most 0.05`.
  public var statement: String {
    "\(measure) \(Formatting.tidy(achieved, digits: 3)), wanted \(sense.rawValue) \(Formatting.tidy(limit, digits: 3))"
  }
}
