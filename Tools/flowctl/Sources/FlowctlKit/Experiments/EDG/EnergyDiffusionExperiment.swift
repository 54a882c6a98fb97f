import Autodiff
import DataIO
import EDG
import Plotting
import Probability

/// An energy-based diffusion generator trained on an energy alone (arXiv:2401.02080), its draws weighed against it.
final class EnergyDiffusionExperiment: Experiment {
  private static let block = 1_000

  let metricNames = ModelTrainer<EnergyDiffusionModel>.metricNames
  private let recipe: Recipe
  private let settings: EnergyDiffusionSettings
  private let keys: RunKeys
  private let target: SamplingTarget
  private let trainer: ModelTrainer<EnergyDiffusionModel>
  private let fit: @Sendable (EnergyDiffusionModel, Key) -> EncoderChain
  private let weigh: @Sendable (EnergyDiffusionModel, EncoderChain, Key) -> EnergyDiffusionModel.WeightedSamples
  private var cached: (step: Int, draws: WeightedDraws)?

  init(_ settings: EnergyDiffusionSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    let dtype = recipe.precision.dtype
    target = try SamplingTarget(settings.target, context, dtype: dtype)
    let (energy, batch, steps) = (target.energy, recipe.training.batchSize, recipe.training.steps)
    let model = settings.model(of: energy, key: keys.initial, dtype: dtype)
    trainer = ModelTrainer(model, resolved, settings.learning, key: keys.training, threads: context.threads) { model, step, key in
      settings.loss(model, energy, step: step, steps: steps, batch: batch, key: key, dtype: dtype)
    }
    fit = compile { (model: EnergyDiffusionModel, key: Key) -> EncoderChain in
      let keys = key.split()
      return model.encoderChain(
        steps: settings.evaluation.chainSteps, fitting: model.sample(4 * EnergyDiffusionExperiment.block, key: keys[0], dtype: dtype),
        key: keys[1])
    }
    weigh = compile { (model: EnergyDiffusionModel, chain: EncoderChain, key: Key) -> EnergyDiffusionModel.WeightedSamples in
      let keys = key.split()
      return model.weighted(
        model.sample(EnergyDiffusionExperiment.block, key: keys[0], dtype: dtype), against: energy, along: chain, key: keys[1])
    }
  }

  var completedSteps: Int { trainer.completedSteps }

  var facts: [(name: String, value: String)] {
    let model = trainer.state.model
    return [
      ("parameters", "\(model.parameterCount)"), ("coordinates", "\(model.decoder.eventDimension)"),
      ("latents", "\(model.decoder.latentDimension)"), ("kernels", Execution.instructionSet),
    ]
  }

  func advance() throws -> [Double] {
    trainer.advance(Tensor([Double(completedSteps)], dtype: recipe.precision.dtype))
  }

  func firstNonFiniteParameter() -> String? { trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { trainer.capturedCheckpoint() }
  func restoreCheckpoint(from path: String) throws { try trainer.restore(from: path) }

  func sample(count: Int, seed: Int) throws -> SampleSet {
    let draws = weighted(count, key: RunKeys.drawing(seed))
    return SampleSet(names: target.names, values: draws.values.doubles, logWeights: draws.weights.logWeights)
  }

  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    let model = trainer.state.model
    let draws = model.sample(count, key: RunKeys.drawing(seed), dtype: recipe.precision.dtype)
    let law = model.decoder(draws.latent)
    let time = Tensor.full([count], 0.3, dtype: recipe.precision.dtype)
    let named: [(String, Tensor)] = [
      ("latent", draws.latent), ("event", draws.event), ("decoder/mean", law.mean),
      ("decoder/logStandardDeviation", law.logStandardDeviation),
      ("encoder/score", model.score(draws.latent, given: draws.event, at: time)),
    ]
    return named.map { ReferenceArray(path: $0.0, shape: $0.1.shape, values: $0.1.doubles) }
  }

  private func weighted(_ count: Int, key: Key) -> WeightedDraws {
    let (model, drawKeys) = (trainer.evaluated, key.split())
    let chain = fit(model, drawKeys[0])
    var (values, logWeights, energies): ([Double], [Double], [Double]) = ([], [], [])
    for block in 0..<(count + EnergyDiffusionExperiment.block - 1) / EnergyDiffusionExperiment.block {
      let part = weigh(model, chain, drawKeys[1].folded(block))
      values += target.reported(part.event).doubles
      logWeights += part.logWeight.doubles
      energies += part.energy.doubles
    }
    let d = target.names.count
    return WeightedDraws(
      values: Tensor(Array(values.prefix(count * d)), shape: [count, d]),
      weights: ImportanceWeights(logWeights: Array(logWeights.prefix(count))), energies: Array(energies.prefix(count)))
  }

  private func evaluated() -> WeightedDraws {
    if let cached, cached.step == completedSteps { return cached.draws }
    let draws = weighted(settings.evaluation.samples, key: keys.evaluation.folded(1))
    cached = (completedSteps, draws)
    return draws
  }

