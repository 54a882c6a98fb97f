extension Simplifier {
  /// Identities of the element-wise functions.
  mutating func rewrite(_ function: ElementwiseFunction, _ operands: [Int]) -> Int? {
    if let constant = folded(function, operands) { return constant }
    if let smaller = beforeBroadcast(function, operands) { return smaller }
    switch function {
    case .add: return sum(operands[0], operands[1])
    case .subtract: return difference(operands[0], operands[1])
    case .multiply: return product(operands[0], operands[1])
    case .divide: return fill(operands[1]) == 1 ? operands[0] : nil
    case .negate:
      if isNegation(operands[0]) { return inputs(operands[0])[0] }
      if isFunction(operands[0], .subtract) {
        return add(Elementwise(.subtract), inputs(operands[0]).reversed())
      }
      return scaled(operands[0]).map { add(Elementwise(.multiply), [$0.x, constant(-$0.by, spec(operands[0]))]) }
    case .maximum, .minimum, .equal, .notEqual, .and, .or: return ordered(function, operands)
    default: return nil
    }
  }

  private func isFunction(_ index: Int, _ function: ElementwiseFunction) -> Bool {
    (primitive(index) as? Elementwise)?.function == function
  }

  private func isNegation(_ index: Int) -> Bool { isFunction(index, .negate) }

  /// x and c when the node is x * c.
  private func scaled(_ index: Int) -> (x: Int, by: Double)? {
    guard isFunction(index, .multiply) else { return nil }
    let operands = inputs(index)
    return fill(operands[1]).map { (operands[0], $0) }
  }

  /// Commutative operands in one order, constants last, so that equal nodes are found equal.
  private mutating func ordered(_ function: ElementwiseFunction, _ operands: [Int]) -> Int? {
    let (a, b) = (operands[0], operands[1])
    let swap = fill(a) != nil && fill(b) == nil || (fill(a) == nil) == (fill(b) == nil) && a > b
    return swap ? add(Elementwise(function), [b, a]) : nil
  }

  private mutating func sum(_ a: Int, _ b: Int) -> Int? {
    if fill(b) == 0 { return a }
    if fill(a) == 0 { return b }
    if isNegation(b) { return add(Elementwise(.subtract), [a, inputs(b)[0]]) }
    if isNegation(a) { return add(Elementwise(.subtract), [b, inputs(a)[0]]) }
    return ordered(.add, [a, b])
  }

  private mutating func difference(_ a: Int, _ b: Int) -> Int? {
    if fill(b) == 0 { return a }
    if fill(a) == 0 { return add(Elementwise(.negate), [b]) }
    if isNegation(b) { return add(Elementwise(.add), [a, inputs(b)[0]]) }
    return nil
  }

  private mutating func product(_ a: Int, _ b: Int) -> Int? {
    if fill(b) == 1 { return a }
    if fill(a) == 1 { return b }
    if fill(b) == -1 { return add(Elementwise(.negate), [a]) }
    if fill(a) == -1 { return add(Elementwise(.negate), [b]) }
    if a == b { return add(Elementwise(.square), [a]) }
    if isNegation(a), isNegation(b) { return add(Elementwise(.multiply), [inputs(a)[0], inputs(b)[0]]) }
    if let c = fill(b) {
      if isNegation(a) { return add(Elementwise(.multiply), [inputs(a)[0], constant(-c, spec(b))]) }
      if let inner = scaled(a) { return add(Elementwise(.multiply), [inner.x, constant(inner.by * c, spec(b))]) }
    }
    return ordered(.multiply, [a, b])
  }

  /// f(c1, c2, ...) as a constant.
  private mutating func folded(_ function: ElementwiseFunction, _ operands: [Int]) -> Int? {
    let values = operands.compactMap(fill)
    guard values.count == operands.count, function != .select, !function.yieldsBool, spec(operands[0]).dtype.isFloatingPoint
    else { return nil }
    let arguments = zip(values, operands).map { Tensor($0, dtype: spec($1).dtype) }
    return constant(Tensor.apply(Elementwise(function), arguments).item(), spec(operands[0]))
  }

  /// f(broadcast(x)) = broadcast(f(x)), when that is less work.
  private mutating func beforeBroadcast(_ function: ElementwiseFunction, _ operands: [Int]) -> Int? {
    let varying = operands.filter { fill($0) == nil }
    guard let first = varying.first, primitive(first) is Broadcast, varying.allSatisfy({ primitive($0) is Broadcast }) else {
      return nil
    }
    let shape = spec(first).shape
    let small = spec(inputs(first)[0]).shape
    guard varying.allSatisfy({ spec(inputs($0)[0]).shape == small }), small.reduce(1, *) < shape.reduce(1, *) else { return nil }
    let reduced = operands.map { operand in
      fill(operand).map { constant($0, TensorSpec(small, spec(operand).dtype)) } ?? inputs(operand)[0]
    }
    return add(Broadcast(shape: shape), [add(Elementwise(function), reduced)])
  }
}
