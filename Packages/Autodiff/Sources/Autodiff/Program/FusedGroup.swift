import CAutodiff

/// A group of element-wise nodes turned into the operands and instructions of one loop.
struct FusedGroup {
  /// A strided memory that the loop reads.
  struct Source: Hashable {
    let root: Int
    let offset: Int
    let strides: [Int]
    let dtype: DType
  }

  let members: [Int]
  /// Distinct inputs in operand order.
  let sources: [Source]
  /// Members whose values are kept, in operand order.
  let stored: [Int]
  let shape: [Int]
  /// For each source the last member position that reads it, and for each member its position.
  let lastRead: [Source: Int]
  let position: [Int: Int]
  /// softplus(x) and sigmoid(x) of one x share an exponential and are computed together.
  private let twins: [Int: Int]

  init(_ members: [Int], _ graph: ProgramGraph, _ views: ViewAnalysis, isStored: (Int) -> Bool) {
    self.members = members
    shape = graph.nodes[members[0]].spec.shape
    var sources: [Source] = []
    var lastRead: [Source: Int] = [:]
    let inside = Set(members)
    for (position, member) in members.enumerated() {
      for input in graph.nodes[member].inputs where !inside.contains(input) && !(graph.nodes[input].primitive is Fill) {
        let source = FusedGroup.source(input, graph, views)
        guard !inside.contains(source.root) else { continue }
        if lastRead.updateValue(position, forKey: source) == nil { sources.append(source) }
      }
    }
    self.sources = sources
    self.lastRead = lastRead
    stored = members.filter(isStored)
    position = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
    twins = FusedGroup.softplusTwins(members, graph)
  }

  static func source(_ input: Int, _ graph: ProgramGraph, _ views: ViewAnalysis) -> Source {
    let view = views.loadable(input)
    return Source(root: view.root, offset: view.offset, strides: view.strides, dtype: graph.nodes[input].spec.dtype)
  }

  /// Whether the loop may write `member` over the memory of `source`: same elements, and nobody reads the old ones later.
  func mayOverwrite(_ source: Source, with member: Int, dtype: DType) -> Bool {
    source.offset == 0 && source.dtype == dtype && View(root: 0, offset: 0, strides: source.strides).isContiguous(shape)
      && sources.filter { $0.root == source.root }.count == 1 && lastRead[source]! <= writePosition(member)
  }

  private func writePosition(_ member: Int) -> Int {
    min(position[member]!, twins[member].map { position[$0]! } ?? .max)
  }

  /// The loop over `rows` rows (nil: the whole shape).
  func kernel(_ graph: ProgramGraph, _ views: ViewAnalysis, compute: DType, rows: Int?) -> FusedKernel {
    var extent = shape
    if let rows { extent[0] = rows }
    let builder = FusedKernelBuilder(shape: extent, compute: compute)
    var operands: [Int: FusedKernelBuilder.Operand] = [:]
    var external: [Source: FusedKernelBuilder.Operand] = [:]
    for source in sources { external[source] = builder.input(dtype: source.dtype, strides: source.strides) }
    var results: [Int: FusedKernelBuilder.Operand] = [:]
    for member in stored { results[member] = builder.output(dtype: graph.nodes[member].spec.dtype) }
    var registers = Registers(lastUses(graph, views))
    var constants: [UInt64: FusedKernelBuilder.Operand] = [:]
    func operand(_ input: Int) -> FusedKernelBuilder.Operand {
      if let own = operands[input] { return own }
      if let fill = graph.nodes[input].primitive as? Fill { return constant(fill.value) }
      let source = FusedGroup.source(input, graph, views)
      return operands[source.root] ?? external[source]!
    }
    func constant(_ value: Double) -> FusedKernelBuilder.Operand {
      if let known = constants[value.bitPattern] { return known }
      constants[value.bitPattern] = builder.constant(value)
      return constants[value.bitPattern]!
    }
    func target(_ member: Int, _ position: Int) -> FusedKernelBuilder.Operand {
      // A bool in memory is a byte: what the loop reads again stays in a register of its compute type.
      let direct = results[member].flatMap { graph.nodes[member].spec.dtype == compute ? $0 : nil }
      operands[member] = direct ?? builder.temporary(registers.take(for: member, at: position))
      return operands[member]!
    }
    for (position, member) in members.enumerated() where operands[member] == nil {
      let node = graph.nodes[member]
      var arguments = node.inputs.map(operand)
      if let twin = twins[member] {
        let isSoftplus = (node.primitive as? Elementwise)?.function == .softplus
        let (own, other) = (target(member, position), target(twin, position))
        builder.append(op: AF_SOFTPLUS_SIGMOID, [isSoftplus ? own : other, arguments[0], arguments[0], isSoftplus ? other : own])
        if let copy = results[twin], copy != other { builder.append(op: AF_COPY, [copy, other]) }
      } else {
        if let power = node.primitive as? ConstantPower { arguments.append(constant(power.exponent)) }
        let function = (node.primitive as? Elementwise)?.function ?? .power
        builder.append(function, into: target(member, position), arguments)
      }
      if let copy = results[member], let own = operands[member], copy != own { builder.append(op: AF_COPY, [copy, own]) }
      registers.release(after: position)
    }
    return builder.finish()
  }

  private static func softplusTwins(_ members: [Int], _ graph: ProgramGraph) -> [Int: Int] {
    var seen: [Int: (softplus: Int?, sigmoid: Int?)] = [:]
    for member in members {
      guard let function = (graph.nodes[member].primitive as? Elementwise)?.function else { continue }
      let x = graph.nodes[member].inputs[0]
      if function == .softplus { seen[x, default: (nil, nil)].softplus = member }
      if function == .sigmoid { seen[x, default: (nil, nil)].sigmoid = member }
    }
    var twins: [Int: Int] = [:]
    for case (let softplus?, let sigmoid?) in seen.values { (twins[softplus], twins[sigmoid]) = (sigmoid, softplus) }
    return twins
  }

  /// The last position at which each member is read inside the group, be it by way of a reshape or a transpose.
  private func lastUses(_ graph: ProgramGraph, _ views: ViewAnalysis) -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (place, member) in members.enumerated() {
      last[member] = max(last[member] ?? place, place)
      for input in graph.nodes[member].inputs {
        let root = position[input] != nil ? input : views.loadable(input).root
        if position[root] != nil { last[root] = place }
      }
    }
    return last
  }
}

/// Scratch registers of a fused loop, reused when the value in them has been read for the last time.
private struct Registers {
  private let lastUses: [Int: Int]
  private var free: [Int] = []
  private var held: [(slot: Int, until: Int)] = []
  private var count = 0

  init(_ lastUses: [Int: Int]) { self.lastUses = lastUses }

  mutating func take(for member: Int, at position: Int) -> Int {
    let slot = free.popLast() ?? count
    if slot == count { count += 1 }
    held.append((slot, max(lastUses[member] ?? position, position)))
    return slot
  }

  mutating func release(after position: Int) {
    free.append(contentsOf: held.filter { $0.until <= position }.map(\.slot))
    held.removeAll { $0.until <= position }
  }
}
