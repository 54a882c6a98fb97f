/// Adding rows to zeros in the order of a known permutation is taking them in the order of its inverse.
struct InvertPermutations: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ operands: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard let scatter = primitive as? ScatterAdd, scatter.gather.batchAxes == 0, graph.spec(operands[1]).shape == [scatter.extent],
      let order = graph.integers(operands[1])
    else { return nil }
    var inverse = [Int?](repeating: nil, count: order.count)
    for (position, index) in order.enumerated() {
      guard inverse.indices.contains(index), inverse[index] == nil else { return nil }
      inverse[index] = position
    }
    return graph.add(scatter.gather, [operands[0], graph.constant(inverse.map { $0! })])
  }
}
