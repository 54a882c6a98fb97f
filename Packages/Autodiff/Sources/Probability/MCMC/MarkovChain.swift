/// One chain: its position, its step size and mass, and the trajectory it is on.
struct MarkovChain: Sendable {
  private let sampler: HamiltonianSampler
  private let windows: WarmupWindows
  private var random: KeyStream
  private var point: EvaluatedPoint
  private var inverseMass: InverseMass
  private var stepSize: StepSizeAdaptation
  private var covariance: CovarianceEstimate
  private var trajectory: any Trajectory
  private var isSearching: Bool
  private var iteration = 0

  private(set) var statistics = ChainStatistics()
  /// Positions after the warm-up, `[draws d]`.
  private(set) var draws: [Double] = []
  private(set) var energies: [Double] = []

  init(_ sampler: HamiltonianSampler, from start: EvaluatedPoint, _ random: KeyStream) {
    self.sampler = sampler
    self.random = random
    point = start
    windows = WarmupWindows(iterations: sampler.mass == .unit ? 0 : sampler.warmup)
    inverseMass = InverseMass(diagonal: start.position.map { _ in 1 })
    covariance = CovarianceEstimate(dimension: start.position.count, isDense: sampler.mass == .dense)
    stepSize = StepSizeAdaptation(from: sampler.initialStepSize, target: sampler.targetAcceptance)
    trajectory = StepSizeSearch(from: start, stepSize: sampler.initialStepSize, inverseMass, &self.random)
    isSearching = true
    draws.reserveCapacity(sampler.draws * start.position.count)
    energies.reserveCapacity(sampler.draws)
    if sampler.warmup == 0 {
      statistics.stepSize = sampler.initialStepSize
      statistics.inverseMass = inverseMass.diagonal
      beginTrajectory()
    }
  }

  var isFinished: Bool { iteration == sampler.warmup + sampler.draws }
  var query: [Double] { isFinished ? point.position : trajectory.query }
  var iterations: Int { iteration }
  var energy: Double { point.energy }

  /// Energy and gradient at `query`.
  mutating func receive(energy: Double, gradient: [Double]) {
    guard !isFinished, let outcome = trajectory.receive(energy: energy, gradient: gradient, &random) else { return }
    if isSearching {
      statistics.warmupGradients += outcome.leapfrogs
      let found = (trajectory as? StepSizeSearch)?.stepSize ?? stepSize.current
      stepSize = StepSizeAdaptation(from: found, target: sampler.targetAcceptance)
      isSearching = false
    } else {
      finish(outcome)
    }
    if !isSearching { beginTrajectory() }
  }

  private mutating func beginTrajectory() {
    if isFinished { return }
    let step = iteration < sampler.warmup ? stepSize.current : stepSize.final
    switch sampler.path {
    case .noUTurn(let depth):
      trajectory = NoUTurnTrajectory(from: point, stepSize: step, maximumDepth: depth, inverseMass, &random)
    case .fixed(let steps):
      trajectory = FixedTrajectory(from: point, stepSize: step, steps: steps, inverseMass, &random)
    }
  }
}

extension MarkovChain {
  private mutating func finish(_ outcome: TrajectoryOutcome) {
    point = outcome.point
    let isWarmup = iteration < sampler.warmup
    statistics.nonFiniteEnergies += outcome.outside
    if isWarmup {
      statistics.warmupGradients += outcome.leapfrogs
      adapt(outcome)
    } else {
      statistics.trajectoryLengths.append(outcome.leapfrogs)
      statistics.acceptance += (outcome.acceptance - statistics.acceptance) / Double(energies.count + 1)
      statistics.divergences += outcome.diverged ? 1 : 0
      statistics.longestTrajectories += outcome.reachedMaximumDepth ? 1 : 0
      draws += point.position
      energies.append(point.energy)
    }
    iteration += 1
  }

  private mutating func adapt(_ outcome: TrajectoryOutcome) {
    stepSize.update(acceptance: outcome.acceptance)
    if windows.slow.contains(iteration) { covariance.add(point.position) }
    if windows.ends.contains(iteration), let estimate = covariance.inverseMass {
      inverseMass = estimate
      covariance = CovarianceEstimate(dimension: point.position.count, isDense: sampler.mass == .dense)
      isSearching = true
      trajectory = StepSizeSearch(from: point, stepSize: stepSize.current, inverseMass, &random)
    }
    if iteration == sampler.warmup - 1 {
      statistics.stepSize = stepSize.final
      statistics.inverseMass = inverseMass.diagonal
    }
  }
}
