/// The passes in the order in which they run, with what each leaves, up to the instructions (`Lowering`).
struct ProgramStages {
  let inlined: ProgramGraph
  let simplified: ProgramGraph
  let accumulated: ProgramGraph
  /// With factors packed.
  let graph: ProgramGraph
  let placement: Placement
  let views: ViewAnalysis
  let schedule: Schedule

  init(_ recorded: ProgramGraph) {
    inlined = InlineBodies.run(recorded)
    simplified = GraphRewriter.run(inlined)
    var graph = simplified
    let placed = AccumulateProducts.run(&graph, Placement(graph))
    accumulated = graph
    placement = PackFactors.run(&graph, placed)
    self.graph = graph
    views = ViewAnalysis(graph)
    schedule = Schedule(graph, placement, views)
  }
}
