import Testing

@testable import Autodiff

/// Each pass alone: what it is for happens, and the function stays the same.
@Suite struct PassTests {
  private typealias Body = @Sendable (Tensor) -> Tensor

  private let x = Tensor.normal([4, 3], key: Key(seed: 1), dtype: .float64)

  /// Names of the operations left after one rule, in order; the rewritten function has the values of the original.
  private func operations(_ rules: [any RewriteRule], _ body: @escaping @Sendable (Tensor) -> Tensor) -> [String] {
    let recorded = record(body, for: x)
    let rewritten = GraphRewriter.run(recorded, rules: rules)
    let value = Program(rewritten).call([x])[0]
    expectClose(value.doubles, body(x).doubles, 1e-13)
    return rewritten.nodes.compactMap { $0.primitive is Argument ? nil : $0.primitive.name }
  }

  @Test func equalNodesAreMergedAndConstantsComputed() {
    #expect(operations([]) { sin($0) * sin($0) } == ["sin", "multiply"])
    let captured = exp(Tensor([1, 2, 3] as [Double]))
    _ = captured.doubles
    #expect(operations([]) { $0 + sqrt(captured).broadcast(to: [4, 3]) } == ["constant", "add"])
  }

  @Test func markersGo() {
    #expect(operations([DropMarkers()]) { grad($0) { stopGradient(sin($0)).sum() + ($0 * 2.0).sum() } }.contains("variable") == false)
    #expect(operations([DropMarkers()]) { x in customDerivative(x, { exp($0) }, pullback: { _, y, c in c * y }) } == ["exp"])
    #expect(operations([DropMarkers()]) { sin($0).cast(to: .float32).cast(to: .float64) }.count == 3)
  }

  @Test func movementsOfMovements() {
    #expect(operations([SimplifyMovements()]) { sin($0.transposed().transposed()) } == ["sin"])
    #expect(operations([SimplifyMovements()]) { sin($0.reshaped([12]).reshaped([2, 6]).reshaped([4, 3])) } == ["sin"])
    #expect(operations([SimplifyMovements()]) { $0 + Tensor.ones([3, 1], dtype: .float64).transposed().broadcast(to: [4, 3]) }.count == 2)
  }

  @Test func reductionsOfRepeatedValues() {
    #expect(operations([SimplifyReductions()]) { $0.slice(axis: 0, 0..<1).sum(axis: 0) } == ["slice", "reshape"])
    let sums = operations([SimplifyReductions(), SimplifyMovements()]) { x in
      x.sum(axis: 1, keepingDimensions: true).broadcast(to: [4, 5]).sum(axis: 1)
    }
    #expect(!sums.dropFirst().contains("sum"))
    // Two reductions of nothing keep their values.
    #expect(operations([SimplifyReductions()]) { $0.sum() + Tensor.ones([0], dtype: .float64).sum() }.contains("sum"))
  }

  @Test func transposesJoinProducts() {
    #expect(operations([FoldTransposes()]) { $0.transposed().matmul($0) } == ["matmul(TN)"])
    #expect(operations([FoldTransposes()]) { $0.matmul($0.transposed()) } == ["matmul(NT)"])
    let outer = operations([FoldTransposes()]) { $0.slice(axis: 1, 0..<1).matmul($0.slice(axis: 0, 0..<1)) }
    #expect(outer.last == "multiply")
  }

  @Test func elementwiseConstantsFold() {
    #expect(operations([FoldElementwiseConstants()]) { $0 * exp(Tensor.ones([4, 3], dtype: .float64) * 2.0) }.count == 2)
  }

  @Test func functionsMoveBeforeBroadcasts() {
    let hoisted = operations([HoistBroadcasts()]) { $0 + tanh($0.slice(axis: 0, 0..<1).broadcast(to: [4, 3])) }
    #expect(hoisted == ["slice", "tanh", "broadcast", "add"])
  }

  @Test func partsSideBySideAreJoined() {
    let rule: [any RewriteRule] = [DropMarkers(), JoinSlices()]
    let halves = operations(rule) { x in
      grad(x) { (sin($0.slice(axis: 1, 0..<2)) * 2.0).sum() + exp($0.slice(axis: 1, 2..<3)).sum() }
    }
    #expect(halves.contains("concatenate") && !halves.contains("unslice") && !halves.contains("add"))
    // Three parts, in any order.
    let thirds = operations(rule) { x in
      grad(x) { exp($0.slice(axis: 0, 2..<4)).sum() + sin($0.slice(axis: 0, 0..<1)).sum() + cos($0.slice(axis: 0, 1..<2)).sum() }
    }
    #expect(thirds.filter { $0 == "concatenate" }.count == 2 && !thirds.contains("add"))
    // A gap, an overlap, or steps: nothing to join.
    #expect(operations(rule) { x in grad(x) { sin($0.slice(axis: 0, 0..<1)).sum() + exp($0.slice(axis: 0, 2..<4)).sum() } }.contains("add"))
    #expect(operations(rule) { x in grad(x) { sin($0.slice(axis: 0, 0..<3)).sum() + exp($0.slice(axis: 0, 2..<4)).sum() } }.contains("add"))
  }

  @Test func permutationsAreInverted() {
    let order = Tensor([2, 0, 1] as [Int32])
    let taken = operations([DropMarkers(), InvertPermutations()]) { x in grad(x) { sin($0.take(order, axis: 1)).sum() } }
    #expect(taken.contains("gather") && !taken.contains("scatterAdd"))
    let repeated = Tensor([2, 0, 2] as [Int32])
    #expect(operations([InvertPermutations()]) { x in grad(x) { sin($0.take(repeated, axis: 1)).sum() } }.contains("scatterAdd"))
  }

