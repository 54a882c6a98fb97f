import Synchronization

/// The programs of one compiled function, by signature of its arguments.
final class ProgramCache<Output>: @unchecked Sendable {
  final class Entry: @unchecked Sendable {
    let specs: [TensorSpec]
    let settings: Int
    /// The results of the trace; their tensors are replaced on every call.
    let template: Output
    let program: any PreparedFunction

    init(specs: [TensorSpec], settings: Int, template: Output, program: any PreparedFunction) {
      self.specs = specs
      self.settings = settings
      self.template = template
      self.program = program
    }

    func suits(_ leaves: [Tensor], _ settings: Int) -> Bool {
      guard self.settings == settings && specs.count == leaves.count else { return false }
      for leaf in leaves.indices where specs[leaf] != leaves[leaf].node.spec { return false }
      return true
    }
  }

  private let maximumTraces: Int
  private let state = Mutex(())
  private var entries: [Entry] = []
  private var spare: [CallFrame] = []

  init(maximumTraces: Int) { self.maximumTraces = maximumTraces }

  /// A list for one call; calls from several threads each get their own.
  func borrow() -> CallFrame { state.withLock { _ in spare.popLast() } ?? CallFrame() }

  func giveBack(_ collector: CallFrame) {
    collector.reset()
    state.withLock { _ in spare.append(collector) }
  }

  /// The entry for these arguments, traced now if there is none.
  func entry(for arguments: CallFrame, trace: () -> (Output, any PreparedFunction)) -> Entry {
    let settings = arguments.settings.finalize()
    if let known = state.withLock({ _ in find(arguments.leaves, settings) }) { return known }
    let count = state.withLock { _ in entries.count }
    require(
      count < maximumTraces,
      "compile: traced \(count) times already (maximumTraces \(maximumTraces)) and the arguments changed again: \(difference(arguments.leaves)); pad batches to one size, or raise maximumTraces"
    )
    let (template, program) = trace()
    let entry = Entry(specs: arguments.leaves.map(\.spec), settings: settings, template: template, program: program)
    return state.withLock { _ in
      if let known = find(arguments.leaves, settings) { return known }
      entries.append(entry)
      return entry
    }
  }

  private func find(_ leaves: [Tensor], _ settings: Int) -> Entry? {
    // A loop over indices: the generic search of a sequence allocates.
    for index in entries.indices where entries[index].suits(leaves, settings) { return entries[index] }
    return nil
  }

  private func difference(_ leaves: [Tensor]) -> String {
    guard let last = state.withLock({ _ in entries.last }) else { return "no earlier trace" }
    guard last.specs.count == leaves.count else { return "\(last.specs.count) tensors became \(leaves.count)" }
    for index in leaves.indices where last.specs[index] != leaves[index].spec {
      return "tensor \(index) went from \(last.specs[index]) to \(leaves[index].spec)"
    }
    return "a setting that is not a tensor"
  }
}
