import Synchronization

/// A recorded function from tensors to tensors that captures nothing: the body of a loop, or a part to be computed again.
///
/// Two recordings are never equal, so that programs keep what was asked to be computed twice.
final class Subprogram: Sendable, Hashable {
  let graph: ProgramGraph
  private let prepared = Mutex<Program?>(nil)

  init(_ graph: ProgramGraph) { self.graph = graph }

  static func == (a: Subprogram, b: Subprogram) -> Bool { a === b }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

  var inputs: [TensorSpec] { graph.inputs.map { graph.nodes[$0].spec } }
  var outputs: [TensorSpec] { graph.outputs.map { graph.nodes[$0].spec } }

  /// The optimised program, made at the first use.
  var program: Program {
    prepared.withLock { known in
      if let known { return known }
      let program = Program(graph)
      known = program
      return program
    }
  }

  /// Records `body` for inputs like `specs`. Tensors that the body takes from outside become further inputs, returned as
  /// `captured`; constants and indices are recorded with it.
  static func record(_ specs: [TensorSpec], _ body: ([Tensor]) throws -> [Tensor]) rethrows -> (body: Subprogram, captured: [Tensor]) {
    try Evaluator.whileRecording {
      let placeholders = specs.map(Tensor.placeholder)
      let outputs = try body(placeholders).map(\.node)
      var builder = Builder(placeholders.map(\.node))
      for step in Recording(of: outputs, on: placeholders.map(\.node), .value).steps { builder.append(step) }
      return builder.finish(outputs)
    }
  }

  /// The body applied to tensors, as an expression.
  func callAsFunction(_ arguments: [Tensor]) -> [Tensor] {
    var values: [Node] = []
    for node in graph.nodes {
      if let argument = node.primitive as? Argument {
        values.append(arguments[argument.index].node)
      } else {
        values.append(Node(node.primitive, node.inputs.map { values[$0] }, node.spec))
      }
    }
    return graph.outputs.map { Tensor(node: values[$0]) }
  }

  /// Tangents of the outputs along tangents of the inputs; nil where they vanish.
  func pushforward(_ arguments: [Tensor], _ tangents: [Tensor?]) -> (outputs: [Tensor], tangents: [Tensor?]) {
    Evaluator.whileRecording {
      let variables = arguments.map { Tensor.apply(Variable(), [$0]) }
      let outputs = self(variables)
      let recording = Recording(of: outputs.map(\.node), on: variables.map(\.node))
      let seeds = zip(variables, tangents).compactMap { variable, tangent in tangent.map { (variable.node, $0) } }
      return (outputs, recording.pushforward(seeds, to: outputs.map(\.node)))
    }
  }

  /// Gradients of the inputs caused by cotangents of the outputs; nil where nothing arrives.
  func pullback(_ arguments: [Tensor], _ cotangents: [Tensor?]) -> [Tensor?] {
    Evaluator.whileRecording {
      let variables = arguments.map { Tensor.apply(Variable(), [$0]) }
      let outputs = self(variables)
      let recording = Recording(of: outputs.map(\.node), on: variables.map(\.node))
      let seeds = zip(outputs, cotangents).compactMap { output, cotangent in cotangent.map { (output.node, $0) } }
      return recording.pullback(seeds, to: variables.map(\.node))
    }
  }

  /// The body for `count` examples at once; all inputs and outputs carry the leading axis.
  func batched(_ count: Int) -> Subprogram {
    Subprogram.record(inputs.map { TensorSpec([count] + $0.shape, $0.dtype) }) { stacks in vmap(stacks) { self($0) } }.body
  }
}

/// Turns recorded steps into a graph whose inputs are the placeholders and whatever comes from outside.
private struct Builder {
  private var graph = ProgramGraph()
  private var index: [UInt64: Int] = [:]
  private var captured: [Node] = []

  init(_ placeholders: [Node]) {
    for placeholder in placeholders { addInput(placeholder) }
  }

  private mutating func addInput(_ node: Node) {
    index[node.id] = graph.nodes.count
    graph.inputs.append(graph.nodes.count)
    graph.nodes.append(ProgramGraph.Node(primitive: Argument(index: graph.inputs.count - 1), inputs: [], spec: node.spec))
  }

  private mutating func position(of node: Node) -> Int {
    if let known = index[node.id] { return known }
    if node.primitive is Fill || node.primitive is Iota {
      index[node.id] = graph.nodes.count
      graph.nodes.append(ProgramGraph.Node(primitive: node.primitive, inputs: [], spec: node.spec))
    } else {
      captured.append(node)
      addInput(node)
    }
    return index[node.id]!
  }

  mutating func append(_ step: Recording.Step) {
    let inputs = step.inputs.map { position(of: $0) }
    index[step.node.id] = graph.nodes.count
    graph.nodes.append(ProgramGraph.Node(primitive: step.node.primitive, inputs: inputs, spec: step.node.spec))
  }

  mutating func finish(_ outputs: [Node]) -> (body: Subprogram, captured: [Tensor]) {
    graph.outputs = outputs.map { position(of: $0) }
    return (Subprogram(graph), captured.map(Tensor.init(node:)))
  }
}
