import Autodiff

extension PrimitiveCatalogue {
  /// Special functions, remainders and activations.
  static let functions: [PrimitiveCase] =
    rows(special, positive([5, 2], 21)) + rows(ofNegative, -2.0 - open([4], 22)) + pairs

  private static let special: [UnaryRow] = [
    ("logGamma", { logGamma($0) }), ("digamma", { digamma($0) }), ("polygamma 1", { polygamma(1, $0) }),
    ("polygamma 2", { polygamma(2, $0) }), ("digamma of large", { digamma($0 + 20.0) }),
  ]

  /// Between the poles.
  private static let ofNegative: [UnaryRow] = [
    ("logGamma of negative", { logGamma($0 * 0.2 - 0.15) }), ("digamma of negative", { digamma($0 * 0.2 - 0.15) }),
  ]

  private static let pairs: [PrimitiveCase] = [
    PrimitiveCase("remainder", [normal([4, 3], 23) + 7.3, positive([3], 24) + 1.0]) { remainder($0[0], $0[1]) }
  ]
}
