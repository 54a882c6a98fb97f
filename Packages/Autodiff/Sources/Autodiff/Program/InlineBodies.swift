/// Pass: puts the bodies of `checkpointed` parts in place, where they fuse with their surroundings.
///
/// What reverse mode computes again stays apart from the first computation by its barriers.
enum InlineBodies {
  static func run(_ source: ProgramGraph) -> ProgramGraph {
    guard source.nodes.contains(where: { $0.primitive is Rematerialized }) else { return source }
    var inliner = Inliner()
    let outputs = inliner.append(source, arguments: nil)
    inliner.graph.outputs = outputs
    return inliner.graph
  }

  private struct Inliner {
    var graph = ProgramGraph()

    /// Adds the nodes of `body`; its arguments are those of the program (nil) or given nodes.
    mutating func append(_ body: ProgramGraph, arguments: [Int]?) -> [Int] {
      var renamed = [Int](repeating: -1, count: body.nodes.count)
      var results: [Int: [Int]] = [:]
      for (index, node) in body.nodes.enumerated() {
        let inputs = node.inputs.map { renamed[$0] }
        if let argument = node.primitive as? Argument, let arguments {
          renamed[index] = arguments[argument.index]
        } else if let part = node.primitive as? Rematerialized {
          results[index] = append(part.body.graph, arguments: inputs)
        } else if let projection = node.primitive as? Projection, let known = results[node.inputs[0]] {
          renamed[index] = known[projection.index]
        } else {
          renamed[index] = graph.nodes.count
          graph.nodes.append(ProgramGraph.Node(primitive: node.primitive, inputs: inputs, spec: node.spec, storage: node.storage))
        }
      }
      if arguments == nil { graph.inputs = body.inputs.map { renamed[$0] } }
      return body.outputs.map { renamed[$0] }
    }
  }
}
