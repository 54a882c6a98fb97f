/// One instruction of a program before memory is assigned.
enum Step {
  /// A primitive's own kernel.
  case kernel(Int)
  /// A movement carried out as a copy.
  case copy(Int)
  /// Element-wise nodes in one loop.
  case fused([Int])
  /// A matrix product whose rows go through a fused loop while they are in the cache.
  case product(Int, epilogue: [Int])

  /// Nodes whose values the step computes.
  var nodes: [Int] {
    switch self {
    case .kernel(let node), .copy(let node): [node]
    case .fused(let nodes): nodes
    case .product(let node, let epilogue): [node] + epilogue
    }
  }
}

/// Orders the nodes of each phase and fuses element-wise neighbours.
///
/// A group is grown only from nodes whose inputs are already computed or in the group, so no cycle can arise.
struct Schedule {
  private static let largestGroup = 48
  private static let mostOperands = 40

  /// The steps of every phase in order.
  private(set) var phases: [[Step]] = []
  private let graph: ProgramGraph
  private let placement: Placement
  private let views: ViewAnalysis
  private var waiting: [Int]
  private var readers: [[Int]]
  private var ready = SortedSet()

  init(_ graph: ProgramGraph, _ placement: Placement, _ views: ViewAnalysis) {
    self.graph = graph
    self.placement = placement
    self.views = views
    waiting = [Int](repeating: 0, count: graph.nodes.count)
    readers = [[Int]](repeating: [], count: graph.nodes.count)
    for phase in 0..<placement.phaseCount { phases.append(order(phase)) }
  }

  private func isComputed(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    if node.primitive is Argument || node.storage != nil { return false }
    if readers[index].isEmpty && !graph.outputs.contains(index) { return false }
    if node.primitive is Fill { return fillNeedsMemory(index) }
    return views.hasMemory(index)
  }

  private func fillNeedsMemory(_ index: Int) -> Bool {
    graph.outputs.contains(index) || readers[index].contains { !isFusable(graph.nodes[$0]) }
  }

  private mutating func order(_ phase: Int) -> [Step] {
    if phase == 0 {
      for (index, node) in graph.nodes.enumerated() { for input in node.inputs { readers[input].append(index) } }
    }
    let members = graph.nodes.indices.filter { placement.places[$0].phase == phase && isComputed($0) }
    let inPhase = Set(members)
    var dependants: [Int: [Int]] = [:]
    ready = SortedSet()
    for index in members {
      let barriers = graph.nodes[index].inputs.flatMap { views.barriers[$0] } + views.barriers[index]
      let sources = Set(roots(index) + barriers).intersection(inPhase)
      waiting[index] = sources.count
      for source in sources { dependants[source, default: []].append(index) }
      if sources.isEmpty { ready.insert(index) }
    }
    var steps: [Step] = []
    func finish(_ index: Int, _ schedule: inout Schedule) {
      for reader in dependants[index] ?? [] {
        schedule.waiting[reader] -= 1
        if schedule.waiting[reader] == 0 { schedule.ready.insert(reader) }
      }
    }
    while let index = ready.popFirst() {
      finish(index, &self)
      let node = graph.nodes[index]
      if isFusable(node) {
        steps.append(.fused(grow([index], finish)))
      } else if isMovement(node) {
        steps.append(.copy(index))
      } else if node.primitive is MatrixProduct, node.spec.rank == 2, placement.places[index] != .partial(phase),
        let reader = ready.first(where: { canFollow($0, product: index) })
      {
        ready.remove(reader)
        finish(reader, &self)
        steps.append(.product(index, epilogue: grow([reader], finish, product: index)))
      } else {
        steps.append(.kernel(index))
      }
    }
    return steps
  }

  /// The memories that a node reads.
  func roots(_ index: Int) -> [Int] {
    let node = graph.nodes[index]
    if isMovement(node) { return [views.views[index].root] }
    return node.inputs.map { views.operand($0, of: node).root }
  }

  private func fusableReaders(_ index: Int) -> [Int] { readers[index].filter { isFusable(graph.nodes[$0]) } }

  private func canFollow(_ reader: Int, product: Int) -> Bool {
    isFusable(graph.nodes[reader]) && sameLoop(reader, product) && graph.nodes[reader].inputs.contains(product)
      && readsInPlace(reader, [product])
  }

  /// Whether a node reads the members of a group element by element, not for instance transposed.
  private func readsInPlace(_ reader: Int, _ group: [Int]) -> Bool {
    graph.nodes[reader].inputs.allSatisfy { input in
      let view = views.loadable(input)
      return !group.contains(view.root) || view.offset == 0 && view.isContiguous(graph.nodes[reader].spec.shape)
    }
  }

  /// Whether two nodes can run in one loop: the same place, shape and compute type.
  private func sameLoop(_ a: Int, _ b: Int) -> Bool {
    placement.places[a] == placement.places[b] && graph.nodes[a].spec.shape == graph.nodes[b].spec.shape
      && computeType(a) == computeType(b)
  }

  func computeType(_ index: Int) -> DType {
    let node = graph.nodes[index]
    guard let elementwise = node.primitive as? Elementwise else { return node.spec.dtype }
    return elementwise.function.computeType(inputs: node.inputs.map { graph.nodes[$0].spec }, output: node.spec)
  }

  /// Adds ready element-wise nodes that share an operand or a reader with the group, until there are none.
  private mutating func grow(
    _ seed: [Int], _ finish: (Int, inout Schedule) -> Void, product: Int? = nil
  ) -> [Int] {
    var group = seed
    var touched = Set(seed.flatMap(roots) + seed)
    if let product { touched.insert(product) }
    var awaited = Set(seed.flatMap(fusableReaders))
    while group.count < Schedule.largestGroup, touched.count < Schedule.mostOperands {
      let next = ready.first { candidate in
        isFusable(graph.nodes[candidate]) && sameLoop(candidate, seed[0])
          && readsInPlace(candidate, product.map { group + [$0] } ?? group)
          && (roots(candidate).contains { touched.contains($0) && !(graph.nodes[$0].primitive is Fill) }
            || readers[candidate].contains { awaited.contains($0) })
      }
      guard let next else { break }
      ready.remove(next)
      finish(next, &self)
      group.append(next)
      touched.formUnion(roots(next) + [next])
      awaited.formUnion(fusableReaders(next))
    }
    return group
  }
}

/// A small set of integers that is read in ascending order.
private struct SortedSet {
  private var values: [Int] = []

  mutating func insert(_ value: Int) {
    let position = values.firstIndex { $0 >= value } ?? values.count
    if position == values.count || values[position] != value { values.insert(value, at: position) }
  }

  mutating func remove(_ value: Int) { values.removeAll { $0 == value } }
  mutating func popFirst() -> Int? { values.isEmpty ? nil : values.removeFirst() }
  func first(where predicate: (Int) -> Bool) -> Int? { values.first(where: predicate) }
}
