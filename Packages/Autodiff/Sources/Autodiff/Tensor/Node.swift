import Synchronization

/// One vertex of the expression graph: a primitive applied to earlier vertices, or a value already computed.
///
/// Identifiers grow with creation, so a node can only depend on nodes with smaller ones: sorting by identifier is a
/// topological order, and everything older than a variable cannot depend on it.
final class Node: @unchecked Sendable {
  private static let counter = Atomic<UInt64>(1)

  let id: UInt64
  let spec: TensorSpec
  let primitive: any Primitive
  /// Guarded by the lock of `Evaluator.activeTransforms`; emptied once the value is known and no transform can still ask how it came about.
  var inputs: [Node]
  var storage: Storage?

  init(_ primitive: any Primitive, _ inputs: [Node], _ spec: TensorSpec, storage: Storage? = nil) {
    id = Node.counter.add(1, ordering: .relaxed).oldValue
    self.primitive = primitive
    self.inputs = inputs
    self.spec = spec
    self.storage = storage
  }

  convenience init(storage: Storage, spec: TensorSpec) {
    self.init(Stored(), [], spec, storage: storage)
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
