/// A palindrome whose order rests on a kinetic energy quadratic in the momentum: fewer order conditions, smaller errors.
///
/// `SplittingMethod(.blanesMoanNystrom6)` compiles for a `NaturalHamiltonian` and for nothing else.
public struct NystromPalindrome: Sendable, Hashable {
  public let palindrome: Palindrome

  public init(_ palindrome: Palindrome) { self.palindrome = palindrome }

  public var name: String { palindrome.name }
}

/// A sequence without symmetry whose order rests on a kinetic energy quadratic in the momentum.
public struct NystromSequence: Sendable, Hashable {
  public let sequence: KickDriftSequence

  public init(_ sequence: KickDriftSequence) { self.sequence = sequence }

  public var name: String { sequence.name }
}

extension NystromPalindrome: CustomStringConvertible {
  public var description: String { name }
}

extension NystromSequence: CustomStringConvertible {
  public var description: String { name }
}

extension NystromPalindrome {
  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [NystromPalindrome] = [
    mclachlanNystrom4, blanesMoanNystrom4, okunborSkeel6, blanesMoanNystrom6, blanesMoanPositionNystrom6,
  ]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> NystromPalindrome? { catalogue.first { $0.name == name } }

  /// Four stages of fourth order that open with a drift.
  public static let mclachlanNystrom4 = row(
    "mclachlanNystrom4", order: 4, kicks: Palindrome.closed([1], centres: 2),
    drifts: Palindrome.closed([0.18819521776883821787, -0.021528551102171551201], centres: 1),
    "McLachlan, SIAM J. Sci. Comput. 16, 151 (1995)")

  /// Six stages of fourth order, SRKN₆ᵇ.
  public static let blanesMoanNystrom4 = row(
    "blanesMoanNystrom4", order: 4,
    kicks: Palindrome.closed([0.0829844064174052, 0.396309801498368, -0.0390563049223486], centres: 1),
    drifts: Palindrome.closed([0.245298957184271, 0.604872665711080], centres: 2), blanesMoan)

  /// Seven stages of sixth order, method 13, with the digits of McLachlan.
  public static let okunborSkeel6 = row(
    "okunborSkeel6", order: 6,
    kicks: Palindrome.closed([0.00016600692650009894, -0.37962421426377360608, 0.68913741185181063674], centres: 1),
    drifts: Palindrome.closed([-1.0130879789171747298, 1.1874295737325427070, -0.018335852096460590340], centres: 2),
    "Okunbor, Skeel, J. Comput. Appl. Math. 51, 375 (1994)")

  /// Eleven stages of sixth order that open with a kick, SRKN₁₁ᵇ.
  public static let blanesMoanNystrom6 = row(
    "blanesMoanNystrom6", order: 6,
    kicks: Palindrome.closed(
      [0.0414649985182624, 0.198128671918067, -0.0400061921041533, 0.0752539843015807, -0.0115113874206879], centres: 2),
    drifts: Palindrome.closed(
      [0.123229775946271, 0.290553797799558, -0.127049212625417, -0.246331761062075, 0.357208872795928], centres: 1), blanesMoan)

  /// Fourteen stages of sixth order that open with a drift, SRKN₁₄ᵃ.
  public static let blanesMoanPositionNystrom6 = row(
    "blanesMoanPositionNystrom6", order: 6,
    kicks: Palindrome.closed(
      [
        0.09171915262446165, 0.183983170005006, -0.05653436583288827, 0.004914688774712854, 0.143761127168358, 0.328567693746804,
      ], centres: 2),
    drifts: Palindrome.closed(
      [
        0.0378593198406116, 0.102635633102435, -0.0258678882665587, 0.314241403071447, -0.130144459517415, 0.106417700369543,
        -0.00879424312851058,
      ], centres: 1), blanesMoan)

  private static let blanesMoan = "Blanes, Moan, J. Comput. Appl. Math. 142, 313 (2002)"

  private static func row(
    _ name: String, order: Int, kicks: [Double], drifts: [Double], _ reference: String
  ) -> NystromPalindrome {
    NystromPalindrome(Palindrome(name, order: order, kicks: kicks, drifts: drifts, reference: reference))
  }
}

extension NystromSequence {
  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [NystromSequence] = [mclachlanAtela4, mclachlanAtela5]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> NystromSequence? { catalogue.first { $0.name == name } }

  /// Four stages of fourth order.
  public static let mclachlanAtela4 = NystromSequence(
    KickDriftSequence(
      "mclachlanAtela4", order: 4, opening: .kick,
      kicks: [0.1344961992774310892, -0.2248198030794208058, 0.7563200005156682911, 0.3340036032863214255],
      drifts: [0.5153528374311229364, -0.085782019412973646, 0.4415830236164665242, 0.1288461583653841854],
      reference: "McLachlan, Atela, Nonlinearity 5, 541 (1992)"))

  /// Six stages of fifth order.
  public static let mclachlanAtela5 = NystromSequence(
    KickDriftSequence(
      "mclachlanAtela5", order: 5, opening: .kick,
      kicks: [
        0.1193900292875672758, 0.6989273703824752308, -0.1713123582716007754, 0.4012695022513534480, 0.0107050818482359840,
        -0.0589796254980311632,
      ],
      drifts: [
        0.339839625839110000, -0.088601336903027329, 0.5858564768259621188, -0.603039356536491888, 0.3235807965546976394,
        0.4423637942197494587,
      ], reference: "McLachlan, Atela, Nonlinearity 5, 541 (1992)"))
}
