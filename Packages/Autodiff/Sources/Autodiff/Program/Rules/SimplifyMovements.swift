/// Movements that move nothing, movements of movements, and movements of constants.
struct SimplifyMovements: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ inputs: [Int], _ graph: inout GraphRewriter) -> Int? {
    switch primitive {
    case let reshape as Reshape: return rewrite(reshape, inputs[0], &graph)
    case let transpose as Transpose: return rewrite(transpose, inputs[0], &graph)
    case let broadcast as Broadcast: return rewrite(broadcast, inputs[0], &graph)
    default: return nil
    }
  }

  private func rewrite(_ reshape: Reshape, _ x: Int, _ graph: inout GraphRewriter) -> Int? {
    if graph.spec(x).shape == reshape.shape { return x }
    if let value = graph.fill(x) { return graph.constant(value, TensorSpec(reshape.shape, graph.spec(x).dtype)) }
    return graph.primitive(x) is Reshape ? graph.add(reshape, [graph.inputs(x)[0]]) : nil
  }

  private func rewrite(_ transpose: Transpose, _ x: Int, _ graph: inout GraphRewriter) -> Int? {
    if transpose.permutation == Array(transpose.permutation.indices) { return x }
    if let value = graph.fill(x) { return graph.constant(value, transpose.result(of: [graph.spec(x)])) }
    guard let inner = graph.primitive(x) as? Transpose else { return nil }
    return graph.add(Transpose(permutation: transpose.permutation.map { inner.permutation[$0] }), [graph.inputs(x)[0]])
  }

  private func rewrite(_ broadcast: Broadcast, _ x: Int, _ graph: inout GraphRewriter) -> Int? {
    if graph.spec(x).shape == broadcast.shape { return x }
    if let value = graph.fill(x) { return graph.constant(value, TensorSpec(broadcast.shape, graph.spec(x).dtype)) }
    return graph.primitive(x) is Broadcast ? graph.add(broadcast, [graph.inputs(x)[0]]) : nil
  }
}