  @Test func joinedPartsAreReadWhereTheyLie() {
    let body: Body = { x in
      let columns = [x.slice(axis: 1, 1..<3), sin(x.slice(axis: 1, 0..<1)), x.transposed().slice(axis: 0, 0..<2).transposed()]
      return .concatenated(columns, axis: 1)
    }
    let steps = ProgramStages(record(body, for: x)).schedule.phases.flatMap { $0 }
    #expect(!steps.contains { if case .copy = $0 { true } else { false } })
    #expect(Program(record(body, for: x)).call([x])[0].doubles == body(x).doubles)
  }

  @Test func algebra() {
    let rule: [any RewriteRule] = [SimplifyAlgebra()]
    #expect(operations(rule) { $0 * 1.0 + 0.0 } == [])
    #expect(operations(rule) { -(-sin($0)) } == ["sin"])
    #expect(operations(rule) { $0 - (-sin($0)) } == ["sin", "add"])
    #expect(operations(rule) { ($0 * 2.0) * 3.0 }.filter { $0 == "multiply" }.count == 1)
    #expect(operations(rule) { sin($0) + cos($0) + (cos($0) + sin($0)) } == ["sin", "cos", "add", "add"])
    // 0 * x is NaN for infinite x and must stay.
    #expect(operations(rule) { $0 * 0.0 }.contains("multiply"))
  }

  @Test func productsAccumulate() {
    let w = Tensor.normal([3, 3], key: Key(seed: 2), dtype: .float64)
    let stages = ProgramStages(record({ (x: Tensor) in sin(x).matmul(w) + cos(x).matmul(w) }, for: x))
    #expect(stages.simplified.nodes.filter { $0.primitive.name == "add" }.count == 1)
    #expect(stages.graph.nodes.filter { $0.primitive is MatrixProduct && $0.inputs.count == 3 }.count == 1)
  }

  @Test func weightsArePackedOnce() {
    let body: @Sendable (Tensor, Tensor) -> Tensor = { x, w in tanh(tanh(x.matmul(w)).matmul(w)).matmul(w.transposed()) }
    let (x, w) = (Tensor.normal([512, 64], key: Key(seed: 1)), Tensor.normal([64, 64], key: Key(seed: 2)) * 0.1)
    let stages = ProgramStages(record(body, for: x, w))
    #expect(stages.accumulated.nodes.filter { $0.primitive is PackedFactor }.isEmpty)
    // Once as it is and once transposed.
    #expect(stages.graph.nodes.filter { $0.primitive is PackedFactor }.count == 2)
    #expect(Program(record(body, for: x, w)).call([x, w])[0].scalars(Float.self) == body(x, w).scalars(Float.self))
    // Too few rows to pay.
    let few = ProgramStages(record(body, for: Tensor.zeros([8, 64]), w))
    #expect(few.graph.nodes.filter { $0.primitive is PackedFactor }.isEmpty)
  }

  @Test func checkpointedPartsAreInlined() {
    let stages = ProgramStages(record({ (x: Tensor) -> Tensor in checkpointed(x) { sin(cos($0)) } }, for: x))
    #expect(stages.inlined.nodes.map { $0.primitive.name } == ["argument 0", "cos", "sin"])
  }

  @Test func placementSplitsTheBatch() {
    let body: @Sendable (Tensor) -> Tensor = { tanh($0.matmul($0.transposed().matmul($0))).sum(axis: 0) }
    let stages = ProgramStages(record(body, for: Tensor.zeros([512, 64])))
    #expect(stages.placement.shardCount == 4)
    #expect(stages.placement.places.contains { if case .partial = $0 { true } else { false } })
    #expect(ProgramStages(record(body, for: Tensor.zeros([8, 64]))).placement.shardCount == 0)
  }

  @Test func neighboursFuseAndEpiloguesFollowProducts() {
    let w = Tensor.normal([3, 5], key: Key(seed: 2), dtype: .float64)
    let stages = ProgramStages(record({ (x: Tensor) in sin(tanh(x.matmul(w) + 1.0) * 2.0) }, for: x))
    let steps = stages.schedule.phases.flatMap { $0 }
    #expect(steps.count == 1)
    guard case .product(_, let epilogue) = steps[0] else {
      Issue.record("the loop does not follow the product")
      return
    }
    #expect(epilogue.count == 4)
  }

  @Test func listingsTellWhatHappens() {
    let listings = passes(of: { (x: Tensor) in (sin(x) * 1.0).matmul(sin(x).transposed()) }, for: x)
    #expect(listings.map(\.name).first == "inline checkpointed parts")
    let simplified = listings[1]
    #expect(simplified.before.contains("transpose[1, 0]"))
    #expect(!simplified.after.contains("transpose[1, 0]"))
    #expect(simplified.after.contains("matmul(NT) %1 %1  float64[4, 4]"))
    #expect(listings.last!.after.contains("matmul(NT) -> float64[4, 4]  [shared"))
  }

  /// Memory of the programs that people run is within a tenth of what no plan can undercut.
  @Test func memoryOfProgramsIsCloseToTheBound() {
    let widths = [16, 64, 128]
    for width in widths {
      let step = program(
        of: { (model: SmallEnergy, x: Tensor) in SmallEnergy.step(model, x) }, for: SmallEnergy(width: width, dtype: .float32),
        Tensor.zeros([512, 2]))
      #expect(Double(step.plannedByteCount) <= 1.1 * Double(step.leastByteCount))
    }
  }
}
