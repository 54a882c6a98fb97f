import CAutodiff

/// Pass: the right factors that every shard multiplies with, such as weights, are brought into the layout of the product's inner
/// loop once per run instead of once per product and shard.
enum PackFactors {
  /// Packing pays from this many products on.
  private static let leastUses = 4

  private struct Factor: Hashable {
    let node: Int
    let transposed: Bool
  }

  static func run(_ graph: inout ProgramGraph, _ placement: Placement) -> Placement {
    var uses: [Factor: (count: Int, firstPhase: Int)] = [:]
    for index in graph.nodes.indices {
      guard let factor = factor(of: index, graph, placement) else { continue }
      let phase = placement.places[index].phase
      let earlier = uses[factor] ?? (0, phase)
      uses[factor] = (earlier.count + placement.shardCount, min(earlier.firstPhase, phase))
    }
    uses = uses.filter { $0.value.count >= leastUses }
    guard !uses.isEmpty else { return placement }
    var result = ProgramGraph()
    var places: [Placement.Place] = []
    var splittings: [Splitting?] = []
    var renamed: [Int] = []
    var packed: [Factor: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      var node = node
      let factor = factor(of: index, graph, placement)
      node.inputs = node.inputs.map { renamed[$0] }
      if let factor, let use = uses[factor], let product = node.primitive as? MatrixProduct {
        if packed[factor] == nil {
          packed[factor] = result.nodes.count
          let primitive = PackedFactor(transposed: factor.transposed)
          let spec = primitive.result(of: [graph.nodes[factor.node].spec])
          result.nodes.append(ProgramGraph.Node(primitive: primitive, inputs: [renamed[factor.node]], spec: spec))
          places.append(.whole(use.firstPhase - 1))
          splittings.append(nil)
        }
        node.inputs[1] = packed[factor]!
        node.primitive = product.withPackedRight(columns: node.spec.shape[1])
      }
      renamed.append(result.nodes.count)
      result.nodes.append(node)
      places.append(placement.places[index])
      splittings.append(placement.splittings[index])
    }
    result.inputs = graph.inputs.map { renamed[$0] }
    result.outputs = graph.outputs.map { renamed[$0] }
    graph = result
    return Placement(places: places, splittings: splittings, batch: placement.batch, shardRows: placement.shardRows)
  }

  /// The right factor of a product that runs once per shard and reads the whole of it.
  private static func factor(of index: Int, _ graph: ProgramGraph, _ placement: Placement) -> Factor? {
    let node = graph.nodes[index]
    guard let product = node.primitive as? MatrixProduct, node.spec.rank == 2, case .rows(let flags) = placement.splittings[index],
      placement.places[index].phase % 2 == 1, !flags[1], case .whole = placement.places[node.inputs[1]]
    else { return nil }
    let (_, n, k) = product.extents(graph.nodes[node.inputs[0]].spec.shape, graph.nodes[node.inputs[1]].spec.shape)
    let rows = Int64(placement.shardRows)
    guard af_gemm_profits_from_packing(product.transposeRight ? 1 : 0, rows, Int64(n), Int64(k)) != 0 else { return nil }
    return Factor(node: node.inputs[1], transposed: product.transposeRight)
  }
}

/// A right factor in the layout of the product's inner loop.
struct PackedFactor: Primitive {
  let transposed: Bool

  var name: String { transposed ? "pack(T)" : "pack" }

  private func extents(_ shape: [Int]) -> (n: Int, k: Int) { transposed ? (shape[0], shape[1]) : (shape[1], shape[0]) }

  func result(of inputs: [TensorSpec]) -> TensorSpec {
    let (n, k) = extents(inputs[0].shape)
    let bytes = af_gemm_packed_bytes(inputs[0].dtype.code, Int64(n), Int64(k))
    return TensorSpec([bytes / inputs[0].dtype.byteCount], inputs[0].dtype)
  }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let (n, k) = extents(inputs[0].shape)
    let (dtype, flag): (af_dtype, Int32) = (output.dtype.code, transposed ? 1 : 0)
    return Kernel { af_gemm_pack(dtype, flag, Int64(n), Int64(k), $0.pointer(0), Int64(flag == 1 ? k : n), $0.pointer(1)) }
  }
}
