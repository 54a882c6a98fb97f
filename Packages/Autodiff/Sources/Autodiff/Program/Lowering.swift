/// Turns a scheduled graph into instructions over planned memory.
struct Lowering {
  let graph: ProgramGraph
  let placement: Placement
  let views: ViewAnalysis
  let schedule: Schedule
  /// The prepared steps of each phase, with their fused groups.
  private(set) var prepared: [[PreparedStep]] = []
  private(set) var locations: [Int: OperandReference] = [:]
  /// Where the whole of a value lies after its partial sums have been added.
  private(set) var wholeLocations: [Int: OperandReference] = [:]
  private(set) var partials: [[Int]] = []
  private(set) var sharedPlan = MemoryPlan([])
  private(set) var localPlans: [MemoryPlan] = []
  private(set) var donors: [Int?] = []
  private(set) var constants: [Storage] = []
  private let isResult: [Bool]
  private let computed: [Bool]
  private let donatedCount: Int

  struct PreparedStep {
    let step: Step
    let group: FusedGroup?
    /// Memories read by the step outside of in-place fused operands, and by them.
    let reads: Set<Int>
    let writes: [Int]
  }

  /// `donatedCount`: how many of the first arguments may be overwritten by results.
  init(_ graph: ProgramGraph, _ placement: Placement, _ views: ViewAnalysis, _ schedule: Schedule, donatedCount: Int) {
    self.graph = graph
    self.placement = placement
    self.views = views
    self.schedule = schedule
    self.donatedCount = donatedCount
    var isResult = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { isResult[output] = true }
    self.isResult = isResult
    var computed = [Bool](repeating: false, count: graph.nodes.count)
    for phase in schedule.phases { for step in phase { for node in step.nodes { computed[node] = true } } }
    self.computed = computed
    prepare()
    locate()
  }

  // MARK: Who reads what, and when

  private mutating func prepare() {
    let steps = schedule.phases
    var readersOutside: [Int: Set<Int>] = [:]  // root -> identifiers of reading steps
    var identifier = 0
    var identifiers: [[Int]] = []
    for phase in steps {
      var row: [Int] = []
      for step in phase {
        for node in step.nodes { for root in schedule.roots(node) { readersOutside[root, default: []].insert(identifier) } }
        row.append(identifier)
        identifier += 1
      }
      identifiers.append(row)
    }
    for (phase, row) in zip(steps, identifiers) {
      prepared.append(
        zip(phase, row).map { step, own in
          let isStored = { (node: Int) in
            isResult[node] || !(readersOutside[node] ?? []).subtracting([own]).isEmpty
          }
          let members: [Int]
          switch step {
          case .fused(let nodes): members = nodes
          case .product(_, let epilogue): members = epilogue
          case .kernel, .copy: members = []
          }
          let group = members.isEmpty ? nil : FusedGroup(members, graph, views, isStored: isStored)
          let inside = Set(step.nodes)
          let reads = Set(step.nodes.flatMap(schedule.roots)).subtracting(inside).filter { !isFreeConstant($0) }
          var writes = group?.stored ?? []
          switch step {
          case .kernel(let node), .copy(let node), .product(let node, _): writes.insert(node, at: 0)
          case .fused: break
          }
          return PreparedStep(step: step, group: group, reads: reads, writes: writes)
        })
    }
  }

  /// Constants that fused loops hold in their instructions and that have no memory.
  private func isFreeConstant(_ root: Int) -> Bool {
    graph.nodes[root].primitive is Fill && !computed[root]
  }

  // MARK: Memory

