import CAutodiff
import Synchronization

/// A compiled function: instructions in phases over memory planned ahead. Running it allocates nothing but its results.
public final class Program: @unchecked Sendable {
  /// How one result of the program comes about.
  enum Result {
    case computed
    /// Computed into the memory of a donated argument.
    case replaces(argument: Int)
    case argument(Int)
    case constant(Storage)
    case sameAs(Int)
  }

  let arguments: [TensorSpec]
  let results: [TensorSpec]
  let origins: [Result]
  private let phases: [Phase]
  private let placement: Placement
  private let sharedByteCount: Int
  private let localByteCount: Int
  private let workspaceByteCount: Int
  private let constants: [Storage]
  private let state = Mutex(())
  private let shared: UnsafeMutableRawPointer
  private var workers: [Worker] = []
  private let bases: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let shardTable: UnsafeMutablePointer<UnsafeRawPointer?>
  private let mostOperands: Int
  /// Shards or blocks that can run side by side.
  private let mostParts: Int
  /// Bytes of planned buffers, and of those alive at once, which no plan can undercut.
  let plannedByteCount: Int
  let leastByteCount: Int

  struct Phase {
    /// In memory of their own: going through an array of values this large would retain each one's parts again and again.
    let instructions: UnsafeMutableBufferPointer<Instruction>
    let combinations: [(partial: OperandReference, whole: OperandReference, spec: TensorSpec)]
  }

  /// Memory of one thread.
  private struct Worker {
    let arena: UnsafeMutableRawPointer
    let workspace: UnsafeMutableRawPointer
    let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  }

  /// Optimises and lowers a graph. `donatedCount`: how many of the first arguments may be overwritten.
  init(_ traced: ProgramGraph, donatedCount: Int = 0) {
    let stages = ProgramStages(traced)
    let (graph, placement) = (stages.graph, stages.placement)
    let lowering = Lowering(graph, placement, stages.views, stages.schedule, donatedCount: donatedCount)
    self.placement = placement
    arguments = graph.inputs.map { graph.nodes[$0].spec }
    results = graph.outputs.map { graph.nodes[$0].spec }
    origins = Program.origins(graph, lowering.donors)
    phases = (0..<placement.phaseCount).map { phase in
      let list = lowering.instructions(ofPhase: phase)
      let instructions = UnsafeMutableBufferPointer<Instruction>.allocate(capacity: list.count)
      _ = instructions.initialize(from: list)
      return Phase(instructions: instructions, combinations: lowering.combinations(ofPhase: phase))
    }
    sharedByteCount = lowering.sharedPlan.byteCount
    localByteCount = lowering.localPlans.map(\.byteCount).max() ?? 0
    plannedByteCount = sharedByteCount + localByteCount
    leastByteCount = lowering.sharedPlan.lowerBound + (lowering.localPlans.map(\.lowerBound).max() ?? 0)
    let all = phases.flatMap(\.instructions)
    workspaceByteCount = all.map(\.workspaceByteCount).max() ?? 0
    mostParts = max(placement.shardCount, all.map { $0.blocks?.count ?? 1 }.max() ?? 1)
    mostOperands = (all.map(\.operands.count).max() ?? 0) + 1
    constants = lowering.constants
    shared = .allocate(byteCount: max(sharedByteCount, 64), alignment: 64)
    let baseCount = 2 + arguments.count + results.count + constants.count
    bases = .allocate(capacity: baseCount)
    bases.initialize(repeating: nil, count: baseCount)
    bases[OperandReference.shared] = shared
    for (index, storage) in constants.enumerated() {
      storage.isPinned = true
      bases[2 + arguments.count + results.count + index] = storage.address
    }
    shardTable = .allocate(capacity: max(placement.shardCount, 1))
    shardTable.initialize(repeating: nil, count: max(placement.shardCount, 1))
  }

