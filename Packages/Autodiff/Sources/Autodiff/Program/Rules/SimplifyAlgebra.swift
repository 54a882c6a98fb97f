/// Sums, differences and products with 0, 1, -1, negations and constants; commutative operands in one order.
struct SimplifyAlgebra: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ operands: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard let function = (primitive as? Elementwise)?.function else { return nil }
    switch function {
    case .add: return sum(operands[0], operands[1], &graph)
    case .subtract: return difference(operands[0], operands[1], &graph)
    case .multiply: return product(operands[0], operands[1], &graph)
    case .divide: return graph.fill(operands[1]) == 1 ? operands[0] : nil
    case .negate: return negation(operands[0], &graph)
    case .maximum, .minimum, .equal, .notEqual, .and, .or: return ordered(function, operands[0], operands[1], &graph)
    default: return nil
    }
  }

  /// The node of which this one is the negative.
  private func negated(_ index: Int, _ graph: GraphRewriter) -> Int? {
    graph.function(index) == .negate ? graph.inputs(index)[0] : nil
  }

  /// x and c when the node is x * c.
  private func scaled(_ index: Int, _ graph: GraphRewriter) -> (x: Int, by: Double)? {
    guard graph.function(index) == .multiply else { return nil }
    let operands = graph.inputs(index)
    return graph.fill(operands[1]).map { (operands[0], $0) }
  }

  private func negation(_ x: Int, _ graph: inout GraphRewriter) -> Int? {
    if let inner = negated(x, graph) { return inner }
    if graph.function(x) == .subtract { return graph.add(.subtract, graph.inputs(x).reversed()) }
    return scaled(x, graph).map { graph.add(.multiply, [$0.x, graph.constant(-$0.by, graph.spec(x))]) }
  }

  private func sum(_ a: Int, _ b: Int, _ graph: inout GraphRewriter) -> Int? {
    if graph.fill(b) == 0 { return a }
    if graph.fill(a) == 0 { return b }
    if let inner = negated(b, graph) { return graph.add(.subtract, [a, inner]) }
    if let inner = negated(a, graph) { return graph.add(.subtract, [b, inner]) }
    return ordered(.add, a, b, &graph)
  }

  private func difference(_ a: Int, _ b: Int, _ graph: inout GraphRewriter) -> Int? {
    if graph.fill(b) == 0 { return a }
    if graph.fill(a) == 0 { return graph.add(.negate, [b]) }
    return negated(b, graph).map { graph.add(.add, [a, $0]) }
  }

  private func product(_ a: Int, _ b: Int, _ graph: inout GraphRewriter) -> Int? {
    if graph.fill(b) == 1 { return a }
    if graph.fill(a) == 1 { return b }
    if graph.fill(b) == -1 { return graph.add(.negate, [a]) }
    if graph.fill(a) == -1 { return graph.add(.negate, [b]) }
    if a == b { return graph.add(.square, [a]) }
    let (innerA, innerB) = (negated(a, graph), negated(b, graph))
    if let innerA, let innerB { return graph.add(.multiply, [innerA, innerB]) }
    if let c = graph.fill(b) {
      if let innerA { return graph.add(.multiply, [innerA, graph.constant(-c, graph.spec(b))]) }
      if let inner = scaled(a, graph) { return graph.add(.multiply, [inner.x, graph.constant(inner.by * c, graph.spec(b))]) }
    }
    return ordered(.multiply, a, b, &graph)
  }

  /// Commutative operands in one order, constants last, so that equal nodes are found equal.
  private func ordered(_ function: ElementwiseFunction, _ a: Int, _ b: Int, _ graph: inout GraphRewriter) -> Int? {
    let (constantA, constantB) = (graph.fill(a) != nil, graph.fill(b) != nil)
    let swap = constantA && !constantB || constantA == constantB && a > b
    return swap ? graph.add(function, [b, a]) : nil
  }
}
