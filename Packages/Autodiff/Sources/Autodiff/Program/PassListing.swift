/// A stage of compilation with the function before and after it.
public struct PassListing: Sendable, CustomStringConvertible {
  public let name: String
  public let before: String
  public let after: String

  public var description: String { "== \(name)\n-- before\n\(before)\n-- after\n\(after)" }
}

/// What each pass makes of `body` for arguments like these, in the order in which `compile` runs them.
public func passes<each Input: Module, each Output: Module>(
  of body: @escaping @Sendable (repeat each Input) -> (repeat each Output), for input: repeat each Input
) -> [PassListing] {
  let recorded = record(body, for: repeat each input)
  var listings: [PassListing] = []
  let stages = ProgramStages(recorded)
  func add(_ name: String, _ before: String, _ after: String) { listings.append(PassListing(name: name, before: before, after: after)) }
  add("inline checkpointed parts", recorded.description, stages.inlined.description)
  add("merge, fold and simplify", stages.inlined.description, stages.simplified.description)
  add("accumulate products", stages.simplified.description, stages.accumulated.description)
  add("pack factors", stages.accumulated.description, stages.graph.description)
  let steps = stages.schedule.description(stages.graph, stages.placement)
  add("place on shards and fuse", stages.graph.description, steps)
  add("plan memory", steps, Program(recorded).description)
  return listings
}

extension ProgramGraph: CustomStringConvertible {
  /// One line per node: `%7 = matmul %3 %5  float32[512, 128]`.
  public var description: String {
    var lines = nodes.enumerated().map { index, node in
      "  %\(index) = " + ([node.primitive.name] + node.inputs.map { "%\($0)" }).joined(separator: " ") + "  \(node.spec)"
    }
    lines.append("  return " + outputs.map { "%\($0)" }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}

extension Schedule {
  func description(_ graph: ProgramGraph, _ placement: Placement) -> String {
    var lines: [String] = []
    for (index, phase) in phases.enumerated() where !phase.isEmpty {
      lines.append(index % 2 == 0 ? "  once" : "  in \(placement.shardCount) shards of \(placement.shardRows) rows")
      for step in phase {
        let kind =
          switch step {
          case .kernel: "run"
          case .copy: "copy"
          case .fused: "one loop"
          case .product: "product, then one loop over its rows"
          }
        lines.append("    \(kind): " + step.nodes.map { "%\($0) \(graph.nodes[$0].primitive.name)" }.joined(separator: ", "))
      }
    }
    return lines.joined(separator: "\n")
  }
}