  deinit {
    shared.deallocate()
    bases.deallocate()
    shardTable.deallocate()
    for phase in phases {
      for instruction in phase.instructions { instruction.operands.deallocate() }
      phase.instructions.deinitialize()
      phase.instructions.deallocate()
    }
    for worker in workers {
      worker.arena.deallocate()
      worker.workspace.deallocate()
      worker.addresses.deallocate()
    }
  }

  private static func origins(_ graph: ProgramGraph, _ donors: [Int?]) -> [Result] {
    graph.outputs.enumerated().map { index, node in
      if let argument = graph.inputs.firstIndex(of: node) { return .argument(argument) }
      if let storage = graph.nodes[node].storage { return .constant(storage) }
      let first = graph.outputs.firstIndex(of: node)!
      if first < index { return .sameAs(first) }
      return donors[index].map { .replaces(argument: $0) } ?? .computed
    }
  }

  /// Runs the program: `argument` gives the memory of each argument, `result` that of each computed result.
  func run(
    argument: (Int) -> UnsafeMutableRawPointer, result: (Int) -> UnsafeMutableRawPointer
  ) {
    state.withLock { _ in
      let threads = Execution.threadCount
      while workers.count < max(1, min(threads, mostParts)) { workers.append(makeWorker()) }
      for index in arguments.indices { bases[2 + index] = argument(index) }
      for index in results.indices {
        if case .computed = origins[index] {
          bases[2 + arguments.count + index] = result(index)
        } else if case .replaces(let donor) = origins[index] {
          bases[2 + arguments.count + index] = bases[2 + donor]
        }
      }
      for phase in phases.indices {
        if phase % 2 == 0 { runOnce(phase, threads) } else { runShards(phase, threads) }
      }
    }
  }

  private func makeWorker() -> Worker {
    Worker(
      arena: .allocate(byteCount: max(localByteCount, 64), alignment: 64),
      workspace: .allocate(byteCount: max(workspaceByteCount, 64), alignment: 64),
      addresses: .allocate(capacity: mostOperands))
  }

  /// What a task of the pool needs to know: the phase, and the instruction whose blocks it computes (-1: a shard of the phase).
  private struct Task {
    let program: Unmanaged<Program>
    let phase: Int
    let instruction: Int
  }

  private func inParallel(_ threads: Int, count: Int, phase: Int, instruction: Int) {
    var task = Task(program: .passUnretained(self), phase: phase, instruction: instruction)
    withUnsafeMutablePointer(to: &task) { pointer in
      af_pool_run(
        Int32(min(threads, workers.count)), Int64(count),
        { context, part, worker in
          let task = context.unsafelyUnwrapped.assumingMemoryBound(to: Task.self).pointee
          task.program._withUnsafeGuaranteedRef { program in
            if task.instruction < 0 {
              program.runShard(task.phase, Int(part), Int(worker))
            } else {
              program.runBlock(task.phase, task.instruction, Int(part), Int(worker))
            }
          }
        }, pointer)
    }
  }

  /// An even phase: one instruction after another, large ones in blocks on all threads.
  private func runOnce(_ phase: Int, _ threads: Int) {
    let list = phases[phase].instructions
    for index in list.indices {
      if let blocks = list[index].blocks {
        inParallel(threads, count: blocks.count, phase: phase, instruction: index)
      } else {
        execute(list.baseAddress.unsafelyUnwrapped + index, workers[0], firstRow: 0, shard: 0, isLast: false)
      }
    }
  }

  private func runBlock(_ phase: Int, _ index: Int, _ block: Int, _ worker: Int) {
    let instruction = phases[phase].instructions.baseAddress.unsafelyUnwrapped + index
    let blocks = instruction.pointee.blocks.unsafelyUnwrapped
    execute(instruction, workers[worker], firstRow: block * blocks.rows, shard: 0, isLast: block == blocks.count - 1)
  }

