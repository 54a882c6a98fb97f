/// Decides which nodes run on shards of the batch and which run once.
///
/// A program runs in phases. Even phases run once, on one thread. Odd phases run once per shard: a fixed group of rows of the
/// batch axis, whatever the number of threads. Sums over the batch leave one partial sum per shard, added in shard order
/// after the phase, so that the bits never depend on the number of threads.
struct Placement {
  enum Place: Equatable {
    /// Computed once, in an even phase (0: an argument or constant).
    case whole(Int)
    /// Rows computed by shards, in an odd phase.
    case rows(Int)
    /// One partial sum per shard, in an odd phase; whole in the next phase.
    case partial(Int)

    var phase: Int {
      switch self {
      case .whole(let phase), .rows(let phase), .partial(let phase): phase
      }
    }
  }

  /// Rows of a full shard at most: small enough for the cache, large enough to pay.
  static let targetRows = 128

  /// Larger products over the batch are computed once, in blocks of rows of the result, instead of once per shard and added.
  static let largestPartialProduct = 256 << 10

  let places: [Place]
  /// For each node the splitting in use, for nodes in odd phases.
  let splittings: [Splitting?]
  /// Extent of the batch axis, 0 when nothing is split.
  let batch: Int
  let shardRows: Int

  var shardCount: Int { batch == 0 ? 0 : (batch + shardRows - 1) / shardRows }
  var phaseCount: Int { (places.map(\.phase).max() ?? 0) + 1 }

  init(_ graph: ProgramGraph) {
    batch = Placement.batchExtent(graph)
    let shards = max(1, (batch + Placement.targetRows - 1) / Placement.targetRows)
    shardRows = max(1, (batch + shards - 1) / shards)
    var places: [Place] = []
    var splittings: [Splitting?] = []
    for node in graph.nodes {
      let (place, splitting) = Placement.place(node, graph, places, batch)
      places.append(place)
      splittings.append(splitting)
    }
    self.places = Placement.delayed(places, graph)
    self.splittings = splittings
  }

  /// Moves what runs once to the phase of its first reader, where it can join the reader's loop.
  private static func delayed(_ places: [Place], _ graph: ProgramGraph) -> [Place] {
    var latest = [Int](repeating: .max, count: places.count)
    var result = places
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      if case .whole = places[index], !node.inputs.isEmpty, latest[index] != .max { result[index] = .whole(latest[index]) }
      let deadline =
        switch result[index] {
        case .whole(let phase): phase
        case .rows(let phase), .partial(let phase): phase - 1
        }
      for input in node.inputs {
        if case .whole = places[input] { latest[input] = min(latest[input], deadline) }
      }
    }
    return result
  }

  /// The extent along axis 0 that carries most of the work, if there is enough of it to share.
  private static func batchExtent(_ graph: ProgramGraph) -> Int {
    var work: [Int: Int] = [:]
    for node in graph.nodes where !node.inputs.isEmpty {
      let specs = node.inputs.map { graph.nodes[$0].spec }
      for splitting in node.primitive.splitting(inputs: specs, output: node.spec) {
        switch splitting {
        case .rows: work[node.spec.shape[0], default: 0] += cost(node, specs)
        case .sumOfRows: work[specs[0].shape[0], default: 0] += cost(node, specs)
        }
      }
    }
    let best = work.filter { $0.key >= targetRows + targetRows / 2 }.max { ($0.value, $0.key) < ($1.value, $1.key) }
    guard let best, best.value >= 100_000 else { return 0 }
    return best.key
  }

  /// Floating-point operations of a node, roughly: an element-wise one counts as one for each element.
  static func work(_ graph: ProgramGraph, _ index: Int) -> Int {
    cost(graph.nodes[index], graph.nodes[index].inputs.map { graph.nodes[$0].spec })
  }

  private static func cost(_ node: ProgramGraph.Node, _ specs: [TensorSpec]) -> Int {
    if let product = node.primitive as? MatrixProduct {
      return 2 * node.spec.count * product.extents(specs[0].shape, specs[1].shape).k
    }
    if let sum = node.primitive as? RadialSum { return sum.work(specs) }
    return max(node.spec.count, specs.map(\.count).max() ?? 0)
  }

  private static func place(
    _ node: ProgramGraph.Node, _ graph: ProgramGraph, _ places: [Place], _ batch: Int
  ) -> (Place, Splitting?) {
    let inputs = node.inputs.map { places[$0] }
    if node.primitive is Argument || node.primitive is Fill || node.storage != nil { return (.whole(0), nil) }
    if node.primitive is Barrier { return (held(inputs), nil) }
    if let phase = partialPhase(node, graph, inputs) { return (.partial(phase), nil) }
    let whole = inputs.map(wholePhase).max() ?? 0
    guard batch > 0 else { return (.whole(whole), nil) }
    let hasRows = inputs.contains { if case .rows = $0 { true } else { false } }
    let specs = node.inputs.map { graph.nodes[$0].spec }
    for splitting in node.primitive.splitting(inputs: specs, output: node.spec) {
      let flags: [Bool]
      switch splitting {
      case .rows(let own):
        guard node.spec.shape[0] == batch else { continue }
        flags = own
      case .sumOfRows(let own):
        guard hasRows, !(node.primitive is MatrixProduct && node.spec.byteCount > largestPartialProduct) else { continue }
        flags = own
      }
      guard zip(flags, specs).allSatisfy({ !$0 || $1.shape[0] == batch }) else { continue }
      let phase = zip(flags, inputs).map(shardPhase).max() ?? 1
      guard hasRows || whole == 0 || cost(node, specs) >= 16_384 else { continue }
      if case .rows = splitting { return (.rows(phase), splitting) }
      return (.partial(phase), splitting)
    }
    return (.whole(whole), nil)
  }

  /// The place of a value that waits for others: its own, but not in an earlier phase than theirs.
  private static func held(_ inputs: [Place]) -> Place {
    let others = inputs.dropFirst().map(\.phase).max() ?? 0
    if case .rows(let phase) = inputs[0] { return .rows(max(phase, others | 1)) }
    return .whole(max(wholePhase(inputs[0]), others & ~1))
  }

  /// The phase in which sums and differences of partial sums can stay partial.
  private static func partialPhase(_ node: ProgramGraph.Node, _ graph: ProgramGraph, _ inputs: [Place]) -> Int? {
    guard let elementwise = node.primitive as? Elementwise, case .partial(let phase) = inputs.first else { return nil }
    let isSum = elementwise.function == .add || elementwise.function == .subtract
    return isSum && inputs[1] == .partial(phase) ? phase : nil
  }

  /// The first even phase in which a value is complete.
  private static func wholePhase(_ place: Place) -> Int {
    switch place {
    case .whole(let phase): phase
    case .rows(let phase), .partial(let phase): phase + 1
    }
  }

  /// The first odd phase in which shards can read a value: their own rows of it, or all of it.
  private static func shardPhase(_ ownRows: Bool, _ place: Place) -> Int {
    if ownRows, case .rows(let phase) = place { return phase }
    return wholePhase(place) + 1
  }
}

extension Placement {
  init(places: [Place], splittings: [Splitting?], batch: Int, shardRows: Int) {
    self.places = places
    self.splittings = splittings
    self.batch = batch
    self.shardRows = shardRows
  }
}
