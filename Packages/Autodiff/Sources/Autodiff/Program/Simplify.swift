/// Rebuilds a graph node by node, applying algebraic identities and merging equal nodes.
///
/// Identities that hold for real numbers but change NaN or infinity (0 * x = 0) are not used.
struct Simplifier {
  private struct Identity: Hashable {
    let primitive: AnyHashable
    let inputs: [Int]
  }

  /// Larger constants are computed on every run rather than kept in the program.
  private static let largestFold = 1 << 20

  private(set) var graph = ProgramGraph()
  private var known: [Identity: Int] = [:]

  static func run(_ source: ProgramGraph) -> ProgramGraph {
    var simplifier = Simplifier()
    var renamed: [Int] = []
    for node in source.nodes {
      if node.primitive is Argument || node.storage != nil {
        renamed.append(simplifier.append(node))
      } else {
        renamed.append(simplifier.add(node.primitive, node.inputs.map { renamed[$0] }))
      }
    }
    simplifier.graph.inputs = source.inputs.map { renamed[$0] }
    simplifier.graph.outputs = source.outputs.map { renamed[$0] }
    return simplifier.graph.pruned()
  }

  func spec(_ index: Int) -> TensorSpec { graph.nodes[index].spec }
  func primitive(_ index: Int) -> any Primitive { graph.nodes[index].primitive }
  func inputs(_ index: Int) -> [Int] { graph.nodes[index].inputs }
  func fill(_ index: Int) -> Double? { (graph.nodes[index].primitive as? Fill)?.value }

  /// The node that computes `primitive` of `inputs`, perhaps an existing or a simpler one.
  mutating func add(_ primitive: any Primitive, _ inputs: [Int]) -> Int {
    if let simpler = rewrite(primitive, inputs) { return simpler }
    let identity = Identity(primitive: AnyHashable(primitive), inputs: inputs)
    if let existing = known[identity] { return existing }
    let result = primitive.result(of: inputs.map(spec))
    let isConstant = !inputs.isEmpty && inputs.allSatisfy { graph.nodes[$0].storage != nil }
    let index = append(
      isConstant && result.byteCount <= Simplifier.largestFold
        ? folded(primitive, inputs, result) : ProgramGraph.Node(primitive: primitive, inputs: inputs, spec: result))
    known[identity] = index
    return index
  }

  mutating func append(_ node: ProgramGraph.Node) -> Int {
    graph.nodes.append(node)
    return graph.nodes.count - 1
  }

  mutating func constant(_ value: Double, _ spec: TensorSpec) -> Int {
    add(Fill(value: value, shape: spec.shape, dtype: spec.dtype), [])
  }

  /// Evaluates an operation on constants now.
  private func folded(_ primitive: any Primitive, _ inputs: [Int], _ result: TensorSpec) -> ProgramGraph.Node {
    let operands = inputs.map { Tensor(node: Node(storage: graph.nodes[$0].storage!, spec: spec($0))) }
    let node = Node(primitive, operands.map(\.node), result)
    return ProgramGraph.Node(primitive: Captured(id: node.id), inputs: [], spec: result, storage: Evaluator.storage(of: node))
  }

  private mutating func rewrite(_ primitive: any Primitive, _ inputs: [Int]) -> Int? {
    switch primitive {
    case is Variable, is StopGradient: inputs[0]
    case let reshape as Reshape: rewrite(reshape, inputs[0])
    case let transpose as Transpose: rewrite(transpose, inputs[0])
    case let broadcast as Broadcast: rewrite(broadcast, inputs[0])
    case let reduce as Reduce: rewrite(reduce, inputs[0])
    case let product as MatrixProduct: rewrite(product, inputs)
    case let projection as Projection: rewrite(projection, inputs[0])
    case let cast as Cast:
      spec(inputs[0]).dtype == cast.to
        ? inputs[0]
        : fill(inputs[0]).flatMap { cast.to.isFloatingPoint ? constant($0, TensorSpec(spec(inputs[0]).shape, cast.to)) : nil }
    case let elementwise as Elementwise: rewrite(elementwise.function, inputs)
    default: nil
    }
  }

