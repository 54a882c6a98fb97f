#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A no-U-turn trajectory with multinomial choice of the next point (Hoffman and Gelman 2014; Betancourt 2017, appendix A).
///
/// The tree grows leaf by leaf: two finished subtrees of one depth are joined as soon as they stand side by side, as the carries of a
/// binary counter, which gives the recursion's tree without its call stack. U-turns are looked for by the sum of the momenta, within
/// and across the halves of each subtree.
struct NoUTurnTrajectory: Trajectory {
  private struct Edge {
    let momentum: [Double]
    let velocity: [Double]
  }

  private struct Subtree {
    let depth: Int
    /// In the order of growth.
    let first: Edge
    let last: Edge
    let momentumSum: [Double]
    /// `log Σ exp(H₀ - H)` over the leaves.
    let logWeight: Double
    let proposal: EvaluatedPoint
  }

  private let inverseMass: InverseMass
  private let stepSize: Double
  private let maximumDepth: Int
  private let startHamiltonian: Double

  private var whole: Subtree
  /// The ends of the whole trajectory, backwards and forwards in time.
  private var ends: (backward: LeapfrogTip, forward: LeapfrogTip)
  private var isForward: Bool
  private var tip: LeapfrogTip
  /// Finished subtrees of this doubling that wait for their other half.
  private var pending: [Subtree] = []
  private var acceptance = 0.0
  private var leapfrogs = 0

  init(from start: EvaluatedPoint, stepSize: Double, maximumDepth: Int, _ inverseMass: InverseMass, _ random: inout KeyStream) {
    self.inverseMass = inverseMass
    self.stepSize = stepSize
    self.maximumDepth = maximumDepth
    let origin = LeapfrogTip(start, momentum: inverseMass.momentum(&random), inverseMass: inverseMass)
    startHamiltonian = origin.hamiltonian
    whole = NoUTurnTrajectory.leaf(origin, logWeight: 0)
    ends = (origin, origin)
    isForward = random.uniform() < 0.5
    tip = origin
    tip.depart(isForward ? stepSize : -stepSize, inverseMass)
  }

  var query: [Double] { tip.point.position }

  mutating func receive(energy: Double, gradient: [Double], _ random: inout KeyStream) -> TrajectoryOutcome? {
    tip.arrive(energy, gradient, isForward ? stepSize : -stepSize, inverseMass)
    leapfrogs += 1
    guard tip.point.isInside else { return outcome(diverged: true, outside: 1) }
    let gain = startHamiltonian - tip.hamiltonian
    guard gain > -1000 else { return outcome(diverged: true) }
    acceptance += min(1, exp(gain))

    var subtree = NoUTurnTrajectory.leaf(tip, logWeight: gain)
    while let left = pending.last, left.depth == subtree.depth {
      pending.removeLast()
      let logWeight = logSumExp(left.logWeight, subtree.logWeight)
      let takesRight = random.uniform() < exp(subtree.logWeight - logWeight)
      guard let joined = NoUTurnTrajectory.joined(left, subtree, logWeight, takesRight ? subtree.proposal : left.proposal) else {
        return outcome()
      }
      subtree = joined
    }
    if subtree.depth < whole.depth {
      pending.append(subtree)
      tip.depart(isForward ? stepSize : -stepSize, inverseMass)
      return nil
    }
    return extend(by: subtree, &random)
  }

  /// Joins a finished doubling to the whole, with a bias to the new half (Betancourt 2017, A.3.2), and starts the next.
  private mutating func extend(by subtree: Subtree, _ random: inout KeyStream) -> TrajectoryOutcome? {
    if isForward { ends.forward = tip } else { ends.backward = tip }
    let takesNew = random.uniform() < exp(subtree.logWeight - whole.logWeight)
    let proposal = takesNew ? subtree.proposal : whole.proposal
    // Seen along the growth, the whole starts at its far end.
    let grown = isForward ? whole : NoUTurnTrajectory.reversed(whole)
    let logWeight = logSumExp(whole.logWeight, subtree.logWeight)
    guard let joined = NoUTurnTrajectory.joined(grown, subtree, logWeight, proposal) else {
      return outcome(proposal)
    }
    whole = isForward ? joined : NoUTurnTrajectory.reversed(joined)
    if whole.depth == maximumDepth {
      var result = outcome()
      result.reachedMaximumDepth = true
      return result
    }
    isForward = random.uniform() < 0.5
    tip = isForward ? ends.forward : ends.backward
    tip.depart(isForward ? stepSize : -stepSize, inverseMass)
    return nil
  }

  private func outcome(_ proposal: EvaluatedPoint? = nil, diverged: Bool = false, outside: Int = 0) -> TrajectoryOutcome {
    TrajectoryOutcome(
      point: proposal ?? whole.proposal, acceptance: acceptance / Double(leapfrogs), leapfrogs: leapfrogs, diverged: diverged,
      outside: outside)
  }

  private static func leaf(_ tip: LeapfrogTip, logWeight: Double) -> Subtree {
    let edge = Edge(momentum: tip.momentum, velocity: tip.velocity)
    return Subtree(depth: 0, first: edge, last: edge, momentumSum: tip.momentum, logWeight: logWeight, proposal: tip.point)
  }

  private static func reversed(_ tree: Subtree) -> Subtree {
    Subtree(
      depth: tree.depth, first: tree.last, last: tree.first, momentumSum: tree.momentumSum, logWeight: tree.logWeight,
      proposal: tree.proposal)
  }

  /// Both halves as one subtree, `nil` if it turns back on itself: as a whole, or from one half into the start of the other.
  private static func joined(_ left: Subtree, _ right: Subtree, _ logWeight: Double, _ proposal: EvaluatedPoint) -> Subtree? {
    let sum = added(left.momentumSum, right.momentumSum)
    guard
      goesOn(left.first, right.last, sum),
      goesOn(left.first, right.first, added(left.momentumSum, right.first.momentum)),
      goesOn(left.last, right.last, added(right.momentumSum, left.last.momentum))
    else { return nil }
    return Subtree(
      depth: left.depth + 1, first: left.first, last: right.last, momentumSum: sum, logWeight: logWeight, proposal: proposal)
  }

  private static func goesOn(_ a: Edge, _ b: Edge, _ momentumSum: [Double]) -> Bool {
    dot(a.velocity, momentumSum) > 0 && dot(b.velocity, momentumSum) > 0
  }
}
