extension Program {
  /// Runs the program on tensors. Results that replace donated arguments take over their memory.
  public func call(_ leaves: [Tensor], results tensors: inout [Tensor]) {
    let start = tensors.count
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer.self, capacity: leaves.count) { pointers in
      withUnsafeTemporaryAllocation(of: Optional<Unmanaged<Storage>>.self, capacity: results.count) { produced in
        for index in leaves.indices { pointers[index] = Evaluator.storage(of: leaves[index].node).address }
        for index in results.indices {
          produced[index] = nil
          switch origins[index] {
          case .computed: produced[index] = .passRetained(Storage(byteCount: results[index].byteCount))
          case .replaces(let argument):
            let storage = takeOver(leaves[argument], at: argument, pointers)
            pointers[argument] = storage.address
            produced[index] = .passRetained(storage)
          case .argument, .constant, .sameAs: break
          }
        }
        run(argument: { pointers[$0] }, result: { produced[$0]!.takeUnretainedValue().address })
        tensors.reserveCapacity(start + results.count)
        for index in results.indices {
          switch origins[index] {
          case .computed, .replaces:
            tensors.append(Tensor(node: Node(storage: produced[index]!.takeRetainedValue(), spec: results[index])))
          case .argument(let argument): tensors.append(leaves[argument])
          case .constant(let storage): tensors.append(Tensor(node: Node(storage: storage, spec: results[index])))
          case .sameAs(let other): tensors.append(tensors[start + other])
          }
        }
      }
    }
  }

  /// Runs the program on memory of the caller, for every kind of result.
  func run(arguments: (Int) -> UnsafeMutableRawPointer, results target: (Int) -> UnsafeMutableRawPointer) {
    run(argument: arguments, result: target)
    for index in results.indices {
      let source: UnsafeMutableRawPointer
      switch origins[index] {
      case .computed, .replaces: continue
      case .argument(let argument): source = arguments(argument)
      case .constant(let storage): source = storage.address
      case .sameAs(let other): source = target(other)
      }
      target(index).copyMemory(from: source, byteCount: results[index].byteCount)
    }
  }

  /// The memory of a donated argument, or a copy of it where somebody else still needs it.
  private func takeOver(_ leaf: Tensor, at index: Int, _ pointers: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>) -> Storage {
    let storage = Evaluator.storage(of: leaf.node)
    let own = pointers[index]
    var arguments = 0
    for pointer in pointers { arguments += pointer == own ? 1 : 0 }
    guard arguments > 1 || storage.isPinned || storage.isDonated else { return storage.donated() }
    let copy = Storage(byteCount: storage.byteCount)
    copy.address.copyMemory(from: own, byteCount: storage.byteCount)
    return copy
  }
}
