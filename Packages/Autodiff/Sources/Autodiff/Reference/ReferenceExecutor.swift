/// Interprets a recorded function node by node on plain arrays: no passes, no fusion, no threads, and arithmetic of its own.
///
/// Slow and obvious: whatever `FastExecutor` computes should be what this computes, up to rounding. Arithmetic is in double, and
/// the result of every operation is rounded to its dtype.
public struct ReferenceExecutor: Executor {
  public init() {}

  public func prepare(_ function: ProgramGraph, donatedCount: Int) -> any PreparedFunction { ReferenceProgram(graph: function) }
}

/// A recorded function for the reference interpreter.
struct ReferenceProgram: PreparedFunction {
  let graph: ProgramGraph

  func call(_ arguments: [Tensor]) -> [Tensor] {
    ReferenceInterpreter.run(graph, arguments.map { HostTensor($0) }).map(\.tensor)
  }

  /// A line for each operation. Those without a rule in the interpreter say so.
  var description: String { (["reference program"] + listing(of: graph, indent: "  ")).joined(separator: "\n") }

  private func listing(of graph: ProgramGraph, indent: String) -> [String] {
    var lines: [String] = []
    for (index, node) in graph.nodes.enumerated() {
      let operands = node.inputs.map { "%\($0)" }.joined(separator: ", ")
      let remark = ReferenceInterpreter.hasRule(node) ? "" : "   by a kernel of its own"
      lines.append("\(indent)%\(index) = \(node.primitive.name)(\(operands)): \(node.spec)\(remark)")
      if let primitive = node.primitive as? any ReferenceResults {
        for body in primitive.bodies { lines += listing(of: body.graph, indent: indent + "    ") }
      }
    }
    return lines + ["\(indent)return \(graph.outputs.map { "%\($0)" }.joined(separator: ", "))"]
  }
}