  /// A value with a derivative of its own is, in a program that needs no more derivatives, the value.
  private func rewrite(_ projection: Projection, _ block: Int) -> Int? {
    (primitive(block) as? CustomRule).map { inputs(block)[$0.inputCount + projection.index] }
  }

  private mutating func rewrite(_ reshape: Reshape, _ x: Int) -> Int? {
    if spec(x).shape == reshape.shape { return x }
    if let value = fill(x) { return constant(value, TensorSpec(reshape.shape, spec(x).dtype)) }
    return primitive(x) is Reshape ? add(reshape, [inputs(x)[0]]) : nil
  }

  private mutating func rewrite(_ transpose: Transpose, _ x: Int) -> Int? {
    if transpose.permutation == Array(transpose.permutation.indices) { return x }
    if let value = fill(x) { return constant(value, transpose.result(of: [spec(x)])) }
    guard let inner = primitive(x) as? Transpose else { return nil }
    return add(Transpose(permutation: transpose.permutation.map { inner.permutation[$0] }), [inputs(x)[0]])
  }

  private mutating func rewrite(_ broadcast: Broadcast, _ x: Int) -> Int? {
    if spec(x).shape == broadcast.shape { return x }
    if let value = fill(x) { return constant(value, TensorSpec(broadcast.shape, spec(x).dtype)) }
    return primitive(x) is Broadcast ? add(broadcast, [inputs(x)[0]]) : nil
  }

  private mutating func rewrite(_ reduce: Reduce, _ x: Int) -> Int? {
    let shape = spec(x).shape
    let length = shape[reduce.axes].reduce(1, *)
    let result = reduce.result(of: [spec(x)])
    if length == 1 { return add(Reshape(shape: result.shape), [x]) }
    if let value = fill(x) { return constant(reduce.kind == .sum ? value * Double(length) : value, result) }
    guard reduce.kind == .sum, primitive(x) is Broadcast else { return nil }
    // A sum over axes along which the values repeat is a multiple of the values.
    let source = inputs(x)[0]
    let lead = shape.count - spec(source).shape.count
    let kept = shape.indices.filter { !reduce.axes.contains($0) }
    guard reduce.axes.allSatisfy({ $0 < lead || spec(source).shape[$0 - lead] == 1 }) else { return nil }
    let reduced = add(Reshape(shape: kept.filter { $0 >= lead }.map { spec(source).shape[$0 - lead] }), [source])
    let spread = add(Broadcast(shape: result.shape), [reduced])
    return add(Elementwise(.multiply), [spread, constant(Double(length), result)])
  }

  private mutating func rewrite(_ product: MatrixProduct, _ operands: [Int]) -> Int? {
    for side in 0..<2 {
      guard let transpose = primitive(operands[side]) as? Transpose, transpose.swapsOnlyTheLastTwo else { continue }
      var inner = operands
      inner[side] = inputs(operands[side])[0]
      return add(
        MatrixProduct(
          transposeLeft: product.transposeLeft != (side == 0), transposeRight: product.transposeRight != (side == 1)), inner)
    }
    let result = product.result(of: operands.map(spec))
    let (m, n, k) = product.extents(spec(operands[0]).shape, spec(operands[1]).shape)
    guard k == 1, result.rank == 2, operands.count == 2 else { return nil }
    // An outer product is element-wise, and then fuses with its neighbours.
    let column = add(Broadcast(shape: result.shape), [add(Reshape(shape: [m, 1]), [operands[0]])])
    let row = add(Broadcast(shape: result.shape), [add(Reshape(shape: [1, n]), [operands[1]])])
    return add(Elementwise(.multiply), [column, row])
  }
}

extension Transpose {
  var swapsOnlyTheLastTwo: Bool {
    var swapped = Array(permutation.indices)
    guard swapped.count >= 2 else { return false }
    swapped.swapAt(swapped.count - 1, swapped.count - 2)
    return permutation == swapped
  }
}
