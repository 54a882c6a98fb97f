/// f(c1, c2, ...) of values that are the same everywhere is such a value.
struct FoldElementwiseConstants: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ operands: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard let function = (primitive as? Elementwise)?.function else { return nil }
    let values = operands.compactMap(graph.fill)
    guard values.count == operands.count, function != .select, !function.yieldsBool, graph.spec(operands[0]).dtype.isFloatingPoint
    else { return nil }
    let arguments = zip(values, operands).map { Tensor($0, dtype: graph.spec($1).dtype) }
    return graph.constant(Tensor.apply(Elementwise(function), arguments).item(), graph.spec(operands[0]))
  }
}