  private func runShards(_ phase: Int, _ threads: Int) {
    guard !phases[phase].instructions.isEmpty else { return }
    inParallel(threads, count: placement.shardCount, phase: phase, instruction: -1)
    for combination in phases[phase].combinations {
      let first = bases[combination.partial.base].unsafelyUnwrapped + combination.partial.offset
      for shard in 0..<placement.shardCount { shardTable[shard] = UnsafeRawPointer(first + shard * combination.partial.shardStride) }
      af_sum_shards(
        combination.spec.dtype.code, shardTable, Int64(placement.shardCount),
        bases[combination.whole.base].unsafelyUnwrapped + combination.whole.offset, Int64(combination.spec.count))
    }
  }

  private func runShard(_ phase: Int, _ shard: Int, _ worker: Int) {
    let list = phases[phase].instructions
    let memory = workers[worker]
    let isLast = shard == placement.shardCount - 1
    for index in list.indices {
      execute(
        list.baseAddress.unsafelyUnwrapped + index, memory, firstRow: shard * placement.shardRows, shard: shard, isLast: isLast)
    }
  }

  @inline(__always)
  private func execute(_ instruction: UnsafeMutablePointer<Instruction>, _ memory: Worker, firstRow: Int, shard: Int, isLast: Bool) {
    let operands = instruction.pointee.operands
    for position in operands.indices {
      let operand = operands.baseAddress.unsafelyUnwrapped + position
      let base = operand.pointee.base == OperandReference.local ? memory.arena : bases[operand.pointee.base].unsafelyUnwrapped
      memory.addresses[position] =
        base + (operand.pointee.offset + firstRow * operand.pointee.rowStride + shard * operand.pointee.shardStride)
    }
    let arguments = KernelArguments(addresses: memory.addresses, workspace: memory.workspace, firstRow: firstRow)
    let kernel = isLast ? instruction.pointee.borrowedLast : instruction.pointee.borrowedFull
    kernel._withUnsafeGuaranteedRef { $0.run(arguments) }
  }
}

extension Program: CustomStringConvertible {
  /// A listing: phases, instructions with shapes and cost, memory.
  public var description: String {
    var lines = [
      "program(\(arguments.map(\.description).joined(separator: ", "))) -> (\(results.map(\.description).joined(separator: ", ")))"
    ]
    lines.append("  memory: \(sharedByteCount) bytes shared, \(localByteCount) per thread, \(workspaceByteCount) workspace")
    lines.append("  planned \(plannedByteCount) bytes; alive at once: \(leastByteCount), which no plan can undercut")
    for (index, phase) in phases.enumerated() where !phase.instructions.isEmpty {
      let title = index % 2 == 0 ? "once" : "\(placement.shardCount) shards of \(placement.shardRows) rows"
      lines.append("  phase \(index): \(title)")
      for instruction in phase.instructions { lines.append("    " + listing(of: instruction)) }
      if !phase.combinations.isEmpty {
        lines.append("    sum of shards: \(phase.combinations.map(\.spec.description).joined(separator: ", "))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func listing(of instruction: Instruction) -> String {
    let operands = instruction.operands.map { reference in
      let place =
        switch reference.base - 2 {
        case ..<(-1): "shared"
        case -1: "own"
        case 0..<arguments.count: "argument \(reference.base - 2)"
        case arguments.count..<arguments.count + results.count: "result \(reference.base - 2 - arguments.count)"
        default: "constant \(reference.base - 2 - arguments.count - results.count)"
        }
      let row = reference.rowStride + reference.shardStride
      return place + (reference.offset > 0 ? " +\(reference.offset)" : "") + (row > 0 ? " (each part +\(row))" : "")
    }
    let blocks = instruction.blocks.map { "  in \($0.count) blocks of \($0.rows) rows" } ?? ""
    return "\(instruction.name)  [\(operands.joined(separator: ", "))]  \(instruction.cost) flop\(blocks)"
  }

  /// Memory for intermediate values, of one thread.
  public var memoryByteCount: Int { sharedByteCount + localByteCount + workspaceByteCount }

  /// Number of instructions over all phases.
  public var instructionCount: Int { phases.reduce(0) { $0 + $1.instructions.count } }
}
