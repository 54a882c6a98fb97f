/// An identity by which a node can be replaced with something simpler.
///
/// Identities that hold for real numbers but change NaN or infinity (0 * x = 0) are not used.
protocol RewriteRule: Sendable {
  /// The node to use instead of `primitive` applied to `inputs`, or nil where the rule has nothing to say.
  func rewrite(_ primitive: any Primitive, _ inputs: [Int], _ graph: inout GraphRewriter) -> Int?
}

/// Pass: rebuilds a graph node by node, merges equal nodes, computes constants, and applies rules.
struct GraphRewriter {
  /// All rules, in the order in which they are tried. Each has a file and a test of its own.
  static let allRules: [any RewriteRule] = [
    DropMarkers(), SimplifyMovements(), SimplifyReductions(), FoldTransposes(), FoldElementwiseConstants(), HoistBroadcasts(),
    JoinSlices(), InvertPermutations(), SimplifyAlgebra(),
  ]

  private struct Identity: Hashable {
    let primitive: AnyHashable
    let inputs: [Int]
  }

  /// Larger constants are computed on every run rather than kept in the program.
  private static let largestFold = 1 << 20

  let rules: [any RewriteRule]
  private(set) var graph = ProgramGraph()
  private var known: [Identity: Int] = [:]

  static func run(_ source: ProgramGraph, rules: [any RewriteRule] = allRules) -> ProgramGraph {
    var rewriter = GraphRewriter(rules: rules)
    var renamed: [Int] = []
    for node in source.nodes {
      if node.primitive is Argument || node.storage != nil {
        renamed.append(rewriter.append(node))
      } else {
        renamed.append(rewriter.add(node.primitive, node.inputs.map { renamed[$0] }))
      }
    }
    rewriter.graph.inputs = source.inputs.map { renamed[$0] }
    rewriter.graph.outputs = source.outputs.map { renamed[$0] }
    return rewriter.graph.pruned()
  }

  private init(rules: [any RewriteRule]) { self.rules = rules }

  func spec(_ index: Int) -> TensorSpec { graph.nodes[index].spec }
  func primitive(_ index: Int) -> any Primitive { graph.nodes[index].primitive }
  func inputs(_ index: Int) -> [Int] { graph.nodes[index].inputs }
  /// The value of a node whose elements are all the same constant.
  func fill(_ index: Int) -> Double? { (graph.nodes[index].primitive as? Fill)?.value }
  /// The elements of a constant of integers.
  func integers(_ index: Int) -> [Int]? {
    guard spec(index).dtype == .int32, let storage = graph.nodes[index].storage else { return nil }
    return Tensor(node: Node(storage: storage, spec: spec(index))).scalars(Int32.self).map(Int.init)
  }
  func function(_ index: Int) -> ElementwiseFunction? { (graph.nodes[index].primitive as? Elementwise)?.function }

  /// The node that computes `primitive` of `inputs`, perhaps an existing or a simpler one.
  mutating func add(_ primitive: any Primitive, _ inputs: [Int]) -> Int {
    for rule in rules { if let simpler = rule.rewrite(primitive, inputs, &self) { return simpler } }
    let identity = Identity(primitive: AnyHashable(primitive), inputs: inputs)
    if let existing = known[identity] { return existing }
    let result = primitive.result(of: inputs.map(spec))
    let isConstant = !inputs.isEmpty && inputs.allSatisfy { graph.nodes[$0].storage != nil }
    let index = append(
      isConstant && result.byteCount <= GraphRewriter.largestFold
        ? folded(primitive, inputs, result) : ProgramGraph.Node(primitive: primitive, inputs: inputs, spec: result))
    known[identity] = index
    return index
  }

  mutating func add(_ function: ElementwiseFunction, _ inputs: [Int]) -> Int { add(Elementwise(function), inputs) }

  mutating func constant(_ value: Double, _ spec: TensorSpec) -> Int {
    add(Fill(value: value, shape: spec.shape, dtype: spec.dtype), [])
  }

  /// A constant list of integers.
  mutating func constant(_ integers: [Int]) -> Int {
    append(constant(Tensor(integers.map { Int32($0) }).node))
  }

  private func constant(_ node: Node) -> ProgramGraph.Node {
    ProgramGraph.Node(primitive: Captured(id: node.id), inputs: [], spec: node.spec, storage: Evaluator.storage(of: node))
  }

  private mutating func append(_ node: ProgramGraph.Node) -> Int {
    graph.nodes.append(node)
    return graph.nodes.count - 1
  }

  /// Evaluates an operation on constants now.
  private func folded(_ primitive: any Primitive, _ inputs: [Int], _ result: TensorSpec) -> ProgramGraph.Node {
    let operands = inputs.map { Tensor(node: Node(storage: graph.nodes[$0].storage!, spec: spec($0))) }
    return constant(Node(primitive, operands.map(\.node), result))
  }
}
