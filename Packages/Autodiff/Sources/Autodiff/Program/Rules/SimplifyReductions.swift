/// Reductions over one element, of constants, and sums over axes along which values repeat.
struct SimplifyReductions: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ inputs: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard let reduce = primitive as? Reduce else { return nil }
    let x = inputs[0]
    let shape = graph.spec(x).shape
    let length = shape[reduce.axes].reduce(1, *)
    let result = reduce.result(of: [graph.spec(x)])
    if length == 1 { return graph.add(Reshape(shape: result.shape), [x]) }
    if let value = graph.fill(x), length > 0, let constant = folded(reduce.kind, value, length) {
      return graph.constant(constant, result)
    }
    guard reduce.kind == .sum, graph.primitive(x) is Broadcast else { return nil }
    // A sum over axes along which the values repeat is a multiple of the values.
    let source = graph.inputs(x)[0]
    let own = graph.spec(source).shape
    let lead = shape.count - own.count
    let kept = shape.indices.filter { !reduce.axes.contains($0) }
    guard reduce.axes.allSatisfy({ $0 < lead || own[$0 - lead] == 1 }) else { return nil }
    let reduced = graph.add(Reshape(shape: kept.filter { $0 >= lead }.map { own[$0 - lead] }), [source])
    let spread = graph.add(Broadcast(shape: result.shape), [reduced])
    return graph.add(.multiply, [spread, graph.constant(Double(length), result)])
  }

  private func folded(_ kind: Reduction, _ value: Double, _ length: Int) -> Double? {
    switch kind {
    case .sum: value * Double(length)
    case .maximum, .minimum: value
    case .product: nil
    }
  }
}
