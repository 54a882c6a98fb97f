extension Palindrome {
  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [Palindrome] = [
    leapfrog, positionLeapfrog, mclachlan2, yoshida4, forestRuth4, suzuki4, mclachlan4, blanesMoan4, pefrl4, yoshida6,
    suzuki6, kahanLi6, mclachlan6, blanesMoan6, yoshida8, suzuki8, kahanLi8, mclachlan8,
  ]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> Palindrome? { catalogue.first { $0.name == name } }

  /// Kick-drift-kick, velocity Verlet: p += h/2 F(q); q += h v(p); p += h/2 F(q).
  public static let leapfrog = Palindrome(
    "leapfrog", order: 2, composing: [1], reference: "Verlet, Phys. Rev. 159, 98 (1967)")

  /// Drift-kick-drift, position Verlet: q += h/2 v(p); p += h F(q); q += h/2 v(p).
  public static let positionLeapfrog = Palindrome(
    "positionLeapfrog", order: 2, composing: [1], opening: .drift,
    reference: "Tuckerman, Berne, Martyna, J. Chem. Phys. 97, 1990 (1992)")

  /// Two stages of second order with the smallest error norm: λ = 1/2 − s/12 + 1/(6 s), s = (2 √326 + 36)^⅓.
  public static let mclachlan2 = Palindrome(
    "mclachlan2", order: 2, kicks: [0.19318332750378357, 1 - 2 * 0.19318332750378357, 0.19318332750378357],
    drifts: [0.5, 0.5], reference: "McLachlan, SIAM J. Sci. Comput. 16, 151 (1995)")

  /// Triple jump of kick-drift-kick: w₁ = 1/(2 − 2^⅓), w₀ = 1 − 2 w₁.
  public static let yoshida4 = Palindrome("yoshida4", .tripleJump4)

  /// Triple jump of drift-kick-drift.
  public static let forestRuth4 = Palindrome(
    "forestRuth4", order: 4, composing: SymmetricComposition.tripleJump4.weights, opening: .drift,
    reference: "Forest, Ruth, Physica D 43, 105 (1990)")

  /// Five leapfrogs: s, s, 1 − 4 s, s, s with s = 1/(4 − 4^⅓).
  public static let suzuki4 = Palindrome("suzuki4", .quintupleJump4)

  /// Five stages of fourth order, composed of symplectic Euler steps and their adjoints.
  public static let mclachlan4: Palindrome = {
    let root = (19.0).squareRoot()
    let adjoint = [(14 - root) / 108, (-23 - 20 * root) / 270, 0.2, (-2 + 10 * root) / 135, (146 + 5 * root) / 540]
    let euler: [Double] = adjoint.reversed()
    let kicks = [adjoint[0], euler[0] + adjoint[1], euler[1] + adjoint[2]]
    let drifts = [adjoint[0] + euler[0], adjoint[1] + euler[1]]
    return Palindrome(
      "mclachlan4", order: 4, kicks: kicks + kicks.reversed(), drifts: closed(drifts, centres: 1),
      reference: "McLachlan, SIAM J. Sci. Comput. 16, 151 (1995)")
  }()

  /// Six stages of fourth order, S₆.
  public static let blanesMoan4: Palindrome = {
    let kicks = [0.0792036964311957, 0.353172906049774, -0.0420650803577195]
    let drifts = [0.209515106613362, -0.143851773179818]
    return Palindrome(
      "blanesMoan4", order: 4, kicks: closed(kicks, centres: 1), drifts: closed(drifts, centres: 2),
      reference: "Blanes, Moan, J. Comput. Appl. Math. 142, 313 (2002)")
  }()

  /// Position-extended Forest-Ruth-like: four force evaluations with a small error norm.
  public static let pefrl4: Palindrome = {
    let kicks = [(1 - 2 * -0.2123418310626054) / 2]
    let drifts = [0.1786178958448091, -0.06626458266981849]
    return Palindrome(
      "pefrl4", order: 4, kicks: closed(kicks, centres: 2), drifts: closed(drifts, centres: 1),
      reference: "Omelyan, Mryglod, Folk, Comput. Phys. Commun. 146, 188 (2002)")
  }()

  /// Seven leapfrogs, solution A.
  public static let yoshida6 = Palindrome("yoshida6", .yoshida6)

  /// Twenty-five leapfrogs, none of them long.
  public static let suzuki6 = Palindrome("suzuki6", .suzuki6)

  /// Nine leapfrogs, s9odr6a.
  public static let kahanLi6 = Palindrome("kahanLi6", .kahanLi6)

  /// Nine leapfrogs, SS₉.
  public static let mclachlan6 = Palindrome("mclachlan6", .mclachlan6)

  /// Ten stages of sixth order, S₁₀.
  public static let blanesMoan6: Palindrome = {
    let kicks = [0.0502627644003922, 0.413514300428344, 0.0450798897943977, -0.188054853819569, 0.541960678450780]
    let drifts = [0.148816447901042, -0.132385865767784, 0.067307604692185, 0.432666402578175]
    return Palindrome(
      "blanesMoan6", order: 6, kicks: closed(kicks, centres: 1), drifts: closed(drifts, centres: 2),
      reference: "Blanes, Moan, J. Comput. Appl. Math. 142, 313 (2002)")
  }()

  /// Fifteen leapfrogs, solution D.
  public static let yoshida8 = Palindrome("yoshida8", .yoshida8)

  /// 125 leapfrogs, none of them long.
  public static let suzuki8 = Palindrome("suzuki8", .suzuki8)

  /// Seventeen leapfrogs, s17odr8a.
  public static let kahanLi8 = Palindrome("kahanLi8", .kahanLi8)

  /// Fifteen leapfrogs, SS₁₅.
  public static let mclachlan8 = Palindrome("mclachlan8", .mclachlan8)

  /// `half` and its mirror image, with `centres` equal middle terms chosen so that the whole sums to 1.
  static func closed(_ half: [Double], centres: Int) -> [Double] {
    let centre = (1 - 2 * half.reduce(0, +)) / Double(centres)
    return half + Array(repeating: centre, count: centres) + half.reversed()
  }
}
