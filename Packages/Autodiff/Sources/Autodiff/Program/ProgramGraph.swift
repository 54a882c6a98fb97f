/// The computation of a recorded function as an array of nodes in order of evaluation.
public struct ProgramGraph: Sendable {
  struct Node: Sendable {
    var primitive: any Primitive
    var inputs: [Int]
    var spec: TensorSpec
    /// The value, for captured constants.
    var storage: Storage?
  }

  var nodes: [Node] = []
  /// Node of every argument tensor, in walking order.
  var inputs: [Int] = []
  /// Node of every result tensor, in walking order.
  var outputs: [Int] = []

  /// How often each node is used; results of the program count once more.
  func useCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: nodes.count)
    for node in nodes { for input in node.inputs { counts[input] += 1 } }
    for output in outputs { counts[output] += 1 }
    return counts
  }

  /// The same program without nodes that no result needs. Arguments stay, used or not.
  func pruned() -> ProgramGraph {
    var needed = [Bool](repeating: false, count: nodes.count)
    for index in inputs + outputs { needed[index] = true }
    for index in nodes.indices.reversed() where needed[index] {
      for input in nodes[index].inputs { needed[input] = true }
    }
    var renamed = [Int](repeating: -1, count: nodes.count)
    var result = ProgramGraph()
    for index in nodes.indices where needed[index] {
      var node = nodes[index]
      node.inputs = node.inputs.map { renamed[$0] }
      renamed[index] = result.nodes.count
      result.nodes.append(node)
    }
    result.inputs = inputs.map { renamed[$0] }
    result.outputs = outputs.map { renamed[$0] }
    return result
  }
}

/// An argument of the function being compiled.
struct Argument: Primitive {
  let index: Int

  var name: String { "argument \(index)" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { preconditionFailure("an argument has no rule") }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    misuse("a value was read while its function was being compiled; return it from the function, or read it outside of compile")
  }
}

extension ProgramGraph {
  /// The graph of `outputs` as functions of `arguments`, which stand for tensors to come. Whatever was created before them is constant.
  static func trace(arguments: [Autodiff.Node], outputs: [Autodiff.Node]) -> ProgramGraph {
    let start = arguments.first?.id ?? .max
    let argumentIdentifiers = Set(arguments.map(\.id))
    var found: [UInt64: Autodiff.Node] = [:]
    var stack = outputs + arguments
    while let node = stack.popLast() {
      guard found.updateValue(node, forKey: node.id) == nil else { continue }
      if argumentIdentifiers.contains(node.id) || isConstant(node, before: start) { continue }
      stack.append(contentsOf: node.inputs)
    }
    var graph = ProgramGraph()
    var index: [UInt64: Int] = [:]
    for node in found.values.sorted(by: { $0.id < $1.id }) {
      index[node.id] = graph.nodes.count
      if !argumentIdentifiers.contains(node.id) && isConstant(node, before: start) {
        let storage = Evaluator.storage(of: node)
        graph.nodes.append(Node(primitive: Captured(id: node.id), inputs: [], spec: node.spec, storage: storage))
      } else {
        graph.nodes.append(Node(primitive: node.primitive, inputs: node.inputs.map { index[$0.id]! }, spec: node.spec))
      }
    }
    graph.inputs = arguments.map { index[$0.id]! }
    graph.outputs = outputs.map { index[$0.id]! }
    return graph
  }

  private static func isConstant(_ node: Autodiff.Node, before start: UInt64) -> Bool {
    node.storage != nil || (node.id < start && !(node.primitive is Fill))
  }
}

/// A tensor from outside of the compiled function, whose value is part of the program.
struct Captured: Primitive {
  let id: UInt64

  var name: String { "constant" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { preconditionFailure("a constant has no rule") }
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel { preconditionFailure("a constant has no kernel") }
}
