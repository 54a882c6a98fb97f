extension ExplicitTableau {
  /// Every shipped row without an error estimate. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [ExplicitTableau] = [euler, midpoint, heun, ralston, rungeKutta4]

  /// The row of that name, embedded pairs included, or nil.
  public static func named(_ name: String) -> ExplicitTableau? {
    (catalogue + EmbeddedTableau.catalogue.map(\.base)).first { $0.name == name }
  }
}

extension EmbeddedTableau {
  /// Every shipped row with an error estimate. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [EmbeddedTableau] = [
    bogackiShampine3, dormandPrince5, tsitouras5, verner6, verner7, dormandPrince8, verner9,
  ]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> EmbeddedTableau? { catalogue.first { $0.name == name } }
}
