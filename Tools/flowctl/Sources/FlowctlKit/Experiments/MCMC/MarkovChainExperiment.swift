import Autodiff
import DataIO
import ModelIO
import Plotting
import Probability

/// Hamiltonian Monte Carlo on a density without anything to train: each step is a round of chains with a warm-up of their own.
final class MarkovChainExperiment: Experiment {
  let metricNames = ["loss", "acceptance", "step_size", "gradients", "divergences", "rejected"]
  private let recipe: Recipe
  private let resolved: ResolvedRecipe
  private let settings: MarkovChainSettings
  private let target: MarkovTarget
  private let sampler: HamiltonianSampler
  private let keys: RunKeys
  private var rounds: ChainRounds
  private(set) var completedSteps = 0

  init(_ settings: MarkovChainSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    Execution.threadCount = context.threads
    self.settings = settings
    self.resolved = resolved
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    target = try MarkovTarget(settings.target, context)
    sampler = settings.sampler.sampler(chains: recipe.training.batchSize)
    rounds = ChainRounds(rounds: recipe.training.steps, sampler: sampler, dimension: target.energy.eventShape[0])
  }

  var facts: [(name: String, value: String)] {
    [
      ("coordinates", "\(target.energy.eventShape[0])"), ("chains", "\(recipe.training.batchSize * recipe.training.steps)"),
      ("draws of each", "\(sampler.draws)"),
    ]
  }

  func advance() throws -> [Double] {
    let chains: MarkovChains
    do {
      chains = try sampler.sample(target.energy, key: keys.training.folded(completedSteps), dtype: recipe.precision.dtype)
    } catch { throw UserError.failure("\(error)") }
    rounds.record(chains, round: completedSteps)
    completedSteps += 1
    let energies = chains.energies.flatMap { $0 }
    let statistics = chains.statistics
    let mean = { (value: (ChainStatistics) -> Double) in statistics.reduce(0) { $0 + value($1) } / Double(statistics.count) }
    return [
      energies.reduce(0, +) / Double(energies.count), mean(\.acceptance), mean(\.stepSize), Double(chains.gradients),
      Double(statistics.reduce(0) { $0 + $1.divergences }), Double(statistics.reduce(0) { $0 + $1.nonFiniteEnergies }),
    ]
  }

  func firstNonFiniteParameter() -> String? { nil }

  func capturedCheckpoint() throws -> PendingCheckpoint? {
    resolved.checkpoint(of: rounds, step: completedSteps, randomKeys: [.init(name: "training", key: keys.training)])
  }

  func restoreCheckpoint(from path: String) throws {
    let file = try resolved.checkpoint(at: path)
    try file.restore(into: &rounds, file: FileAccess.display(path))
    completedSteps = file.progress.step
  }

  /// Draws of all chains, chosen at random without replacement, or with it where more are wanted than there are.
  func sample(count: Int, seed: Int) throws -> SampleSet {
    let pooled = chains().pooled
    let key = RunKeys.drawing(seed)
    let rows =
      count <= pooled.shape[0]
      ? Tensor.permutation(pooled.shape[0], key: key).slice(axis: 0, 0..<count)
      : Tensor.randomIntegers([count], in: 0..<pooled.shape[0], key: key)
    return SampleSet(names: target.names, values: target.shown(pooled.gathered(rows)).doubles)
  }

  private func chains() -> MarkovChains { rounds.chains(of: max(completedSteps, 1)) }

  /// The chains in the coordinates that are shown.
  private func shownChains(_ chains: MarkovChains) -> MarkovChains {
    let shown = target.shown(chains.pooled)
    return MarkovChains(
      draws: Tensor(shown.doubles, shape: Array(chains.draws.shape.prefix(2)) + [target.names.count], dtype: .float64),
      energies: chains.energies, statistics: chains.statistics)
  }

