/// A symmetric sequence of kicks and drifts that approximates the flow of H = T + V: one row of the catalogue.
///
/// With kicks k and drifts d that open with a kick, one step of size h is
/// kick(k₁ h) drift(d₁ h) kick(k₂ h) … drift(dₘ h) kick(kₘ₊₁ h). Being symmetric it is its own inverse at −h and
/// its order is even; being made of exact flows it is symplectic.
public struct Palindrome: Sendable, Hashable {
  /// Which flow begins and ends the step.
  public enum Opening: String, Sendable, Hashable, CaseIterable { case kick, drift }

  /// The name by which tables and recipes know the row.
  public let name: String
  /// The documented order, which the ledger measures.
  public let order: Int
  /// Fractions of the step for exp(h V): p += h · force(q).
  public let kicks: [Double]
  /// Fractions of the step for exp(h T): q += h · velocity(p).
  public let drifts: [Double]
  /// Where the coefficients come from.
  public let reference: String

  /// Both sequences read the same backwards, sum to 1, and differ in length by one; the longer one opens the step.
  public init(_ name: String, order: Int, kicks: [Double], drifts: [Double], reference: String) {
    for (kind, sequence) in [("kicks", kicks), ("drifts", drifts)] {
      precondition(
        sequence == sequence.reversed(), "Palindrome \(name): \(kind) \(sequence) do not read the same backwards")
      let deviation = sequence.reduce(-1, +)
      precondition(
        deviation > -1e-12 && deviation < 1e-12,
        "Palindrome \(name): \(kind) sum to \(1 + deviation); scale them to sum to 1")
    }
    precondition(
      kicks.count - drifts.count == 1 || drifts.count - kicks.count == 1,
      "Palindrome \(name): \(kicks.count) kicks and \(drifts.count) drifts cannot alternate; let one be longer by one")
    precondition(order > 0 && order % 2 == 0, "Palindrome \(name): order \(order) of a symmetric method is even")
    self.name = name
    self.order = order
    self.kicks = kicks
    self.drifts = drifts
    self.reference = reference
  }

  /// Leapfrog steps of sizes `weights` · h one after the other, with the touching halves merged.
  public init(
    _ name: String, order: Int, composing weights: [Double], opening: Opening = .kick, reference: String
  ) {
    var outer: [Double] = []
    var previous = 0.0
    for weight in weights {
      outer.append((previous + weight) / 2)
      previous = weight
    }
    outer.append(previous / 2)
    switch opening {
    case .kick: self.init(name, order: order, kicks: outer, drifts: weights, reference: reference)
    case .drift: self.init(name, order: order, kicks: weights, drifts: outer, reference: reference)
    }
  }

  /// Leapfrog composed to a higher order.
  public init(_ name: String, _ composition: SymmetricComposition, opening: Opening = .kick) {
    self.init(
      name, order: composition.order, composing: composition.weights, opening: opening, reference: composition.reference)
  }

  public var opening: Opening { kicks.count > drifts.count ? .kick : .drift }

  /// Force evaluations for each of many steps; a row that opens with a kick needs one more in all.
  public var forceEvaluationsPerStep: Int { Swift.min(kicks.count, drifts.count) }

  /// Force evaluations of `count` steps taken together.
  public func forceEvaluations(steps count: Int) -> Int {
    guard count > 0 else { return 0 }
    return count * forceEvaluationsPerStep + (opening == .kick ? 1 : 0)
  }

  /// The row with kicks and drifts exchanged: the same order, the other variable moved first.
  public func exchanged(named name: String) -> Palindrome {
    Palindrome(name, order: order, kicks: drifts, drifts: kicks, reference: reference)
  }
}

extension Palindrome: CustomStringConvertible {
  public var description: String { name }
}
