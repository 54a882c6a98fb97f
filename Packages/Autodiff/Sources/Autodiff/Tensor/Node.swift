import Synchronization

/// One vertex of the expression graph: a primitive applied to earlier vertices, or a value already computed.
///
/// Identifiers grow with creation, so a node can only depend on nodes with smaller ones: sorting by identifier is a
/// topological order, and everything older than a variable cannot depend on it.
final class Node: @unchecked Sendable {
  /// What the engine has to know about a primitive on its quickest paths, found once instead of by casts each time.
  enum Kind {
    case general
    /// The memory of the input, under a new identity.
    case alias
    case elementwise(ElementwiseFunction)
    /// Every element equal to one value; needs no memory where a loop can hold the value.
    case constant(Double)
    /// A block of several results.
    case multiple
    case projection(Int)
    /// An alias through which no derivative passes.
    case stop
  }

  private static let counter = Atomic<UInt64>(1)

  let id: UInt64
  let spec: TensorSpec
  let primitive: any Primitive
  let kind: Kind
  /// Guarded by the lock of `Evaluator`; emptied once the value is known and no transform can still ask how it came about.
  @exclusivity(unchecked) var inputs: [Node]
  @exclusivity(unchecked) var storage: Storage?

  init<P: Primitive>(_ primitive: P, _ inputs: [Node], _ spec: TensorSpec, storage: Storage? = nil) {
    id = Node.counter.add(1, ordering: .relaxed).oldValue
    kind = Node.kind(of: primitive)
    self.primitive = primitive
    self.inputs = inputs
    self.spec = spec
    self.storage = storage
  }

  convenience init(storage: Storage, spec: TensorSpec) {
    self.init(Stored(), [], spec, storage: storage)
  }

  private static func kind<P: Primitive>(of primitive: P) -> Kind {
    if P.self == Elementwise.self { return .elementwise((primitive as! Elementwise).function) }
    if P.self == Stored.self { return .general }
    if P.self == Fill.self { return .constant((primitive as! Fill).value) }
    if P.self == Projection.self { return .projection((primitive as! Projection).index) }
    if P.self == StopGradient.self { return .stop }
    if P.self == Variable.self || P.self == Reshape.self || P.self == Barrier.self { return .alias }
    return P.self is any MultipleResults.Type ? .multiple : .general
  }

  /// Takes the history apart with a loop: releasing a long chain node by node would overflow the stack.
  deinit {
    guard !inputs.isEmpty else { return }
    var pending = inputs
    inputs = []
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) {
        pending.append(contentsOf: node.inputs)
        node.inputs = []
      }
    }
  }
}

/// Marks a node whose value was given, not computed.
struct Stored: Primitive {
  var name: String { "stored" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { preconditionFailure("a stored value has no rule") }
  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel { preconditionFailure("a stored value has no kernel") }
}
