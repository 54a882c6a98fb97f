/// f(broadcast(x)) = broadcast(f(x)), when that is less work.
struct HoistBroadcasts: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ operands: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard let function = (primitive as? Elementwise)?.function else { return nil }
    let varying = operands.filter { graph.fill($0) == nil }
    guard let first = varying.first, varying.allSatisfy({ graph.primitive($0) is Broadcast }) else { return nil }
    let shape = graph.spec(first).shape
    let small = graph.spec(graph.inputs(first)[0]).shape
    guard varying.allSatisfy({ graph.spec(graph.inputs($0)[0]).shape == small }), small.reduce(1, *) < shape.reduce(1, *) else {
      return nil
    }
    var reduced: [Int] = []
    for operand in operands {
      let value = graph.fill(operand)
      reduced.append(value.map { graph.constant($0, TensorSpec(small, graph.spec(operand).dtype)) } ?? graph.inputs(operand)[0])
    }
    return graph.add(Broadcast(shape: shape), [graph.add(function, reduced)])
  }
}
