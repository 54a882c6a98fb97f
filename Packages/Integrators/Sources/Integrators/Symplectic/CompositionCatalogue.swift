extension SymmetricComposition {
  /// Every shipped row.
  public static let catalogue: [SymmetricComposition] = [
    tripleJump4, quintupleJump4, mclachlan4, yoshida6, kahanLi6, mclachlan6, suzuki6, yoshida8, mclachlan8, kahanLi8, suzuki8,
  ]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> SymmetricComposition? { catalogue.first { $0.name == name } }

  /// w₁ = 1/(2 − 2^⅓), 1 − 2 w₁, w₁.
  public static let tripleJump4 = SymmetricComposition(
    "tripleJump4", order: 4, half: [1 / (2 - 1.2599210498948731648)], reference: "Yoshida, Phys. Lett. A 150, 262 (1990)")

  /// s, s, 1 − 4 s, s, s with s = 1/(4 − 4^⅓).
  public static let quintupleJump4 = SymmetricComposition(
    "quintupleJump4", order: 4, weights: quintuple(root: 1.5874010519681994748),
    reference: "Suzuki, Phys. Lett. A 146, 319 (1990)")

  /// Five stages with the smallest error, SS₅.
  public static let mclachlan4 = SymmetricComposition(
    "mclachlan4", order: 4, half: [0.28, 0.6254664284676700450], reference: "McLachlan, SIAM J. Sci. Comput. 16, 151 (1995)")

  /// Seven stages, solution A.
  public static let yoshida6 = SymmetricComposition(
    "yoshida6", order: 6, half: [0.78451361047755726382, 0.23557321335935813369, -1.17767998417887100695],
    reference: "Yoshida, Phys. Lett. A 150, 262 (1990)")

  /// Nine stages, s9odr6a.
  public static let kahanLi6 = SymmetricComposition(
    "kahanLi6", order: 6,
    half: [
      0.39216144400731413927925056, 0.33259913678935943859974864, -0.70624617255763935980996482, 0.08221359629355080023149045,
    ], reference: "Kahan, Li, Math. Comp. 66, 1089 (1997)")

  /// Nine stages, SS₉.
  public static let mclachlan6 = SymmetricComposition(
    "mclachlan6", order: 6, half: [0.1867, 0.55549702371247839916, 0.12946694891347535806, -0.84326562338773460855],
    reference: "McLachlan, SIAM J. Sci. Comput. 16, 151 (1995)")

  /// Twenty-five stages: the quintuple jump of the quintuple jump, s = 1/(4 − 4^⅕).
  public static let suzuki6 = SymmetricComposition(
    "suzuki6", order: 6, weights: quintupleJump4.nested(in: quintuple(root: 1.319507910772894259374)),
    reference: "Suzuki, Phys. Lett. A 146, 319 (1990)")

  /// Fifteen stages, solution D.
  public static let yoshida8 = SymmetricComposition(
    "yoshida8", order: 8,
    half: [
      0.914844246229642658287, 0.253693336566286009974, -1.44485223686030647660, -0.158240635368502468458,
      1.93813913762291232471, -1.96061023297558163691, 0.102799849392219431139,
    ], reference: "Yoshida, Phys. Lett. A 150, 262 (1990)")

  /// Fifteen stages; found by Suzuki and Umeno, and by McLachlan as SS₁₅.
  public static let mclachlan8 = SymmetricComposition(
    "mclachlan8", order: 8,
    half: [
      0.74167036435061295344822780, -0.40910082580003159399730010, 0.19075471029623837995387626, -0.57386247111608226665638773,
      0.29906418130365592384446354, 0.33462491824529818378495798, 0.31529309239676659663205666,
    ], reference: "McLachlan, SIAM J. Sci. Comput. 16, 151 (1995)")

  /// Seventeen stages, s17odr8a.
  public static let kahanLi8 = SymmetricComposition(
    "kahanLi8", order: 8,
    half: [
      0.13020248308889008087881763, 0.56116298177510838456196441, -0.38947496264484728640807860, 0.15884190655515560089621075,
      -0.39590389413323757733623154, 0.18453964097831570709183254, 0.25837438768632204729397911, 0.29501172360931029887096624,
    ], reference: "Kahan, Li, Math. Comp. 66, 1089 (1997)")

  /// 125 stages: the quintuple jump of `suzuki6`, s = 1/(4 − 4^(1/7)).
  public static let suzuki8 = SymmetricComposition(
    "suzuki8", order: 8, weights: suzuki6.nested(in: quintuple(root: 1.219013654204475440911691)),
    reference: "Suzuki, Phys. Lett. A 146, 319 (1990)")

  private static func quintuple(root: Double) -> [Double] {
    let weight = 1 / (4 - root)
    return Palindrome.closed([weight, weight], centres: 1)
  }
}
