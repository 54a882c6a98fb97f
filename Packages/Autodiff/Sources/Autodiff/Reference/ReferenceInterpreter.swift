/// The evaluation rule of a primitive in plain arithmetic, for the reference interpreter.
protocol ReferenceRule: Primitive {
  func reference(_ inputs: [HostTensor], _ output: TensorSpec) -> HostTensor
}

/// The evaluation rule of a primitive with several results.
protocol ReferenceResults: MultipleResults {
  func reference(_ inputs: [HostTensor]) -> [HostTensor]

  /// Recorded functions inside of the primitive.
  var bodies: [Subprogram] { get }
}

extension ReferenceResults {
  var bodies: [Subprogram] { [] }
}

/// Evaluates the nodes of a graph one after another.
enum ReferenceInterpreter {
  static func run(_ graph: ProgramGraph, _ arguments: [HostTensor]) -> [HostTensor] {
    // The results of every node: one, or several of a primitive that has several.
    var known: [[HostTensor]] = []
    known.reserveCapacity(graph.nodes.count)
    for node in graph.nodes { known.append(evaluate(node, known, arguments)) }
    return graph.outputs.map { known[$0][0] }
  }

  /// Whether the interpreter computes a node by a rule of its own.
  static func hasRule(_ node: ProgramGraph.Node) -> Bool {
    node.storage != nil || node.primitive is Argument || node.primitive is Projection || node.primitive is any ReferenceRule
      || node.primitive is any ReferenceResults
  }

  private static func evaluate(_ node: ProgramGraph.Node, _ known: [[HostTensor]], _ arguments: [HostTensor]) -> [HostTensor] {
    if let storage = node.storage { return [HostTensor(node.spec, reading: storage.address)] }
    if let argument = node.primitive as? Argument { return [arguments[argument.index]] }
    if let projection = node.primitive as? Projection { return [known[node.inputs[0]][projection.index]] }
    let inputs = node.inputs.map { known[$0][0] }
    if let primitive = node.primitive as? any ReferenceRule { return [primitive.reference(inputs, node.spec)] }
    if let primitive = node.primitive as? any ReferenceResults { return primitive.reference(inputs) }
    let specs = inputs.map(\.spec)
    if let primitive = node.primitive as? any MultipleResults {
      let outputs = primitive.results(of: specs)
      return run(primitive.kernel(inputs: specs, outputs: outputs), inputs, outputs)
    }
    return run(node.primitive.kernel(inputs: specs, output: node.spec), inputs, [node.spec])
  }

  /// A primitive that the interpreter has no rule for, such as a user's own, by its own kernel.
  private static func run(_ kernel: Kernel, _ inputs: [HostTensor], _ outputs: [TensorSpec]) -> [HostTensor] {
    let operands = inputs.map { input in
      let storage = Storage(byteCount: input.spec.byteCount)
      input.write(to: storage.address)
      return storage
    }
    let results = outputs.map { Storage(byteCount: $0.byteCount) }
    let workspace = Storage(byteCount: kernel.workspaceByteCount)
    var addresses = (operands + results).map { UnsafeMutableRawPointer?($0.address) }
    addresses.withUnsafeMutableBufferPointer { table in
      kernel.run(KernelArguments(addresses: table.baseAddress!, workspace: workspace.address, firstRow: 0))
    }
    return withExtendedLifetime(operands) { zip(outputs, results).map { HostTensor($0, reading: $1.address) } }
  }
}
