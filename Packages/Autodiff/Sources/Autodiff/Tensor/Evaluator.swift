import Synchronization

/// Computes values of uncompiled expressions, one node at a time.
///
/// It uses each primitive's own kernel and none of the compiled passes, so it is also the oracle that compiled programs are
/// tested against.
enum Evaluator {
  /// Guards the mutable fields of all nodes. The value counts the transforms that are now recording: while there is one, a
  /// node must keep its inputs, because somebody may still differentiate through it.
  static let activeTransforms = Mutex(0)

  /// Guarded by the lock of `activeTransforms`.
  nonisolated(unsafe) private static var kernels = PreparedKernels()

  /// Whether this task is inside a transform or a trace.
  @TaskLocal static var isRecording = false

  static func whileRecording<R>(_ body: () throws -> R) rethrows -> R {
    activeTransforms.withLock { $0 += 1 }
    defer { activeTransforms.withLock { $0 -= 1 } }
    return try $isRecording.withValue(true, operation: body)
  }

  /// The memory of `node`, computed now if need be.
  static func storage(of node: Node) -> Storage {
    activeTransforms.withLock { active in
      if let storage = node.storage { return storage }
      let pending = unevaluatedAncestors(of: node)
      for each in pending { evaluate(each) }
      if active == 0 {
        for each in pending { each.inputs = [] }
      }
      return node.storage!
    }
  }

  private static func unevaluatedAncestors(of node: Node) -> [Node] {
    if node.inputs.allSatisfy({ $0.storage != nil }) { return [node] }
    var seen: Set<UInt64> = [node.id]
    var stack = [node]
    var found: [Node] = []
    while let next = stack.popLast() {
      found.append(next)
      for input in next.inputs where input.storage == nil && seen.insert(input.id).inserted { stack.append(input) }
    }
    return found.sorted { $0.id < $1.id }
  }

  private static func evaluate(_ node: Node) {
    if node.primitive is any SharesItsInput {
      node.storage = node.inputs[0].storage
      return
    }
    let kernel = kernels.kernel(of: node)
    let storage = Storage(byteCount: node.spec.byteCount)
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: node.inputs.count + 1) { addresses in
      for (index, input) in node.inputs.enumerated() { addresses[index] = input.storage!.address }
      addresses[node.inputs.count] = storage.address
      withUnsafeTemporaryAllocation(byteCount: max(kernel.workspaceByteCount, 1), alignment: 64) { workspace in
        kernel.run(KernelArguments(addresses: addresses.baseAddress!, workspace: workspace.baseAddress!, firstRow: 0))
      }
    }
    node.storage = storage
  }
}

/// Kernels of element-wise functions prepared before, since loops of small operations prepare the same ones again and again.
private struct PreparedKernels {
  private struct Signature: Hashable {
    let function: ElementwiseFunction
    let count: Int
    let input: DType
    let output: DType
  }

  private static let capacity = 1024
  private var known: [Signature: Kernel] = [:]

  mutating func kernel(of node: Node) -> Kernel {
    guard let elementwise = node.primitive as? Elementwise else {
      return node.primitive.kernel(inputs: node.inputs.map(\.spec), output: node.spec)
    }
    let signature = Signature(
      function: elementwise.function, count: node.spec.count, input: node.inputs[0].spec.dtype, output: node.spec.dtype)
    if let kernel = known[signature] { return kernel }
    let kernel = elementwise.kernel(inputs: node.inputs.map(\.spec), output: node.spec)
    if known.count == PreparedKernels.capacity { known.removeAll() }
    known[signature] = kernel
    return kernel
  }
}

/// A primitive whose output has the same elements in the same order as its first input, so that no copy is needed.
protocol SharesItsInput: Primitive {}