  func evaluate() throws -> Evaluation {
    let draws = evaluated()
    let weights = draws.weights
    let (estimate, bound) = (weights.logNormalizer, weights.evidenceLowerBound)
    let diagnosis = WeightDiagnosis(weights, key: keys.evaluation.folded(5))
    var rows = [
      Comparison(
        "relative effective sample size", ours: weights.efficiency, published: target.publishedEfficiency,
        target: target.efficiencyTarget.map { Target("efficiency", achieved: weights.efficiency, .atLeast, $0) }),
      Comparison(
        "log Z", ours: estimate.value, exact: target.logNormalizer,
        target: target.logNormalizer.flatMap { exact in
          target.logNormalizerTarget.map { Target("difference in nats", achieved: abs(estimate.value - exact), .atMost, $0) }
        }),
      Comparison("lower bound of log Z", ours: bound.value, exact: target.logNormalizer),
      Comparison(
        "k-hat of the weights", ours: diagnosis.smoothing.shape,
        target: Target("shape of the weights' tail", achieved: diagnosis.smoothing.shape, .atMost, 0.7)),
    ]
    rows += discrepancies(draws)
    rows += try target.comparisons(draws)
    return Evaluation(comparisons: rows, remarks: remarks(draws, diagnosis))
  }

  private func discrepancies(_ draws: WeightedDraws) -> [Comparison] {
    guard let exactSamples = target.exactSamples else { return [] }
    let count = min(settings.evaluation.discrepancyPoints, draws.weights.count)
    let (exact, other) = (exactSamples(count, keys.evaluation.folded(2)), exactSamples(count, keys.evaluation.folded(3)))
    let own = draws.values.slice(axis: 0, 0..<count)
    let plain = multiscaleDiscrepancy(own, exact)
    let reweighted = multiscaleDiscrepancy(own, exact, weights: Array(draws.weights.normalized.prefix(count)))
    return [
      Comparison(
        "MMD of draws", ours: plain, exact: 0, published: target.publishedDiscrepancy,
        target: target.discrepancyLimit.map { Target("MMD", achieved: plain, .atMost, $0) }),
      Comparison(
        "MMD of weighted draws", ours: reweighted, exact: 0,
        target: target.discrepancyLimit.map { Target("MMD", achieved: reweighted, .atMost, min($0, 0.09)) }),
      Comparison("MMD of two exact samples", ours: multiscaleDiscrepancy(other, exact), exact: 0),
    ]
  }

  /// What the weights say about themselves.
  private func remarks(_ draws: WeightedDraws, _ diagnosis: WeightDiagnosis) -> [String] {
    let (weights, estimate) = (draws.weights, draws.weights.logNormalizer)
    let rejected = weights.logWeights.filter { !$0.isFinite }.count
    var remarks = [
      "\(weights.count) draws weighed along an encoder chain of \(settings.evaluation.chainSteps) steps; log Z has standard error \(Formatting.tidy(estimate.standardError, digits: 2))\(target.logNormalizer == nil ? "" : " and its reference is \(target.source)")."
    ]
    if rejected > 0 { remarks.append("\(rejected) draws have an energy that is NaN or infinite; they were rejected and have weight 0.") }
    remarks.append("The weights are \(diagnosis.verdict).")
    if diagnosis.logNormalizer.estimate == nil { remarks.append("No figure that rests on weights can be trusted.") }
    if let exact = target.logNormalizer, estimate.value < exact - max(0.3, 5 * estimate.standardError) {
      remarks.append(
        "log Z is \(Formatting.tidy(exact - estimate.value, digits: 3)) nats too small: part of the target was never visited.")
    }
    return remarks + target.remarks
  }

  func figures() throws -> [Figure] {
    let draws = evaluated()
    return target.exactSamples == nil ? [weightFigure(draws)] : [planeFigure(draws), weightFigure(draws)]
  }

  private func planeFigure(_ draws: WeightedDraws) -> Figure {
    let count = min(4_000, draws.weights.count)
    let exact = target.exactSamples?(count, keys.evaluation.folded(4)).columns ?? [[], []]
    let own = draws.values.slice(axis: 0, 0..<count).columns
    let reach = 1.15 * (exact[0] + exact[1]).reduce(1) { max($0, abs($1)) }
    let axis = { (name: String) in Axis(name, range: -reach...reach) }
    let clouds = ScatterPair(
      left: .init(title: "exact draws", x: exact[0], y: exact[1]), right: .init(title: "draws of the generator", x: own[0], y: own[1]),
      x: axis("x"), y: axis("y"))
    return Figure(
      name: "samples", title: "Draws beside exact draws", caption: "\(count) draws each, those of the generator without weights.",
      svg: clouds.svg)
  }

  /// Log weights in the order of their size.
  private func weightFigure(_ draws: WeightedDraws) -> Figure {
    let sorted = draws.weights.logWeights.filter { $0.isFinite }.sorted(by: >)
    let shown = stride(from: 0, to: sorted.count, by: max(1, sorted.count / 500)).map { $0 }
    let top = draws.weights.logNormalizer.value
    let plot = Plot(
      x: Axis("share of the draws"), y: Axis("log weight − log Z"),
      marks: [.line(x: shown.map { Double($0) / Double(sorted.count) }, y: shown.map { sorted[$0] - top })])
    return Figure(
      name: "weights", title: "Weights", caption: "Log weights in descending order; a perfect sampler has a flat line at 0.", svg: plot.svg)
  }
}
