import Autodiff

extension RandomOperation {
  /// A reduction over random axes, kept or not; over axes with at least one element where `needsElements`.
  private static func over(
    _ name: String, _ smoothness: Smoothness = .smooth, needsElements: Bool = false,
    _ function: @escaping @Sendable (_ x: Tensor, _ axes: [Int], _ keep: Bool) -> Tensor
  ) -> RandomOperation {
    RandomOperation(name, smoothness) { context in
      guard let x = context.pick({ !needsElements || !$0.shape.contains(0) }) else { return nil }
      let axes = x.shape.indices.filter { _ in context.dice.chance(50) }.map { context.dice.chance(30) ? $0 - x.rank : $0 }
      let keep = context.dice.chance(40)
      context.remark = " over \(axes)\(keep ? " kept" : "")"
      return function(x, axes, keep)
    }
  }

  /// A function along one axis.
  private static func along(
    _ name: String, _ smoothness: Smoothness = .smooth, _ function: @escaping @Sendable (_ x: Tensor, _ axis: Int) -> Tensor
  ) -> RandomOperation {
    RandomOperation(name, smoothness) { context in
      guard let x = context.pick({ $0.rank > 0 && !$0.shape.contains(0) }), let axis = context.axis(of: x) else { return nil }
      context.remark = " along \(axis)"
      return function(x, axis)
    }
  }

  static let reductions: [RandomOperation] = [
    over("sum") { x, axes, keep in
      let sum = x.sum(axes: axes, keepingDimensions: keep)
      return sum * (Double(Swift.max(sum.count, 1)) / Double(Swift.max(x.count, 1))).squareRoot()
    },
    over("mean", needsElements: true) { $0.mean(axes: $1, keepingDimensions: $2) },
    over("max", .kinked, needsElements: true) { $0.max(axes: $1, keepingDimensions: $2) },
    over("min", .kinked, needsElements: true) { $0.min(axes: $1, keepingDimensions: $2) },
    over("logSumExp", needsElements: true) { 0.5 * $0.logSumExp(axes: $1, keepingDimensions: $2) },
    over("product", needsElements: true) { 0.5 * sin($0 + 1.0).product(axes: $1, keepingDimensions: $2) },
    along("cumulativeProduct") { 0.5 * cos($0).cumulativeProduct(axis: $1) },
    along("cumulativeLogSumExp") { 0.4 * $0.cumulativeLogSumExp(axis: $1) },
    along("cumulativeLogSumExp from the end") { 0.4 * $0.cumulativeLogSumExp(axis: $1, reverse: true) },
    along("softmax") { exp($0 - $0.logSumExp(axis: $1, keepingDimensions: true)) },
    along("centred") { $0 - $0.mean(axis: $1, keepingDimensions: true) },
    along("cumulativeSum") { $0.cumulativeSum(axis: $1) * (1 / Double($0.shape[$1])) },
    // A slope breaks ties that rounding could decide either way.
    along("argmax", .jumping) { x, axis in
      let slope = Tensor.iota(x.shape, axis: axis).cast(to: x.dtype) * 0.00123
      let place = (x + slope).argmax(axis: axis) - (x - slope).argmin(axis: axis)
      return place.cast(to: x.dtype) * 0.3 + x.mean(axis: axis)
    },
  ]
}