  private mutating func locate() {
    let argumentBase = 2
    let resultBase = argumentBase + graph.inputs.count
    for (position, node) in graph.inputs.enumerated() {
      locations[node] = OperandReference(base: argumentBase + position, offset: 0, rowStride: 0, shardStride: 0)
    }
    var constantBase = resultBase + graph.outputs.count
    for (index, node) in graph.nodes.enumerated() {
      guard let storage = node.storage else { continue }
      locations[index] = OperandReference(base: constantBase, offset: 0, rowStride: 0, shardStride: 0)
      constants.append(storage)
      constantBase += 1
    }
    // One moment per step of an even phase, one for a whole odd phase.
    var moments: [[Int]] = []
    var now = 0
    for (phase, row) in prepared.enumerated() {
      if phase % 2 == 0 {
        moments.append(row.indices.map { now + $0 })
        now += max(row.count, 1)
      } else {
        moments.append(row.map { _ in now })
        now += 1
      }
    }
    var lastRead: [Int: Int] = [:]
    var readPhases: [Int: Set<Int>] = [:]
    for (phase, row) in prepared.enumerated() {
      for (position, step) in row.enumerated() {
        for root in step.reads {
          lastRead[root] = max(lastRead[root] ?? 0, moments[phase][position])
          readPhases[root, default: []].insert(phase)
        }
      }
    }
    donors = matchDonors(moments, lastRead)
    var shared: [MemoryPlan.Request] = []
    for (phase, row) in prepared.enumerated() {
      var local: [MemoryPlan.Request] = []
      let localLast = phase % 2 == 1 ? lastReads(in: row) : [:]
      var partialsHere: [Int] = []
      for (position, step) in row.enumerated() {
        let moment = moments[phase][position]
        for node in step.writes {
          let spec = graph.nodes[node].spec
          let leaves = isResult[node] || (readPhases[node] ?? []).contains { $0 != phase }
          let replaceable = inPlaceCandidates(node, step)
          switch placement.places[node] {
          case .whole:
            if let result = resultIndex(node) {
              locations[node] = OperandReference(base: resultBase + result, offset: 0, rowStride: 0, shardStride: 0)
            } else {
              shared.append(.init(id: node, byteCount: spec.byteCount, life: moment...(lastRead[node] ?? moment), mayReplace: replaceable))
            }
          case .rows:
            if leaves {
              if let result = resultIndex(node) {
                locations[node] = OperandReference(base: resultBase + result, offset: 0, rowStride: 0, shardStride: 0)
              } else {
                shared.append(.init(id: node, byteCount: spec.byteCount, life: moment...(lastRead[node] ?? moment)))
              }
            } else {
              let bytes = spec.byteCount / max(placement.batch, 1) * placement.shardRows
              local.append(.init(id: node, byteCount: bytes, life: position...(localLast[node] ?? position), mayReplace: replaceable))
            }
          case .partial:
            if leaves {
              partialsHere.append(node)
              shared.append(
                .init(
                  id: graph.nodes.count + node, byteCount: Storage.aligned(spec.byteCount) * placement.shardCount,
                  life: moment...moment))
              if let result = resultIndex(node) {
                wholeLocations[node] = OperandReference(base: resultBase + result, offset: 0, rowStride: 0, shardStride: 0)
              } else {
                shared.append(.init(id: node, byteCount: spec.byteCount, life: moment...max(moment, lastRead[node] ?? moment)))
              }
            } else {
              local.append(
                .init(id: node, byteCount: spec.byteCount, life: position...(localLast[node] ?? position), mayReplace: replaceable))
            }
          }
        }
      }
      let plan = MemoryPlan(local)
      localPlans.append(plan)
      for (node, offset) in plan.offsets {
        locations[node] = OperandReference(base: OperandReference.local, offset: offset, rowStride: 0, shardStride: 0)
      }
      partials.append(partialsHere)
    }
    sharedPlan = MemoryPlan(shared)
    for (identifier, offset) in sharedPlan.offsets {
      let reference = OperandReference(base: OperandReference.shared, offset: offset, rowStride: 0, shardStride: 0)
      if identifier >= graph.nodes.count {
        let node = identifier - graph.nodes.count
        locations[node] = reference
        locations[node]!.shardStride = Storage.aligned(graph.nodes[node].spec.byteCount)
      } else if case .partial = placement.places[identifier] {
        wholeLocations[identifier] = reference
      } else {
        locations[identifier] = reference
      }
    }
  }

  private func lastReads(in row: [PreparedStep]) -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (position, step) in row.enumerated() { for root in step.reads { last[root] = position } }
    return last
  }

  /// The first result that is `node`; later ones share its memory.
  private func resultIndex(_ node: Int) -> Int? { isResult[node] ? graph.outputs.firstIndex(of: node) : nil }

  /// Memories that the step reads element by element and may overwrite with `node`.
  private func inPlaceCandidates(_ node: Int, _ step: PreparedStep) -> [Int] {
    let spec = graph.nodes[node].spec
    if let group = step.group, group.members.contains(node) {
      var forbidden: Set<Int> = []
      if case .product(let product, _) = step.step { forbidden = Set(schedule.roots(product)) }
      return group.sources.filter { source in
        !forbidden.contains(source.root) && graph.nodes[source.root].spec.count == spec.count
          && placement.places[source.root] == placement.places[node] && group.mayOverwrite(source, with: node, dtype: spec.dtype)
      }.map(\.root)
    }
    if graph.nodes[node].primitive is MatrixProduct, graph.nodes[node].inputs.count == 3 {
      let view = views.contiguous(graph.nodes[node].inputs[2])
      return view.offset == 0 && graph.nodes[view.root].spec.count == spec.count ? [view.root] : []
    }
    return []
  }

  /// For each result the donated argument whose memory it takes over, if that is safe.
  private func matchDonors(_ moments: [[Int]], _ lastRead: [Int: Int]) -> [Int?] {
    var written: [Int: (moment: Int, step: PreparedStep)] = [:]
    for (phase, row) in prepared.enumerated() {
      for (position, step) in row.enumerated() { for node in step.writes { written[node] = (moments[phase][position], step) } }
    }
    var taken: Set<Int> = []
    return graph.outputs.enumerated().map { index, node in
      guard case .whole = placement.places[node], graph.outputs.firstIndex(of: node) == index, let write = written[node] else { return nil }
      for position in 0..<min(donatedCount, graph.inputs.count) where !taken.contains(position) {
        let argument = graph.inputs[position]
        guard graph.nodes[argument].spec == graph.nodes[node].spec, !isResult[argument] else { continue }
        let last = lastRead[argument] ?? -1
        let safe = last < write.moment || last == write.moment && inPlaceDonation(argument, node, write.step)
        guard safe else { continue }
        taken.insert(position)
        return position
      }
      return nil
    }
  }

  private func inPlaceDonation(_ argument: Int, _ node: Int, _ step: PreparedStep) -> Bool {
    guard let group = step.group, group.members.contains(node) else { return false }
    if case .product(let product, _) = step.step, schedule.roots(product).contains(argument) { return false }
    return group.sources.contains {
      $0.root == argument && group.mayOverwrite($0, with: node, dtype: graph.nodes[node].spec.dtype)
    }
  }
}
