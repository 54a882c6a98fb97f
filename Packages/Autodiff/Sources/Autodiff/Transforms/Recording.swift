/// The part of an expression graph that depends on given variables, in order of evaluation.
///
/// It keeps its own references to inputs, so it stays valid when the nodes themselves are evaluated and forget theirs.
struct Recording: Sendable {
  struct Step: Sendable {
    let node: Node
    let inputs: [Node]
  }

  let steps: [Step]
  private let dependent: Set<UInt64>

  /// Records how `outputs` follow from `variables`. Nodes older than the oldest variable cannot depend on one.
  init(of outputs: [Node], on variables: [Node]) {
    let oldest = variables.map(\.id).min() ?? .max
    var found: [Step] = []
    Evaluator.activeTransforms.withLock { _ in
      var seen: Set<UInt64> = []
      var stack = outputs
      while let node = stack.popLast() {
        guard node.id > oldest, seen.insert(node.id).inserted else { continue }
        found.append(Step(node: node, inputs: node.inputs))
        stack.append(contentsOf: node.inputs)
      }
    }
    found.sort { $0.node.id < $1.node.id }
    var dependent = Set(variables.map(\.id))
    steps = found.filter { step in
      guard !dependent.contains(step.node.id) else { return false }
      guard !(step.node.primitive is StopGradient), step.inputs.contains(where: { dependent.contains($0.id) }) else { return false }
      dependent.insert(step.node.id)
      return true
    }
    self.dependent = dependent
  }

  func depends(_ node: Node) -> Bool { dependent.contains(node.id) }
}

extension Recording {
  /// Reverse mode: the gradients of sum(output * cotangent) with respect to `variables`; nil where nothing arrives.
  func pullback(_ seeds: [(node: Node, cotangent: Tensor)], to variables: [Node]) -> [Tensor?] {
    var cotangents: [UInt64: Tensor] = [:]
    func add(_ cotangent: Tensor, to node: Node) {
      guard depends(node) else { return }
      cotangents[node.id] = cotangents[node.id].map { $0 + cotangent } ?? cotangent
    }
    for seed in seeds { add(seed.cotangent, to: seed.node) }
    for step in steps.reversed() {
      guard let cotangent = cotangents.removeValue(forKey: step.node.id) else { continue }
      let gradients = step.node.primitive.pullback(
        inputs: step.inputs.map(Tensor.init(node:)), output: Tensor(node: step.node), cotangent: cotangent)
      for (input, gradient) in zip(step.inputs, gradients) {
        if let gradient { add(gradient, to: input) }
      }
    }
    return variables.map { cotangents[$0.id] }
  }

  /// Forward mode: the tangents of `outputs` along `tangents` of the variables; nil where they vanish.
  func pushforward(_ tangents: [(node: Node, tangent: Tensor)], to outputs: [Node]) -> [Tensor?] {
    var known = Dictionary(uniqueKeysWithValues: tangents.map { ($0.node.id, $0.tangent) })
    for step in steps {
      let incoming = step.inputs.map { known[$0.id] }
      guard incoming.contains(where: { $0 != nil }) else { continue }
      known[step.node.id] = step.node.primitive.pushforward(
        inputs: step.inputs.map(Tensor.init(node:)), output: Tensor(node: step.node), tangents: incoming)
    }
    return outputs.map { known[$0.id] }
  }
}