  func evaluate() throws -> Evaluation {
    let chains = chains()
    let shown = shownChains(chains)
    let (summary, own) = (shown.summary, chains.summary)
    var rows: [Comparison] = []
    for (index, name) in target.names.enumerated() {
      if let exact = target.exactMeans[index], let deviation = target.exactDeviations[index] {
        rows.append(
          Comparison(
            "mean of \(name)", ours: summary[index].mean, exact: exact,
            target: Target("difference in standard deviations", achieved: abs(summary[index].mean - exact) / deviation, .atMost, 0.1)))
        let ratio = abs(summary[index].standardDeviation / deviation - 1)
        rows.append(
          Comparison(
            "standard deviation of \(name)", ours: summary[index].standardDeviation, exact: deviation,
            target: Target("relative difference", achieved: ratio, .atMost, 0.1)))
      }
    }
    let energy = ChainSummary(chains.energies)
    rows.append(Comparison("mean energy", ours: energy.mean, exact: target.exactEnergy))
    var remarks = target.remarks
    if let (row, remark) = logNormalizer() {
      rows.append(row)
      remarks.append(remark)
    }
    if let (features, labels) = target.classification {
      let scores = ClassificationScores(
        probabilities: LogisticRegressionPosterior.prediction(features, weights: chains.pooled).doubles, labels: labels)
      rows.append(Comparison("accuracy", ours: scores.accuracy))
      rows.append(Comparison("area under the curve", ours: scores.areaUnderCurve))
    }
    rows += convergence(chains, own)
    remarks += chains.warnings(own).map { "Warning: \($0)." }
    return Evaluation(comparisons: rows, remarks: remarks)
  }

  private func convergence(_ chains: MarkovChains, _ summary: [ChainSummary]) -> [Comparison] {
    let mixing = summary.map(\.potentialScaleReduction).max() ?? .nan
    let (bulk, tail) = (summary.map(\.bulkEffectiveSampleSize).min() ?? 0, summary.map(\.tailEffectiveSampleSize).min() ?? 0)
    let wanted = 100 * Double(chains.chains)
    return [
      Comparison("largest R-hat", ours: mixing, target: Target("R-hat", achieved: mixing, .atMost, 1.01)),
      Comparison("least bulk effective sample size", ours: bulk, target: Target("draws", achieved: bulk, .atLeast, wanted)),
      Comparison("least tail effective sample size", ours: tail, target: Target("draws", achieved: tail, .atLeast, wanted)),
      Comparison("effective samples per thousand gradients", ours: 1000 * bulk / Double(max(chains.gradients, 1))),
    ]
  }

  /// `log Z` by annealing, only where its weights can be trusted.
  private func logNormalizer() -> (row: Comparison, remark: String)? {
    guard let start = target.start else { return nil }
    let annealing = AnnealedImportanceSampling(
      particles: settings.annealing.particles, rungs: settings.annealing.rungs, leapfrogSteps: settings.annealing.leapfrogSteps)
    let diagnosis = WeightDiagnosis(annealing.run(from: start, to: target.energy, key: keys.evaluation).weights, key: keys.evaluation)
    guard let found = diagnosis.logNormalizer.estimate else {
      return (Comparison("log Z by annealing", ours: .nan, exact: target.exactLogNormalizer), "No log Z: \(diagnosis.verdict).")
    }
    let value = found.value + target.logNormalizerOffset
    return (
      Comparison(
        "log Z by annealing", ours: value, exact: target.exactLogNormalizer,
        target: target.exactLogNormalizer.map { Target("difference in nats", achieved: abs(value - $0), .atMost, 0.1) }),
      "log Z by annealed importance sampling with a bootstrap error of \(Formatting.tidy(found.standardError, digits: 3)); weights \(diagnosis.verdict)."
    )
  }

  func figures() throws -> [Figure] {
    let shown = shownChains(chains())
    let count = min(4, target.names.count)
    let columns = (0..<count).map { shown.coordinate($0) }
    let corner = CornerPlot(
      names: Array(target.names.prefix(count)), columns: columns.map { $0.flatMap { $0 } }, sampleLabel: "chains")
    let reach = columns[0].flatMap { $0 }
    let trace = PlotColumn(
      columns[0].prefix(4).enumerated().map { index, chain in
        Plot(
          x: Axis("draw"), y: Axis("chain \(index + 1)", range: reach.min()!...reach.max()!), aspect: 0.2,
          marks: [.line(x: chain.indices.map(Double.init), y: chain, series: index, style: .thin)])
      })
    return [
      Figure(
        name: "corner", title: "Density", caption: "Draws of all chains: histograms, and the regions that hold 68 % and 95 % of them.",
        svg: corner.svg),
      Figure(
        name: "trace", title: "Chains",
        caption: "\(target.names[0]) along the first chains, warm-up left out: chains that have mixed look alike.",
        svg: trace.svg),
    ]
  }
}
