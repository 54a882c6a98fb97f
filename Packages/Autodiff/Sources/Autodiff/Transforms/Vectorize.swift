/// Applies `function`, written for one example, to all examples at once: `vmap`.
///
/// Every tensor of `x` holds examples along axis 0, and so does every tensor of the result. What the function captures belongs
/// to all examples. Works under and over all other transforms; inside, values cannot be read.
public func vmap<M: Module, N: Module>(_ x: M, _ function: (M) throws -> N) rethrows -> N {
  let leaves = x.tensors()
  let count = exampleCount(leaves)
  return try Evaluator.whileRecording {
    let examples = leaves.map { Tensor.placeholder(TensorSpec(Array($0.shape.dropFirst()), $0.dtype)) }
    let value = try function(x.replacing(examples))
    let outputs = value.tensors()
    var vectorizer = Vectorizer(count)
    let results = vectorizer.run(outputs.map(\.node), placeholders: examples.map(\.node), stacks: leaves)
    return value.replacing(
      zip(outputs, results).map { output, result in result ?? output.broadcast(to: [count] + output.shape) })
  }
}

/// Applies a function of two arguments, written for one example each, to all examples at once.
public func vmap<A: Module, B: Module, N: Module>(_ a: A, _ b: B, _ function: (A, B) throws -> N) rethrows -> N {
  try vmap(Pair(a, b)) { try function($0.first, $0.second) }
}

/// The gradients of a loss of one example for every example: tensors of the result have a leading axis of examples.
///
/// - Parameters:
///   - model: What is differentiated; it belongs to all examples.
///   - examples: Tensors with examples along axis 0.
///   - loss: A scalar for one example.
public func perExampleGradients<M: Module, E: Module>(
  _ model: M, _ examples: E, _ loss: (M, E) throws -> Tensor
) rethrows -> M {
  try vmap(examples) { example in try grad(model) { try loss($0, example) } }
}

private func exampleCount(_ leaves: [Tensor]) -> Int {
  require(!leaves.isEmpty, "vmap: the argument has no tensors; give at least one with examples along axis 0")
  for leaf in leaves {
    require(
      leaf.rank >= 1 && leaf.shape[0] == leaves[0].shape.first,
      "vmap: tensors of shapes \(leaves[0].shape) and \(leaf.shape) do not hold the same number of examples along axis 0")
  }
  return leaves[0].shape[0]
}

extension Tensor {
  /// Stands for a value to come: for one example of `vmap`, or for a variable of a loop.
  static func placeholder(_ spec: TensorSpec) -> Tensor { Tensor(node: Node(Placeholder(), [], spec)) }
}

/// A value that is not known while a function is being recorded.
struct Placeholder: Primitive {
  var name: String { "placeholder" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { preconditionFailure("a placeholder has no rule") }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    misuse("a value was read inside of vmap, scan or checkpointed, where it is not known yet; return it, or read it outside")
  }
}

/// Repeats recorded steps for all examples at once, by the `batched` rules of the primitives.
private struct Vectorizer {
  let count: Int
  /// Values with the leading axis, by the node of one example.
  private var stacks: [UInt64: Tensor] = [:]
  private var blocks: [UInt64: [Tensor]] = [:]

  init(_ count: Int) { self.count = count }

  /// For each output its value for all examples, or nil where it is the same for all.
  mutating func run(_ outputs: [Node], placeholders: [Node], stacks leaves: [Tensor]) -> [Tensor?] {
    for (placeholder, stack) in zip(placeholders, leaves) { stacks[placeholder.id] = stack }
    for step in Recording(of: outputs, on: placeholders, .value).steps { repeatForAll(step) }
    return outputs.map { stacks[$0.id] }
  }

  private mutating func repeatForAll(_ step: Recording.Step) {
    let node = step.node
    if case .projection(let index) = node.kind {
      stacks[node.id] = blocks[step.inputs[0].id]![index]
      return
    }
    let isMapped = step.inputs.map { stacks[$0.id] != nil }
    let inputs = step.inputs.map { stacks[$0.id] ?? Tensor(node: $0) }
    if case .multiple = node.kind, let primitive = node.primitive as? any MultipleResults {
      let all = primitive.batched(inputs, isMapped: isMapped, count: count)
      blocks[node.id] = all ?? oneAfterAnother(inputs, isMapped) { Tensor.apply(primitive, $0) }
    } else {
      let all = node.primitive.batched(inputs, isMapped: isMapped, count: count)
      stacks[node.id] = all ?? oneAfterAnother(inputs, isMapped) { [Tensor.apply(node.primitive, $0)] }[0]
    }
  }

  private func oneAfterAnother(_ inputs: [Tensor], _ isMapped: [Bool], _ apply: ([Tensor]) -> [Tensor]) -> [Tensor] {
    require(count > 0, "vmap: there are no examples, and an operation here has no rule for that; give at least one")
    let each = (0..<count).map { example in
      apply(zip(inputs, isMapped).map { $1 ? $0.slice(axis: 0, example..<example + 1).squeezed(axis: 0) : $0 })
    }
    return each[0].indices.map { result in Tensor.stacked(each.map { $0[result] }) }
  }
}

extension [Tensor] {
  /// All with the leading axis of examples: those not flagged are repeated along it. For `Primitive.batched`.
  public func mapped(_ isMapped: [Bool], _ count: Int) -> [Tensor] {
    zip(self, isMapped).map { $1 ? $0 : $0.broadcast(to: [count] + $0.shape) }
  }
}
