/// Kicks and drifts in turn that do not read the same backwards: symplectic, of any order, not its own inverse at −h.
///
/// With kicks k and drifts d that open with a kick, one step of size h is kick(k₁ h) drift(d₁ h) … kick(kₙ h) drift(dₙ h).
public struct KickDriftSequence: Sendable, Hashable {
  /// The name by which tables and recipes know the row.
  public let name: String
  /// The documented order, which the ledger measures.
  public let order: Int
  /// Which flow begins the step; the other one ends it.
  public let opening: Palindrome.Opening
  /// Fractions of the step for exp(h V): p += h · force(q).
  public let kicks: [Double]
  /// Fractions of the step for exp(h T): q += h · velocity(p).
  public let drifts: [Double]
  /// Where the coefficients come from.
  public let reference: String

  /// As many kicks as drifts, both summing to 1.
  public init(
    _ name: String, order: Int, opening: Palindrome.Opening, kicks: [Double], drifts: [Double], reference: String
  ) {
    precondition(
      kicks.count == drifts.count && !kicks.isEmpty,
      "KickDriftSequence \(name): \(kicks.count) kicks and \(drifts.count) drifts cannot alternate; give as many of both")
    for (kind, sequence) in [("kicks", kicks), ("drifts", drifts)] {
      let deviation = sequence.reduce(-1, +)
      precondition(
        deviation > -1e-12 && deviation < 1e-12,
        "KickDriftSequence \(name): \(kind) sum to \(1 + deviation); scale them to sum to 1")
    }
    precondition(order > 0, "KickDriftSequence \(name): an order of \(order) does not converge")
    self.name = name
    self.order = order
    self.opening = opening
    self.kicks = kicks
    self.drifts = drifts
    self.reference = reference
  }

  /// The adjoint method: its step of −h undoes a step of h.
  public func adjoint(named name: String) -> KickDriftSequence {
    KickDriftSequence(
      name, order: order, opening: opening == .kick ? .drift : .kick, kicks: kicks.reversed(), drifts: drifts.reversed(),
      reference: reference)
  }
}

extension KickDriftSequence: CustomStringConvertible {
  public var description: String { name }
}

extension KickDriftSequence {
  /// Every shipped row for any T(p). `LEDGER.md` holds what was measured of each.
  public static let catalogue: [KickDriftSequence] = [symplecticEuler, adjointEuler, mclachlanAtela2, ruth3, mclachlanAtela3]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> KickDriftSequence? { catalogue.first { $0.name == name } }

  /// p += h F(q); q += h v(p).
  public static let symplecticEuler = KickDriftSequence(
    "symplecticEuler", order: 1, opening: .kick, kicks: [1], drifts: [1], reference: "de Vogelaere, Univ. Notre Dame (1956)")

  /// q += h v(p); p += h F(q).
  public static let adjointEuler = symplecticEuler.adjoint(named: "adjointEuler")

  /// Two stages of second order with the smallest error: drifts 1/√2 and 1 − 1/√2.
  public static let mclachlanAtela2: KickDriftSequence = {
    let large = (0.5).squareRoot()
    return KickDriftSequence(
      "mclachlanAtela2", order: 2, opening: .kick, kicks: [1 - large, large], drifts: [large, 1 - large],
      reference: "McLachlan, Atela, Nonlinearity 5, 541 (1992)")
  }()

  /// Three stages of third order in rational numbers.
  public static let ruth3 = KickDriftSequence(
    "ruth3", order: 3, opening: .kick, kicks: [7.0 / 24, 3.0 / 4, -1.0 / 24], drifts: [2.0 / 3, -2.0 / 3, 1],
    reference: "Ruth, IEEE Trans. Nucl. Sci. 30, 2669 (1983)")

  /// Three stages of third order with the smallest error.
  public static let mclachlanAtela3: KickDriftSequence = {
    let drifts = [0.9196615230173998571, -0.1879916187991597820, 0.2683300957817599250]
    return KickDriftSequence(
      "mclachlanAtela3", order: 3, opening: .kick, kicks: drifts.reversed(), drifts: drifts,
      reference: "McLachlan, Atela, Nonlinearity 5, 541 (1992)")
  }()
}
