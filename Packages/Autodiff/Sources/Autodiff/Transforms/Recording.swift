/// The part of an expression graph that depends on given variables, in order of evaluation.
///
/// It keeps its own references to inputs, so it stays valid when the nodes themselves are evaluated and forget theirs.
struct Recording: Sendable {
  struct Step: Sendable {
    let node: Node
    let inputs: [Node]
  }

  /// What counts as depending on a variable.
  enum Dependence {
    /// The value changes with it.
    case value
    /// A derivative passes: what lies behind `stopGradient` does not count.
    case derivative
  }

  let steps: [Step]
  private let dependent: Set<UInt64>

  /// Records how `outputs` follow from `variables`. Nodes older than the oldest variable cannot depend on one.
  init(of outputs: [Node], on variables: [Node], _ dependence: Dependence = .derivative) {
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
      guard !dependent.contains(step.node.id), step.inputs.contains(where: { dependent.contains($0.id) }) else { return false }
      if case .stop = step.node.kind, dependence == .derivative { return false }
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
    // Cotangents of the results of primitives that have several.
    var blocks: [UInt64: [Int: Tensor]] = [:]
    func add(_ cotangent: Tensor, to node: Node) {
      guard depends(node) else { return }
      cotangents[node.id] = cotangents[node.id].map { $0 + cotangent } ?? cotangent
    }
    for seed in seeds { add(seed.cotangent, to: seed.node) }
    for step in steps.reversed() {
      let node = step.node
      let inputs = step.inputs.map(Tensor.init(node:))
      let gradients: [Tensor?]
      switch node.kind {
      case .multiple:
        guard let known = blocks.removeValue(forKey: node.id), let primitive = node.primitive as? any MultipleResults else { continue }
        let outputs = Recording.results(of: node, primitive, inputs)
        gradients = primitive.pullback(inputs: inputs, outputs: outputs, cotangents: outputs.indices.map { known[$0] })
      case .projection(let index):
        guard let cotangent = cotangents.removeValue(forKey: node.id) else { continue }
        let earlier = blocks[step.inputs[0].id, default: [:]][index]
        blocks[step.inputs[0].id, default: [:]][index] = earlier.map { $0 + cotangent } ?? cotangent
        continue
      default:
        guard let cotangent = cotangents.removeValue(forKey: node.id) else { continue }
        gradients = node.primitive.pullback(inputs: inputs, output: Tensor(node: node), cotangent: cotangent)
      }
      for (input, gradient) in zip(step.inputs, gradients) {
        if let gradient { add(gradient, to: input) }
      }
    }
    return variables.map { cotangents[$0.id] }
  }

  /// Forward mode: the tangents of `outputs` along `tangents` of the variables; nil where they vanish.
  func pushforward(_ tangents: [(node: Node, tangent: Tensor)], to outputs: [Node]) -> [Tensor?] {
    var known = Dictionary(uniqueKeysWithValues: tangents.map { ($0.node.id, $0.tangent) })
    var blocks: [UInt64: [Tensor?]] = [:]
    for step in steps {
      let node = step.node
      if case .projection(let index) = node.kind {
        known[node.id] = blocks[step.inputs[0].id]?[index]
        continue
      }
      let incoming = step.inputs.map { known[$0.id] }
      guard incoming.contains(where: { $0 != nil }) else { continue }
      let inputs = step.inputs.map(Tensor.init(node:))
      if case .multiple = node.kind, let primitive = node.primitive as? any MultipleResults {
        blocks[node.id] = primitive.pushforward(
          inputs: inputs, outputs: Recording.results(of: node, primitive, inputs), tangents: incoming)
      } else {
        known[node.id] = node.primitive.pushforward(inputs: inputs, output: Tensor(node: node), tangents: incoming)
      }
    }
    return outputs.map { known[$0.id] }
  }

  private static func results(of node: Node, _ primitive: any MultipleResults, _ inputs: [Tensor]) -> [Tensor] {
    Tensor.projections(of: node, ResultLayout(primitive.results(of: inputs.map(\.spec))))
  }
}
