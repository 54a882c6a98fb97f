import Autodiff

extension PrimitiveCatalogue {
  /// Special functions, remainders and activations.
  static let functions: [PrimitiveCase] =
    rows(special, positive([5, 2], 21)) + rows(ofNegative, -2.0 - open([4], 22)) + pairs + rows(activations, normal([5, 3], 25))
    + rows(reductions, normal([3, 4, 5], 26)) + rows(running, normal([3, 4, 2], 27)) + zeros

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

  private static let activations: [UnaryRow] = [
    ("relu", { relu($0) }), ("leakyRelu", { leakyRelu($0, slope: 0.2) }), ("elu", { elu($0, scale: 1.3) }), ("silu", { silu($0) }),
    ("gelu", { gelu($0) }), ("gelu tanh", { gelu($0, form: .tanh) }),
    ("clamp to tensors", { clamp($0, square($0) - 1.2, Tensor([0.5, 0.7, 0.9], dtype: $0.dtype)) }),
  ]

  private static let reductions: [UnaryRow] = [
    ("product", { $0.product() }), ("product 1", { $0.product(axis: 1) }), ("product 0 2", { $0.product(axes: [0, 2]) }),
    ("variance", { $0.variance(axes: [0, -1]) }), ("variance kept", { $0.variance(axis: 1, correction: 1, keepingDimensions: true) }),
    ("standardDeviation", { $0.standardDeviation(axis: -1) }), ("norm", { $0.norm(axes: [0, 1]) }),
    ("logSumExp of all", { $0.logSumExp() }), ("logSumExp 0 2", { $0.logSumExp(axes: [0, 2], keepingDimensions: true) }),
    ("softmax", { $0.softmax() }), ("softmax 0", { $0.softmax(axis: 0) }), ("logSoftmax", { $0.logSoftmax(axis: 1) }),
    ("max of all", { $0.max() }),
  ]

  private static let running: [UnaryRow] = [
    ("cumulativeSum reverse", { $0.cumulativeSum(axis: -1, reverse: true) }),
    ("cumulativeProduct", { $0.cumulativeProduct(axis: 1) }),
    ("cumulativeProduct reverse", { $0.cumulativeProduct(axis: 0, reverse: true) }),
    ("cumulativeLogSumExp", { $0.cumulativeLogSumExp(axis: 0) }),
    ("cumulativeLogSumExp reverse", { $0.cumulativeLogSumExp(axis: 1, reverse: true) }),
    ("recurrence", { $0.cumulativeProduct(axis: 1) * $0.cumulativeProduct(axis: 1, reverse: true) }),
  ]

  /// Products whose factors vanish one and two at a time.
  private static let zeros: [PrimitiveCase] = {
    let x = Tensor([2, 0, 3, 0.5, 0, 4, 0, 1, 1, -2, 3, -0.5], shape: [3, 4], dtype: .float64)
    return [
      PrimitiveCase("product with zeros", [x]) { $0[0].product(axis: 1) },
      PrimitiveCase("cumulativeProduct with zeros", [x]) { $0[0].cumulativeProduct(axis: 1) },
    ]
  }()
}
