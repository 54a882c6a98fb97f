import Autodiff

extension RandomOperation {
  static let shapes: [RandomOperation] = [
    RandomOperation("reshape") { context in
      let x = context.pick()
      guard x.count > 0 else { return x.reshaped([0, 2]) }
      var (rest, shape) = (x.count, [Int]())
      while rest > 1 {
        let divisors = (1...Swift.min(rest, 64)).filter { rest % $0 == 0 }
        shape.append(shape.count == 3 ? rest : context.dice.choose(divisors + [rest]))
        rest /= shape.last!
      }
      return x.reshaped(shape)
    },
    RandomOperation("transpose") { context in
      let x = context.pick()
      var permutation = Array(x.shape.indices)
      for index in permutation.indices.reversed() { permutation.swapAt(index, context.dice.roll(index + 1)) }
      context.remark = " \(permutation)"
      return x.transposed(permutation)
    },
    RandomOperation("broadcast") { context in
      let x = context.pick()
      let count = context.dice.choose([1, 2, 3])
      if let axis = x.shape.firstIndex(of: 1), context.dice.chance(60) {
        var shape = x.shape
        shape[axis] = count
        return x.broadcast(to: shape) * 0.9
      }
      return x.rank < 4 ? x.broadcast(to: [count] + x.shape) * 0.9 : nil
    },
    RandomOperation("expand") { context in
      guard let x = context.pick({ $0.rank < 4 }) else { return nil }
      return x.expanded(axis: context.dice.roll(x.rank + 1))
    },
    RandomOperation("squeeze") { context in
      guard let x = context.pick({ $0.shape.contains(1) }) else { return nil }
      return x.squeezed(axis: x.shape.lastIndex(of: 1)!)
    },
    RandomOperation("slice") { context in
      guard let x = context.pick({ $0.rank > 0 }), let axis = context.axis(of: x) else { return nil }
      let lower = context.dice.roll(x.shape[axis] + 1)
      let upper = lower + context.dice.roll(x.shape[axis] - lower + 1)
      let step = 1 + context.dice.roll(3)
      context.remark = " \(lower)..<\(upper) by \(step) along \(axis)"
      return x.slice(axis: axis, lower..<upper, step: step)
    },
    RandomOperation("subscript") { context in
      guard let x = context.pick({ $0.rank > 0 && $0.shape[0] > 0 }) else { return nil }
      return x[context.dice.roll(x.shape[0])]
    },
    RandomOperation("concatenate") { context in
      guard let x = context.pick({ $0.rank > 0 }), let axis = context.axis(of: x) else { return nil }
      let y = context.fitted(context.pick(), to: x)
      let part = y.slice(axis: axis, 0..<(x.shape[axis] + 1) / 2)
      context.remark = " along \(axis)"
      return .concatenated(context.dice.chance(50) ? [x, part] : [part, x, cos(x)], axis: axis)
    },
    RandomOperation("stack") { context in
      guard let x = context.pick({ $0.rank < 4 }) else { return nil }
      return .stacked([x, context.fitted(context.pick(), to: x)], axis: context.dice.roll(x.rank + 1))
    },
    RandomOperation("iota") { context in
      guard let x = context.pick({ $0.rank > 0 }), let axis = context.axis(of: x) else { return nil }
      let along = Tensor.iota(x.shape, axis: axis, dtype: x.dtype)
      return context.bounded(x + 0.1 * along)
    },
  ]
}
