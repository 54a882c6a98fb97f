/// The tensors of one call of a compiled function. Frames are used again, so that a call allocates nothing but its results.
final class CallFrame {
  private struct Collector: Walker {
    let frame: CallFrame
    mutating func parameter(_ name: String, _ tensor: inout Tensor) { frame.leaves.append(tensor) }
    mutating func buffer(_ name: String, _ tensor: inout Tensor) { frame.leaves.append(tensor) }
    mutating func setting(_ name: String, _ value: some Hashable & Sendable) { frame.settings.combine(value) }
  }

  private struct Replacer: Walker {
    let frame: CallFrame
    mutating func parameter(_ name: String, _ tensor: inout Tensor) { tensor = frame.next() }
    mutating func buffer(_ name: String, _ tensor: inout Tensor) { tensor = frame.next() }
  }

  /// Tensors of the arguments in walking order.
  private(set) var leaves: [Tensor] = []
  private(set) var settings = Hasher()
  /// Tensors to put into modules, in walking order.
  var results: [Tensor] = []
  private var position = 0

  func collect<M: Module>(_ module: M) {
    var (copy, walker) = (module, Collector(frame: self))
    copy.walk(&walker)
  }

  /// The module with its tensors replaced by the next results.
  func replace<M: Module>(_ module: M) -> M {
    var (copy, walker) = (module, Replacer(frame: self))
    copy.walk(&walker)
    return copy
  }

  private func next() -> Tensor {
    defer { position += 1 }
    return results[position]
  }

  func reset() {
    leaves.removeAll(keepingCapacity: true)
    results.removeAll(keepingCapacity: true)
    settings = Hasher()
    position = 0
  }
}
