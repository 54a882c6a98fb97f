/// Turns sums with matrix products into products that add to an existing result: C + A B in one pass.
///
/// Gradients of a weight that is used many times are such sums.
enum AccumulateProducts {
  static func run(_ graph: inout ProgramGraph, _ placement: Placement) -> Placement {
    let uses = graph.useCounts()
    var splittings = placement.splittings
    for index in graph.nodes.indices {
      guard (graph.nodes[index].primitive as? Elementwise)?.function == .add, graph.nodes[index].spec.rank == 2 else { continue }
      let (a, b) = (graph.nodes[index].inputs[0], graph.nodes[index].inputs[1])
      for (base, product) in [(a, b), (b, a)] where base != product {
        guard let primitive = graph.nodes[product].primitive as? MatrixProduct, graph.nodes[product].inputs.count == 2,
          uses[product] == 1, uses[base] == 1, isOverwritable(graph.nodes[base]),
          placement.places[product] == placement.places[index], placement.places[base] == placement.places[index]
        else { continue }
        graph.nodes[index].primitive = primitive
        graph.nodes[index].inputs = graph.nodes[product].inputs + [base]
        splittings[index] = splittings[product]
        if case .rows(let flags) = splittings[product] { splittings[index] = .rows(flags + [true]) }
        break
      }
    }
    return Placement(places: placement.places, splittings: splittings, batch: placement.batch, shardRows: placement.shardRows)
  }

  private static func isOverwritable(_ node: ProgramGraph.Node) -> Bool {
    !(node.primitive is Argument || node.primitive is Fill || node.storage != nil || isMovement(node))
  }
}
