/// A sum of parts that lie side by side among zeros is their concatenation: what the derivative of a function of several slices
/// leaves.
struct JoinSlices: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ operands: [Int], _ graph: inout GraphRewriter) -> Int? {
    guard (primitive as? Elementwise)?.function == .add, let a = part(operands[0], graph), let b = part(operands[1], graph),
      a.axis == b.axis
    else { return nil }
    return a.end == b.start ? joined(a, b, &graph) : b.end == a.start ? joined(b, a, &graph) : nil
  }

  /// A node that is 0 outside of neighbouring places along one axis.
  private struct Part {
    let values: Int
    let axis, start, end, extent: Int
  }

  private func part(_ index: Int, _ graph: GraphRewriter) -> Part? {
    guard let unslice = graph.primitive(index) as? Unslice, unslice.slice.step == 1 else { return nil }
    let slice = unslice.slice
    return Part(
      values: graph.inputs(index)[0], axis: slice.axis, start: slice.start, end: slice.start + slice.count, extent: unslice.extent)
  }

  private func joined(_ first: Part, _ second: Part, _ graph: inout GraphRewriter) -> Int {
    let values = graph.add(Concatenate(axis: first.axis), [first.values, second.values])
    let count = second.end - first.start
    if count == first.extent { return values }
    return graph.add(
      Unslice(slice: Slice(axis: first.axis, start: first.start, count: count, step: 1), extent: first.extent), [values])
  }
}
