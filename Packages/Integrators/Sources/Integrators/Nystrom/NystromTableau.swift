/// An explicit Runge-Kutta-Nyström method for q″ = M⁻¹ F(q): a row of data.
///
/// Qᵢ = q + cᵢ h v + h² Σⱼ aᵢⱼ M⁻¹ F(Qⱼ); q′ = q + h v + h² Σ b̄ᵢ M⁻¹ F(Qᵢ); p′ = p + h Σ bᵢ F(Qᵢ), v = M⁻¹ p.
public struct NystromTableau: Sendable, Hashable {
  /// The name by which tables and recipes know the row.
  public let name: String
  /// The documented order, which the ledger measures.
  public let order: Int
  /// cᵢ
  public let nodes: [Double]
  /// aᵢⱼ for j < i, row after row: a₂₁, a₃₁, a₃₂, …
  public let stages: [Double]
  /// b̄ᵢ
  public let positionWeights: [Double]
  /// bᵢ
  public let momentumWeights: [Double]
  /// Where the coefficients come from.
  public let reference: String

  public init(
    _ name: String, order: Int, nodes: [Double], stages: [Double], positionWeights: [Double], momentumWeights: [Double],
    reference: String
  ) {
    let count = nodes.count
    precondition(
      stages.count == count * (count - 1) / 2 && positionWeights.count == count && momentumWeights.count == count,
      "NystromTableau \(name): \(count) nodes need \(count * (count - 1) / 2) stages and \(count) weights of both kinds, "
        + "not \(stages.count), \(positionWeights.count) and \(momentumWeights.count)")
    precondition(order > 0, "NystromTableau \(name): an order of \(order) does not converge")
    self.name = name
    self.order = order
    self.nodes = nodes
    self.stages = stages
    self.positionWeights = positionWeights
    self.momentumWeights = momentumWeights
    self.reference = reference
  }
}

extension NystromTableau: CustomStringConvertible {
  public var description: String { name }
}

extension NystromTableau {
  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [NystromTableau] = [nystrom4, dormandPrinceNystrom4, nystrom5]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> NystromTableau? { catalogue.first { $0.name == name } }

  /// Three stages of fourth order.
  public static let nystrom4 = NystromTableau(
    "nystrom4", order: 4, nodes: [0, 0.5, 1], stages: [1.0 / 8, 0, 1.0 / 2], positionWeights: [1.0 / 6, 1.0 / 3, 0],
    momentumWeights: [1.0 / 6, 4.0 / 6, 1.0 / 6], reference: "Nyström, Acta Soc. Sci. Fenn. 50, 13 (1925)")

  /// Four stages of fourth order with a small error, the higher of RKN4(3)4FM.
  public static let dormandPrinceNystrom4 = NystromTableau(
    "dormandPrinceNystrom4", order: 4, nodes: [0, 1.0 / 4, 7.0 / 10, 1],
    stages: [1.0 / 32, 7.0 / 1000, 119.0 / 500, 1.0 / 14, 8.0 / 27, 25.0 / 189],
    positionWeights: [1.0 / 14, 8.0 / 27, 25.0 / 189, 0], momentumWeights: [1.0 / 14, 32.0 / 81, 250.0 / 567, 5.0 / 54],
    reference: "Dormand, El-Mikkawy, Prince, IMA J. Numer. Anal. 7, 235 (1987)")

  /// Four stages of fifth order.
  public static let nystrom5 = NystromTableau(
    "nystrom5", order: 5, nodes: [0, 1.0 / 5, 2.0 / 3, 1],
    stages: [1.0 / 50, -1.0 / 27, 7.0 / 27, 3.0 / 10, -2.0 / 35, 9.0 / 35],
    positionWeights: [14.0 / 336, 100.0 / 336, 54.0 / 336, 0],
    momentumWeights: [14.0 / 336, 125.0 / 336, 162.0 / 336, 35.0 / 336], reference: "Nyström, Acta Soc. Sci. Fenn. 50, 13 (1925)")
}
