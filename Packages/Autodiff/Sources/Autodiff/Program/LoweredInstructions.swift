extension Lowering {
  /// The instructions of one phase.
  func instructions(ofPhase phase: Int) -> [Instruction] {
    prepared[phase].map { instruction($0, phase) }
  }

  /// The additions of partial sums after an odd phase.
  func combinations(ofPhase phase: Int) -> [(partial: OperandReference, whole: OperandReference, spec: TensorSpec)] {
    partials[phase].map { (locations[$0]!, wholeLocations[$0]!, graph.nodes[$0].spec) }
  }

  private func instruction(_ prepared: PreparedStep, _ phase: Int) -> Instruction {
    let isSharded = phase % 2 == 1
    let lastRows = placement.batch - (placement.shardCount - 1) * placement.shardRows
    switch prepared.step {
    case .kernel(let node):
      let flags = rowFlags(node, isSharded)
      let operands = contiguousOperands(node, flags, phase) + [target(node, phase)]
      let build = { (rows: Int?) in kernel(node, flags, rows) }
      return Instruction(
        name: name([node]), full: build(isSharded ? placement.shardRows : nil), last: build(isSharded ? lastRows : nil),
        operands: operands, cost: cost(node))
    case .copy(let node):
      let view = views.views[node]
      let isRows = isRowPlaced(node)
      let build = { (rows: Int?) -> Kernel in
        var shape = graph.nodes[node].spec.shape
        if let rows, isRows { shape[0] = rows }
        let copy = stridedCopy(of: graph.nodes[node].spec.dtype, shape: shape, strides: view.strides)
        return Kernel { copy($0.pointer(0), $0.pointer(1)) }
      }
      return Instruction(
        name: "copy " + name([node]), full: build(isSharded ? placement.shardRows : nil), last: build(isSharded ? lastRows : nil),
        operands: [strided(view, graph.nodes[node].spec.dtype, isRows, phase), target(node, phase)], cost: 0)
    case .fused(let members):
      let group = prepared.group!
      let isRows = isRowPlaced(members[0])
      let build = { (rows: Int?) -> Kernel in
        let loop = group.kernel(graph, views, compute: schedule.computeType(members[0]), rows: isRows ? rows : nil)
        return Kernel(workspaceByteCount: loop.scratchByteCount) { loop.run($0) }
      }
      return Instruction(
        name: name(members), full: build(isSharded ? placement.shardRows : nil), last: build(isSharded ? lastRows : nil),
        operands: groupOperands(group, isRows, phase), cost: members.map(cost).reduce(0, +))
    case .product(let node, let epilogue):
      let group = prepared.group!
      let flags = rowFlags(node, isSharded)
      let isRows = isRowPlaced(node)
      let addend = graph.nodes[node].inputs.count == 3
      let dtypes = group.sources.map(\.dtype) + group.stored.map { graph.nodes[$0].spec.dtype }
      let build = { (rows: Int?) -> Kernel in
        let loop = group.kernel(graph, views, compute: schedule.computeType(epilogue[0]), rows: isRows ? rows : nil)
        return productKernel(
          gemm(node, isRows ? rows : nil), addend: addend, size: graph.nodes[node].spec.dtype.byteCount, epilogue: loop, dtypes: dtypes)
      }
      return Instruction(
        name: name([node] + epilogue), full: build(isSharded ? placement.shardRows : nil), last: build(isSharded ? lastRows : nil),
        operands: contiguousOperands(node, flags, phase) + [target(node, phase)] + groupOperands(group, isRows, phase),
        cost: cost(node) + epilogue.map(cost).reduce(0, +))
    }
  }

  private func isRowPlaced(_ node: Int) -> Bool { if case .rows = placement.places[node] { true } else { false } }

  /// Which inputs a shard reads by its own rows.
  private func rowFlags(_ node: Int, _ isSharded: Bool) -> [Bool] {
    switch placement.splittings[node] {
    case .rows(let flags) where isSharded, .sumOfRows(let flags) where isSharded:
      flags + [Bool](repeating: false, count: graph.nodes[node].inputs.count - flags.count)
    default: graph.nodes[node].inputs.map { _ in false }
    }
  }

  private func kernel(_ node: Int, _ flags: [Bool], _ rows: Int?) -> Kernel {
    var specs = graph.nodes[node].inputs.map { graph.nodes[$0].spec }
    var result = graph.nodes[node].spec
    if let rows {
      for index in specs.indices where flags[index] { specs[index].shape[0] = rows }
      if isRowPlaced(node) { result.shape[0] = rows }
    }
    return graph.nodes[node].primitive.kernel(inputs: specs, output: result)
  }

  private func gemm(_ node: Int, _ rows: Int?) -> GemmCall {
    let product = graph.nodes[node].primitive as! MatrixProduct
    let shapes = graph.nodes[node].inputs.map { graph.nodes[$0].spec.shape }
    let (m, n, k) = product.extents(shapes[0], shapes[1])
    return GemmCall(product, rows ?? m, n, k, graph.nodes[node].spec.dtype)
  }

  // MARK: Operands

  private func contiguousOperands(_ node: Int, _ flags: [Bool], _ phase: Int) -> [OperandReference] {
    zip(graph.nodes[node].inputs, flags).map { input, flag in
      strided(views.contiguous(input), graph.nodes[input].spec.dtype, flag, phase)
    }
  }

  private func groupOperands(_ group: FusedGroup, _ isRows: Bool, _ phase: Int) -> [OperandReference] {
    group.sources.map { source in
      strided(View(root: source.root, offset: source.offset, strides: source.strides), source.dtype, isRows, phase)
    } + group.stored.map { target($0, phase) }
  }

  /// A view as read in `phase`; shards skip the rows of earlier shards in memory that holds the whole batch.
  private func strided(_ view: View, _ dtype: DType, _ ownRows: Bool, _ phase: Int) -> OperandReference {
    var reference = location(view.root, phase)
    reference.offset += view.offset * dtype.byteCount
    if ownRows, reference.base != OperandReference.local { reference.rowStride = (view.strides.first ?? 0) * dtype.byteCount }
    return reference
  }

  private func location(_ root: Int, _ phase: Int) -> OperandReference {
    if case .partial(let own) = placement.places[root], own != phase { return wholeLocations[root]! }
    guard let location = locations[root] else {
      preconditionFailure("compile: node \(root) (\(graph.nodes[root].primitive.name)) has no memory")
    }
    return location
  }

  /// Where a step writes `node`.
  private func target(_ node: Int, _ phase: Int) -> OperandReference {
    var reference = locations[node]!
    if isRowPlaced(node), reference.base != OperandReference.local {
      let spec = graph.nodes[node].spec
      reference.rowStride = spec.byteCount / max(spec.shape[0], 1)
    }
    return reference
  }

  // MARK: Listing

  private func name(_ nodes: [Int]) -> String {
    let spec = graph.nodes[nodes[nodes.count - 1]].spec
    return "\(nodes.map { graph.nodes[$0].primitive.name }.joined(separator: " ")) -> \(spec)"
  }

  private func cost(_ node: Int) -> Int {
    guard let product = graph.nodes[node].primitive as? MatrixProduct else { return graph.nodes[node].spec.count }
    let shapes = graph.nodes[node].inputs.map { graph.nodes[$0].spec.shape }
    return 2 * graph.nodes[node].spec.count * product.extents(shapes[0], shapes[1]).k
  }
}
