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

  func call(_ arguments: [Tensor], results: inout [Tensor]) {
    results += ReferenceInterpreter.run(graph, arguments.map { HostTensor($0) }).map(\.tensor)
  }

  /// A line for each operation. Those without a rule in the interpreter say so.
  var description: String { "reference program\n" + listing(of: graph).joined(separator: "\n") }

  private func listing(of graph: ProgramGraph) -> [String] {
    var lines = graph.description.split(separator: "\n").map(String.init)
    for (index, node) in graph.nodes.enumerated().reversed() {
      if !ReferenceInterpreter.hasRule(node) { lines[index] += "   by a kernel of its own" }
      let bodies = (node.primitive as? any ReferenceResults)?.bodies ?? []
      lines.insert(contentsOf: bodies.flatMap { listing(of: $0.graph) }.map { "    " + $0 }, at: index + 1)
    }
    return lines
  }
}
