import Autodiff

extension RandomOperation {
  private static let hasRows: @Sendable (Tensor) -> Bool = { $0.rank > 0 && $0.shape[0] > 0 }

  /// A value with elements, one of its axes, and indices into it.
  private static func at(
    _ name: String, _ smoothness: Smoothness = .smooth,
    _ function: @escaping @Sendable (_ context: inout StepContext, _ x: Tensor, _ axis: Int) -> Tensor?
  ) -> RandomOperation {
    RandomOperation(name, smoothness) { context in
      guard let x = context.pick({ $0.rank > 0 && !$0.shape.contains(0) }), let axis = context.axis(of: x) else { return nil }
      context.remark = " along \(axis)"
      return function(&context, x, axis)
    }
  }

  private static func places(_ context: inout StepContext, _ count: Int, below extent: Int) -> Tensor {
    Tensor((0..<count).map { _ in Int32(context.dice.roll(extent)) })
  }

  /// A slope breaks ties that rounding could decide either way.
  private static func untied(_ x: Tensor, _ axis: Int) -> Tensor { x + Tensor.iota(x.shape, axis: axis, dtype: x.dtype) * 0.00123 }

  static let indexing: [RandomOperation] = [
    RandomOperation("gather") { context in
      guard let x = context.pick(hasRows) else { return nil }
      return x.gathered(places(&context, 1 + context.dice.roll(Swift.min(x.shape[0] + 2, 8)), below: x.shape[0]))
    },
    RandomOperation("gather rows in another order") { context in
      guard let x = context.pick(hasRows) else { return nil }
      let last = Tensor.full([x.shape[0]], Double(x.shape[0] - 1), dtype: .int32)
      return x + 0.5 * x.gathered(last - Tensor.iota([x.shape[0]]))
    },
    RandomOperation("gather at the largest", .jumping) { context in
      guard let x = context.pick({ $0.rank == 2 && !$0.shape.contains(0) && $0.shape[0] < 20 }) else { return nil }
      return x.gathered(untied(x, 0).argmax(axis: 0))
    },
    at("take") { context, x, axis in
      let indices = places(&context, 4, below: x.shape[axis])
      return x.take(context.dice.chance(50) ? indices : indices.reshaped([2, 2]), axis: axis)
    },
    at("take one") { context, x, axis in x.take(Tensor.full([], Double(context.dice.roll(x.shape[axis])), dtype: .int32), axis: axis) },
    at("takeAlong", .jumping) { context, x, axis in
      let order = untied(context.fitted(context.pick(), to: x), axis).argsort(axis: axis, descending: context.dice.chance(50))
      return x.takeAlong(order, axis: axis)
    },
    at("scatterAdd") { context, x, axis in
      let (from, to) = (places(&context, 3, below: x.shape[axis]), places(&context, 3, below: x.shape[axis]))
      return 0.6 * x.scatterAdd(to, sin(x.take(from, axis: axis)), axis: axis)
    },
    at("oneHot") { context, x, _ in
      let place = Tensor.full([], Double(context.dice.roll(x.shape.last!)), dtype: .int32)
      return 0.7 * x + Tensor.oneHot(place, count: x.shape.last!, dtype: x.dtype) * 0.5
    },
    at("sort", .kinked) { context, x, axis in x.sorted(axis: axis, descending: context.dice.chance(50)) },
    at("topK", .kinked) { context, x, axis in x.topK(1 + context.dice.roll(x.shape[axis]), axis: axis).values },
    at("searchSorted", .jumping) { context, x, axis in
      let sequence = x.reshaped([-1]).slice(axis: 0, 0..<Swift.min(x.count, 20)).sorted()
      let places = sequence.searchSorted(x + 0.0123, afterEqual: context.dice.chance(50))
      return context.bounded(x - 0.1 * places.cast(to: x.dtype))
    },
    at("pad") { context, x, axis in
      let padding: Padding = x.shape[axis] > 2 ? context.dice.choose([.constant(0.5), .edge, .reflect]) : .constant(0.25)
      return x.padded(axis: axis, before: context.dice.roll(3), after: context.dice.roll(3), with: padding)
    },
    at("tile") { context, x, axis in x.tiled(x.shape.indices.map { $0 == axis ? 2 : 1 }) },
    at("repeat") { context, x, axis in x.repeated(2, axis: axis) },
    at("flip") { context, x, axis in 0.6 * (x.flipped(axis: axis) + x) },
    at("roll") { context, x, axis in x.rolled(context.dice.roll(7) - 3, axis: axis) - 0.4 * x },
    at("split") { context, x, axis in
      let first = context.dice.roll(x.shape[axis] + 1)
      return x.split(sizes: [first, x.shape[axis] - first], axis: axis)[context.dice.roll(2)]
    },
    at("moveAxis") { context, x, axis in x.movedAxis(axis, to: context.dice.roll(x.rank)) },
  ]
}
