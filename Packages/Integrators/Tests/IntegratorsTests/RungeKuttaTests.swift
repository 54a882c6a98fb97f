import CAllocationCounter
import Integrators
import Testing

/// A rooted tree as the multiset of its branches: one order condition each (Hairer, Nørsett, Wanner, II.2).
private struct RootedTree: Hashable, Comparable {
  let branches: [RootedTree]

  var order: Int { branches.reduce(1) { $0 + $1.order } }
  var density: Double { branches.reduce(Double(order)) { $0 * $1.density } }
  var depthFirst: String { "(" + branches.map(\.depthFirst).joined() + ")" }
  static func < (a: RootedTree, b: RootedTree) -> Bool { a.depthFirst < b.depthFirst }

  /// All trees of each order from 1: 1, 1, 2, 4, 9, 20, 48, 115, 286.
  static func all(upTo order: Int) -> [[RootedTree]] {
    var levels: [[RootedTree]] = [[RootedTree(branches: [])]]
    while levels.count < order {
      // A tree of one vertex more: another leaf on any vertex of a smaller tree.
      let grown = Set(levels[levels.count - 1].flatMap(\.grown))
      levels.append(grown.sorted())
    }
    return levels
  }

  private var grown: [RootedTree] {
    var result = [RootedTree(branches: (branches + [RootedTree(branches: [])]).sorted())]
    for (index, branch) in branches.enumerated() {
      for larger in branch.grown {
        var changed = branches
        changed[index] = larger
        result.append(RootedTree(branches: changed.sorted()))
      }
    }
    return result
  }

