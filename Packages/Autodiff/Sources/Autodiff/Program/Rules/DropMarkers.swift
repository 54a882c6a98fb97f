/// What only matters to derivatives or to dtypes that are already right: variables, stopGradient, custom rules, idle casts.
struct DropMarkers: RewriteRule {
  func rewrite(_ primitive: any Primitive, _ inputs: [Int], _ graph: inout GraphRewriter) -> Int? {
    switch primitive {
    case is Variable, is StopGradient: return inputs[0]
    case let projection as Projection:
      return (graph.primitive(inputs[0]) as? CustomRule).map { graph.inputs(inputs[0])[$0.inputCount + projection.index] }
    case let cast as Cast:
      if graph.spec(inputs[0]).dtype == cast.to { return inputs[0] }
      guard let value = graph.fill(inputs[0]), cast.to.isFloatingPoint else { return nil }
      return graph.constant(value, TensorSpec(graph.spec(inputs[0]).shape, cast.to))
    default: return nil
    }
  }
}
