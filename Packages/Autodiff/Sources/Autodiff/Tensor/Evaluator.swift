import CAutodiff
import Synchronization

/// Computes values of uncompiled expressions, one node at a time, with each primitive's own kernel and none of the passes.
enum Evaluator {
  /// Guards the inputs and storage of all nodes. The value counts the transforms that are now recording: while there is one,
  /// a node must keep its inputs, because somebody may still differentiate through it.
  static let activeTransforms = Mutex(0)

  /// Whether this task is inside a transform or a trace.
  @TaskLocal static var isRecording = false

  static func whileRecording<R>(_ body: () throws -> R) rethrows -> R {
    activeTransforms.withLock { $0 += 1 }
    defer { activeTransforms.withLock { $0 -= 1 } }
    return try $isRecording.withValue(true, operation: body)
  }

  /// The memory of `node`, computed now if need be. Kernels run outside of the lock, so threads evaluate side by side; two
  /// threads that want the same node at the same time both compute it, and one result is kept.
  static func storage(of node: Node) -> Storage {
    var pending: [Node] = []
    let known = activeTransforms.withLock { _ in
      if node.storage == nil { pending = unevaluatedAncestors(of: node) }
      return node.storage
    }
    if let known { return known }
    for next in pending { evaluate(next) }
    return activeTransforms.withLock { active in
      if active == 0 { for each in pending { each.inputs = [] } }
      return node.storage!
    }
  }

  private static func needsMemory(_ input: Node, for reader: Node) -> Bool {
    guard input.storage == nil else { return false }
    if case .constant = input.kind, case .elementwise = reader.kind { return false }
    return true
  }

  private static func unevaluatedAncestors(of node: Node) -> [Node] {
    if !node.inputs.contains(where: { needsMemory($0, for: node) }) { return [node] }
    var seen: Set<UInt64> = [node.id]
    var stack = [node]
    var found: [Node] = []
    while let next = stack.popLast() {
      found.append(next)
      for input in next.inputs where needsMemory(input, for: next) && seen.insert(input.id).inserted { stack.append(input) }
    }
    return found.sorted { $0.id < $1.id }
  }

  private static func evaluate(_ node: Node) {
    switch node.kind {
    case .alias, .stop:
      activeTransforms.withLock { _ in if node.storage == nil { node.storage = node.inputs[0].storage } }
    case .elementwise(let function): evaluate(node, function)
    default: evaluateByKernel(node)
    }
  }

  private static func publish(_ storage: Storage, of node: Node) {
    activeTransforms.withLock { _ in if node.storage == nil { node.storage = storage } }
  }

  private static func evaluate(_ node: Node, _ function: ElementwiseFunction) {
    withUnsafeTemporaryAllocation(of: af_elementwise_input.self, capacity: 3) { operands in
      var compute = node.spec.dtype
      // Another thread may have computed the node in the meantime, and forgotten its inputs.
      let inputs = activeTransforms.withLock { _ -> [Node] in
        guard node.storage == nil else { return [] }
        for (index, input) in node.inputs.enumerated() {
          var operand = af_elementwise_input(memory: nil, value: 0, type: input.spec.dtype.code)
          if let storage = input.storage {
            operand.memory = UnsafeRawPointer(storage.address)
          } else if case .constant(let value) = input.kind {
            operand.value = value
          }
          operands[index] = operand
        }
        return node.inputs
      }
      guard !inputs.isEmpty else { return }
      if function != .select { compute = inputs[0].spec.dtype }
      if compute == .bool { compute = .float32 }
      let storage = Storage(byteCount: node.spec.byteCount)
      af_elementwise(
        function.code, compute.code, Int32(inputs.count), operands.baseAddress!, node.spec.dtype.code, storage.address,
        Int64(node.spec.count))
      publish(storage, of: node)
    }
  }

  private static func evaluateByKernel(_ node: Node) {
    let inputs = activeTransforms.withLock { _ -> [Node]? in node.storage == nil ? node.inputs : nil }
    guard let inputs else { return }
    let kernel = node.primitive.kernel(inputs: inputs.map(\.spec), output: node.spec)
    let storage = Storage(byteCount: node.spec.byteCount)
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: inputs.count + 1) { addresses in
      activeTransforms.withLock { _ in
        for (index, input) in inputs.enumerated() { addresses[index] = input.storage!.address }
      }
      addresses[inputs.count] = storage.address
      withUnsafeTemporaryAllocation(byteCount: Swift.max(kernel.workspaceByteCount, 1), alignment: 64) { workspace in
        kernel.run(KernelArguments(addresses: addresses.baseAddress!, workspace: workspace.baseAddress!, firstRow: 0))
      }
    }
    publish(storage, of: node)
  }
}