  /// Φᵢ(tree): products over branches of Σⱼ aᵢⱼ Φⱼ(branch).
  func weights(_ rows: [[Double]]) -> [Double] {
    var result = Array(repeating: 1.0, count: rows.count)
    for branch in branches {
      let inner = branch.weights(rows)
      for (index, row) in rows.enumerated() { result[index] *= zip(row, inner).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    return result
  }
}

/// The largest violation of the conditions of an order by Σᵢ bᵢ Φᵢ = θ^order / density.
private func violation(_ weights: [Double], _ rows: [[Double]], _ trees: [RootedTree], at theta: Double = 1) -> Double {
  trees.map { tree in
    let power = (0..<tree.order).reduce(1.0) { product, _ in product * theta }
    return abs(zip(weights, tree.weights(rows)).reduce(-power / tree.density) { $0 + $1.0 * $1.1 })
  }.max() ?? 0
}

extension ExplicitTableau {
  /// Rows of a of all slopes: of the stages, of the end, of the interpolant's own.
  fileprivate var allRows: [[Double]] { [[]] + stages + [weights] + (interpolant?.stages ?? []) }
  /// Verner's sixth-order row multiplies round-off by coefficients of size 4,000.
  fileprivate var roundOff: Double { name == "verner6" ? 2e-10 : 2e-13 }
}

private let trees = RootedTree.all(upTo: 9)

@Suite struct TableauTests {
  @Test func treesAreAsManyAsTheBooksSay() {
    #expect(trees.map(\.count) == [1, 1, 2, 4, 9, 20, 48, 115, 286])
  }

  @Test(arguments: ExplicitTableau.catalogue + EmbeddedTableau.catalogue.map(\.base))
  func satisfiesTheOrderConditionsAndNoMore(_ row: ExplicitTableau) {
    for level in trees.prefix(row.order) { #expect(violation(row.weights, row.allRows, level) < row.roundOff) }
    if row.order < 9 { #expect(violation(row.weights, row.allRows, trees[row.order]) > 1e-7) }
  }

  @Test(arguments: EmbeddedTableau.catalogue)
  func theEstimateIsOfItsOrder(_ row: EmbeddedTableau) {
    // DOP853 combines estimates of orders 5 and 3 to one that falls as one of order 7.
    let order = row.errors.count == 1 ? row.errorOrder : 5
    let rows = row.base.allRows
    var lower = row.base.weights + Array(repeating: 0, count: rows.count - row.base.weights.count)
    for (index, weight) in row.errors[0].enumerated() { lower[index] -= weight }
    for level in trees.prefix(order) { #expect(violation(lower, rows, level) < row.base.roundOff) }
    #expect(violation(lower, rows, trees[order]) > 1e-7)
  }

  @Test(arguments: EmbeddedTableau.catalogue, [0.1, 0.37, 0.8])
  func theInterpolantIsOfItsOrder(_ row: EmbeddedTableau, _ theta: Double) throws {
    let interpolant = try #require(row.base.interpolant)
    let weights = interpolant.polynomials.map { $0.reversed().reduce(0) { ($0 + $1) * theta } }
    for level in trees.prefix(interpolant.order) {
      #expect(violation(weights, row.base.allRows, level, at: theta) < 10 * row.base.roundOff)
    }
    let end = interpolant.polynomials.map { $0.reduce(0, +) }
    for (index, weight) in end.enumerated() {
      #expect(abs(weight - (index < row.base.weights.count ? row.base.weights[index] : 0)) < 1e-9)
    }
  }

  @Test func namesAreUnique() {
    let names = (ExplicitTableau.catalogue + EmbeddedTableau.catalogue.map(\.base)).map(\.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(ExplicitTableau.named(name)?.name == name) }
    #expect(EmbeddedTableau.named("tsitouras5") == .tsitouras5)
    #expect(GaussTableau.named("gaussLegendre6") == .gaussLegendre6 && RosenbrockTableau.named("rodas5P") == .rodas5P)
  }

  @Test func programmerErrorsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = ExplicitTableau("unbalanced", order: 2, nodes: [0, 1], stages: [[1]], weights: [0.5, 0.4], reference: "none")
    }
    await #expect(processExitsWith: .failure) {
      _ = ExplicitTableau("implicit", order: 2, nodes: [0, 1], stages: [[0.5, 0.5]], weights: [0.5, 0.5], reference: "none")
    }
  }
}

@Suite struct FixedStepTests {
  /// On y' = y one step of a method of order p with p stages is the Taylor polynomial of eʰ.
  @Test(arguments: ExplicitTableau.catalogue)
  func linearEquationsGiveTheTaylorPolynomial(_ row: ExplicitTableau) {
    let end = integrate(VectorField { (y: Double, _) in y }, from: 1, stepSize: 0.5, steps: 1, with: ExplicitRungeKutta(row))
    var (term, sum) = (1.0, 1.0)
    for power in 1...row.order {
      term *= 0.5 / Double(power)
      sum += term
    }
    #expect(abs(end - sum) < 1e-15)
  }

  @Test func trajectoriesHaveTheBitsOfIntegrate() {
    let method = ExplicitRungeKutta<FirstOrderForm<Duffing<Double>>>(.rungeKutta4)
    let system = FirstOrderForm(Duffing<Double>.scalar)
    let start = Phase(position: 0.7, momentum: -0.4)
    let recorded = trajectory(of: system, from: start, stepSize: 0.1, steps: 23, every: 5, with: method)
    for (taken, state) in zip([0, 5, 10, 15, 20, 23], recorded.states) {
      #expect(state == integrate(system, from: start, stepSize: 0.1, steps: taken, with: method))
    }
    let embedded = EmbeddedRungeKutta<FirstOrderForm<Duffing<Double>>>(.dormandPrince5)
    let plain = ExplicitRungeKutta<FirstOrderForm<Duffing<Double>>>(EmbeddedTableau.dormandPrince5.base)
    #expect(
      integrate(system, from: start, stepSize: 0.1, steps: 9, with: embedded)
        == integrate(system, from: start, stepSize: 0.1, steps: 9, with: plain))
  }

  @Test func everyKindOfStateTakesTheSameSteps() {
    func swing<State: VectorSpace>(_ start: State, _ slope: @escaping @Sendable (State, State.Scalar) -> State) -> State {
      integrate(VectorField(slope), from: start, stepSize: 0.125, steps: 16, with: ExplicitRungeKutta(.rungeKutta4))
    }
    let vector = swing(SIMD2(1.0, 0)) { y, _ in SIMD2(y.y, -y.x) }
    let array = swing([1.0, 0]) { y, _ in [y[1], -y[0]] }
    let phase = swing(Phase(position: 1.0, momentum: 0)) { y, _ in Phase(position: y.momentum, momentum: -y.position) }
    let single = swing(SIMD2<Float>(1, 0)) { y, _ in SIMD2(y.y, -y.x) }
    #expect(array == [vector.x, vector.y] && phase == Phase(position: vector.x, momentum: vector.y))
    #expect(abs(Double(single.x) - vector.x) < 1e-6)
  }
}

@Suite(.enabled(if: allocation_counter_is_available())) struct SolveAllocationTests {
  private func allocations<Method: EmbeddedStepper>(
    _ method: Method, _ system: Method.System, _ start: Method.State, until end: Double
  ) -> Int where Method.Scalar == Double {
    var counts: [Int] = []
    // The first run also allocates what the language itself keeps for later.
    for _ in 0..<2 {
      allocation_counter_start()
      let solution = solve(
        system, from: start, until: end, with: method, tolerance: Tolerance(relative: 1e-8, absolute: 1e-8), recording: .ends)
      counts.append(allocation_counter_stop())
      #expect(solution.status == .finished)
    }
    return counts[1]
  }

  @Test(arguments: EmbeddedTableau.catalogue)
  func allocatesNothingPerStep(_ row: EmbeddedTableau) {
    let method = EmbeddedRungeKutta<FirstOrderForm<Duffing<SIMD2<Double>>>>(row)
    let system = FirstOrderForm(Duffing<SIMD2<Double>>.lanes)
    let start = Phase(position: SIMD2(1.0, 0.5), momentum: SIMD2(0.0, 0.2))
    #expect(allocations(method, system, start, until: 1) == allocations(method, system, start, until: 100))
  }

  @Test func fixedAndImplicitStepsAllocateNothingEither() {
    let system = FirstOrderForm(Duffing<SIMD2<Double>>.lanes)
    let start = Phase(position: SIMD2(1.0, 0.5), momentum: SIMD2(0.0, 0.2))
    func count<Method: Stepper>(_ method: Method, _ steps: Int) -> Int
    where Method.System == FirstOrderForm<Duffing<SIMD2<Double>>>, Method.State == Phase<SIMD2<Double>> {
      var counts: [Int] = []
      for _ in 0..<2 {
        var state = start
        allocation_counter_start()
        method.steps(steps, &state, of: system, at: 0, by: 0.01)
        counts.append(allocation_counter_stop())
      }
      return counts[1]
    }
    #expect(count(ExplicitRungeKutta(.rungeKutta4), 10) == count(ExplicitRungeKutta(.rungeKutta4), 1_000))
    #expect(count(GaussLegendre(.gaussLegendre4), 10) == count(GaussLegendre(.gaussLegendre4), 1_000))
  }

  @Test func arraysThatEvaluateInPlaceAllocateNothingPerStep() {
    struct Chain: DifferentialEquation {
      func derivative(_ state: [Double], at time: Double) -> [Double] {
        var slope = state
        evaluate(&slope, of: state, at: time)
        return slope
      }
      func evaluate(_ slope: inout [Double], of state: [Double], at time: Double) {
        for index in state.indices { slope[index] = (index > 0 ? state[index - 1] : 0) - state[index] }
      }
    }
    let start = [1.0, 0, 0, 0, 0]
    let method = EmbeddedRungeKutta<Chain>(.dormandPrince5)
    #expect(allocations(method, Chain(), start, until: 1) == allocations(method, Chain(), start, until: 100))
  }
}
