import Synchronization

/// Compiles `body`: the first call with given shapes traces it to a static program, later calls only run the program.
///
/// - Parameters:
///   - maximumTraces: How many different signatures are accepted; one more traps and says what changed.
///   - executor: What runs the program; `ReferenceExecutor()` finds out whether a surprise comes from the passes or from you.
///   - donating: Whether the memory of the first argument may be reused for results. The argument cannot be read afterwards.
///   - body: A pure function of its arguments. Tensors that it captures are constants of the program.
/// - Returns: A function with the results of `body`, bit for bit the same for any number of threads.
///
/// Inside a transform (`grad(compiled)`) the body is traced into the surrounding expression instead.
public func compile<each Input: Module, each Output: Module>(
  maximumTraces: Int = 8, donating: Bool = false, executor: some Executor = FastExecutor(),
  _ body: @escaping @Sendable (repeat each Input) -> (repeat each Output)
) -> @Sendable (repeat each Input) -> (repeat each Output) {
  let cache = ProgramCache<(repeat each Output)>(maximumTraces: maximumTraces)
  return { (input: repeat each Input) in
    let frame = cache.borrow()
    defer { cache.giveBack(frame) }
    var donatedCount = 0
    var isFirst = true
    for argument in repeat each input {
      frame.collect(argument)
      if isFirst && donating { donatedCount = frame.leaves.count }
      isFirst = false
    }
    if Evaluator.isRecording { return body(repeat each input) }
    let entry = cache.entry(for: frame) {
      let (template, graph) = trace(frame.leaves, repeat each input, body: body)
      return (template, executor.prepare(graph, donatedCount: donatedCount))
    }
    entry.program.call(frame.leaves, results: &frame.results)
    return (repeat frame.replace(each entry.template))
  }
}

/// The program that `compile` makes of `body` for arguments like these; print it to see instructions, memory and cost.
public func program<each Input: Module, each Output: Module>(
  of body: @escaping @Sendable (repeat each Input) -> (repeat each Output), for input: repeat each Input
) -> Program {
  Program(record(body, for: repeat each input))
}

/// The graph of `body` for arguments like these.
func record<each Input: Module, each Output: Module>(
  _ body: @escaping @Sendable (repeat each Input) -> (repeat each Output), for input: repeat each Input
) -> ProgramGraph {
  let frame = CallFrame()
  for argument in repeat each input { frame.collect(argument) }
  return trace(frame.leaves, repeat each input, body: body).graph
}

private func trace<each Input: Module, each Output: Module>(
  _ leaves: [Tensor], _ input: repeat each Input, body: (repeat each Input) -> (repeat each Output)
) -> (template: (repeat each Output), graph: ProgramGraph) {
  Evaluator.whileRecording {
    let arguments = leaves.enumerated().map { Tensor(node: Node(Argument(index: $0), [], $1.spec)) }
    let frame = CallFrame()
    frame.results = arguments
    let output = body(repeat frame.replace(each input))
    for result in repeat each output { frame.collect(result) }
    return (output, ProgramGraph.trace(arguments: arguments.map(\.node), outputs: frame.leaves.map(\.node)))
  }
}
