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
    let rows = rowsOf(prepared.step, phase)
    switch prepared.step {
    case .kernel(let node):
      let flags = rowFlags(node, rows)
      return assemble(
        [node], rows, operands(node, flags, phase) + [target(node, rows, phase)]
      ) { kernel(node, flags, rows, $0) }
    case .copy(let node):
      let view = views.views[node]
      return assemble(
        [node], rows, [strided(view, graph.nodes[node].spec.dtype, rows.isSplit(node), phase), target(node, rows, phase)]
      ) { count in
        var shape = graph.nodes[node].spec.shape
        if let count, rows.isSplit(node) { shape[0] = count }
        let copy = stridedCopy(of: graph.nodes[node].spec.dtype, shape: shape, strides: view.strides)
        return Kernel { copy($0.pointer(0), $0.pointer(1)) }
      }
    case .fused(let members):
      let group = prepared.group!
      return assemble(members, rows, groupOperands(group, rows, phase)) { count in
        let extent = rows.isSplit(members[0]) ? count : nil
        let loop = group.kernel(graph, views, compute: schedule.computeType(members[0]), rows: extent)
        return Kernel(workspaceByteCount: loop.scratchByteCount) { loop.run($0) }
      }
    case .product(let node, let epilogue):
      let group = prepared.group!
      let addend = graph.nodes[node].inputs.count == 3
      let dtypes = group.sources.map(\.dtype) + group.stored.map { graph.nodes[$0].spec.dtype }
      let operands = operands(node, rowFlags(node, rows), phase) + [target(node, rows, phase)]
      return assemble([node] + epilogue, rows, operands + groupOperands(group, rows, phase)) { count in
        let extent = rows.isSplit(node) ? count : nil
        let loop = group.kernel(graph, views, compute: schedule.computeType(epilogue[0]), rows: extent)
        return productKernel(
          gemm(node, extent), addend: addend, size: graph.nodes[node].spec.dtype.byteCount, epilogue: loop, dtypes: dtypes)
      }
    }
  }

  private func assemble(
    _ nodes: [Int], _ rows: Rows, _ operands: [OperandReference], _ build: (Int?) -> Kernel
  ) -> Instruction {
    let full = build(rows.division?.rows)
    let last = rows.division.map { $0.lastRows == $0.rows ? full : build($0.lastRows) } ?? full
    let references = UnsafeMutableBufferPointer<OperandReference>.allocate(capacity: operands.count)
    _ = references.initialize(from: operands)
    let names = nodes.map { graph.nodes[$0].primitive.name }.joined(separator: " ")
    return Instruction(
      name: "\(names) -> \(graph.nodes[nodes[nodes.count - 1]].spec)", full: full, last: last, operands: references,
      blocks: rows.isSharded ? nil : rows.division, cost: nodes.map { Placement.work(graph, $0) }.reduce(0, +))
  }

  // MARK: Rows

  /// How an instruction goes over rows: by the shards of its phase, or by blocks of its own.
  private struct Rows {
    let isSharded: Bool
    let division: Division?
    /// Nodes with one row per row of the shard.
    let shardedNodes: Set<Int>

    /// Whether a part of the instruction computes only some rows of the node.
    func isSplit(_ node: Int) -> Bool { isSharded ? shardedNodes.contains(node) : division != nil }
  }

  /// Work that is worth waking another thread for.
  private static let leastBlockWork = 1 << 18
  private static let mostBlocks = 16

  private func rowsOf(_ step: Step, _ phase: Int) -> Rows {
    if phase % 2 == 1 {
      return Rows(
        isSharded: true, division: Division(extent: placement.batch, rows: placement.shardRows),
        shardedNodes: Set(step.nodes.filter { if case .rows = placement.places[$0] { true } else { false } }))
    }
    return Rows(isSharded: false, division: ownDivision(step), shardedNodes: [])
  }

  private func ownDivision(_ step: Step) -> Division? {
    let first = step.nodes[0]
    let node = graph.nodes[first]
    guard let extent = node.spec.shape.first, extent >= 2 else { return nil }
    if case .kernel = step, ownFlags(first) == nil { return nil }
    let work = step.nodes.map { Placement.work(graph, $0) }.reduce(0, +)
    let blocks = min(work / Lowering.leastBlockWork, Lowering.mostBlocks, extent)
    guard blocks >= 2 else { return nil }
    // Whole micro-tiles of a product.
    let unit = node.primitive is MatrixProduct && node.spec.rank == 2 ? 32 : 1
    let rows = ((extent + blocks - 1) / blocks + unit - 1) / unit * unit
    return rows < extent ? Division(extent: extent, rows: rows) : nil
  }

  /// Which inputs a block of rows of the output reads by its own rows, or nil where rows cannot be told apart.
  private func ownFlags(_ node: Int) -> [Bool]? {
    let specs = graph.nodes[node].inputs.map { graph.nodes[$0].spec }
    if isTransposedProduct(node) { return [true] + [Bool](repeating: false, count: 1) + specs.dropFirst(2).map { _ in true } }
    for case .rows(let flags) in graph.nodes[node].primitive.splitting(inputs: specs, output: graph.nodes[node].spec) { return flags }
    return nil
  }

  /// A product whose rows are columns of its left operand.
  private func isTransposedProduct(_ node: Int) -> Bool {
    graph.nodes[node].spec.rank == 2 && (graph.nodes[node].primitive as? MatrixProduct)?.transposeLeft == true
  }

  /// Which inputs a part reads by its own rows.
  private func rowFlags(_ node: Int, _ rows: Rows) -> [Bool] {
    let none = graph.nodes[node].inputs.map { _ in false }
    guard rows.isSharded else { return rows.division == nil ? none : ownFlags(node) ?? none }
    switch placement.splittings[node] {
    case .rows(let flags), .sumOfRows(let flags): return flags + none.dropFirst(flags.count)
    case nil: return none
    }
  }

  private func kernel(_ node: Int, _ flags: [Bool], _ rows: Rows, _ count: Int?) -> Kernel {
    var specs = graph.nodes[node].inputs.map { graph.nodes[$0].spec }
    var result = graph.nodes[node].spec
    guard let count else { return kernel(node, specs, result) }
    if rows.isSplit(node) { result.shape[0] = count }
    if !rows.isSharded, isTransposedProduct(node), let product = graph.nodes[node].primitive as? MatrixProduct {
      return product.kernel(gemm(node, count), inputs: specs, output: result)
    }
    for index in specs.indices where flags[index] { specs[index].shape[0] = count }
    return kernel(node, specs, result)
  }

  private func kernel(_ node: Int, _ inputs: [TensorSpec], _ output: TensorSpec) -> Kernel {
    guard let concatenate = graph.nodes[node].primitive as? Concatenate else {
      return graph.nodes[node].primitive.kernel(inputs: inputs, output: output)
    }
    let strides = graph.nodes[node].inputs.map { views.operand($0, of: graph.nodes[node]).strides }
    return concatenate.kernel(inputs: inputs, strides: strides, output: output)
  }

  private func gemm(_ node: Int, _ rows: Int?) -> GemmCall {
    let product = graph.nodes[node].primitive as! MatrixProduct
    let shapes = graph.nodes[node].inputs.map { graph.nodes[$0].spec.shape }
    let (m, n, k) = product.extents(shapes[0], shapes[1])
    return GemmCall(product, m, n, k, graph.nodes[node].spec.dtype, rows: rows)
  }

  // MARK: Operands

  private func operands(_ node: Int, _ flags: [Bool], _ phase: Int) -> [OperandReference] {
    graph.nodes[node].inputs.indices.map { position in
      let input = graph.nodes[node].inputs[position]
      let dtype = graph.nodes[input].spec.dtype
      var reference = strided(views.operand(input, of: graph.nodes[node]), dtype, flags[position], phase)
      if position == 0, flags[0], phase % 2 == 0, isTransposedProduct(node) { reference.rowStride = dtype.byteCount }
      return reference
    }
  }

  private func groupOperands(_ group: FusedGroup, _ rows: Rows, _ phase: Int) -> [OperandReference] {
    let isSplit = rows.isSplit(group.members[0])
    return group.sources.map { source in
      strided(View(root: source.root, offset: source.offset, strides: source.strides), source.dtype, isSplit, phase)
    } + group.stored.map { target($0, rows, phase) }
  }

  /// A view as read in `phase`; a part skips the rows of earlier parts in memory that holds all of them.
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
  private func target(_ node: Int, _ rows: Rows, _ phase: Int) -> OperandReference {
    var reference = locations[node]!
    if rows.isSplit(node), reference.base != OperandReference.local {
      let spec = graph.nodes[node].spec
      reference.rowStride = spec.byteCount / max(spec.shape[0], 1)
    }
    return reference
  }
}
