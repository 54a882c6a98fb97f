import Autodiff
import DataIO
import Foundation
import HGF
import ModelIO
import NeuralNetworks
import Plotting
import Probability

/// Hamiltonian generative flows of the rows of a file: one, or several kinds side by side from the same batches, so that they can be
/// compared at equal training steps.
final class RowVelocityExperiment: Experiment {
  let metricNames = ModelTrainer<[VelocityFlow]>.metricNames
  private let recipe: Recipe
  private let settings: RowVelocitySettings
  private let keys: RunKeys
  private let rows: RowData
  private let kinds: [ProcessSection.Kind]
  private let processes: [HamiltonianProcess]
  private let density: DensityTrainer<[VelocityFlow]>

  init(_ settings: RowVelocitySettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    rows = try RowData(settings.data, path: context.resolve(settings.data.path), split: settings.evaluation.split)
    kinds = try settings.kinds
    let (rows, kinds, keys, precision) = (rows, kinds, keys, recipe.precision)
    processes = try kinds.map { kind in
      var section = settings.process
      section.kind = kind
      let process = try section.process(dimension: rows.dimension, dataScale: rows.scale)
      _ = try settings.sampler.sampler(for: process, evaluations: settings.evaluation.budgets.min())
      try process.checked(rows.encoded(Tensor(rows.train, dtype: .float32), key: keys.evaluation))
      return process
    }
    let flows = try processes.enumerated().flatMap { index, process in
      try (0..<settings.repeats).map { seed in
        try settings.model.flow(
          process, dataScale: rows.scale, contextFeatures: rows.classes, key: keys.initial.folded(seed), precision: precision)
      }
    }
    guard !kinds.contains(.optimalTransport) else {
      throw UserError.failure(
        "process.kind optimalTransport assigns ends outside of the compiled step, which rows of a file do not; use flowMatching")
    }
    let dropout = settings.data.labelDropout
    density = DensityTrainer(
      flows, resolved, settings.learning, keys, threads: context.threads,
      rows: try rows.trainingRows(key: KeyWords(keys.data.folded(1)), recipe)
    ) { flows, batch, key in
      let data = rows.encoded(batch.slice(axis: 1, 0..<rows.dimension), key: key.folded(0))
      let labels = rows.classes > 0 ? batch.slice(axis: 1, rows.dimension..<rows.dimension + rows.classes) : nil
      let context = labels.map { droppingContext($0, probability: dropout, key: key.folded(1)) }
      let losses = flows.enumerated().map { index, flow in
        let flowKeys = key.folded(2 + index % settings.repeats).split()
        return flow.loss(flow.process.launch(data, key: flowKeys[0]), context: context, key: flowKeys[1])
      }
      return losses.dropFirst().reduce(losses[0], +)
    }
  }

  var completedSteps: Int { density.trainer.completedSteps }

  var facts: [(name: String, value: String)] {
    let flows = density.trainer.state.model
    return [
      ("models", kinds.map(\.rawValue).joined(separator: ", ")), ("seeds of each", "\(settings.repeats)"),
      ("parameters of each", "\(flows[0].parameterCount)"), ("training rows", "\(rows.trainCount)\(rows.isStreamed ? ", streamed" : "")"),
      ("held-out rows", "\(rows.held.shape[0])"), ("kernels", Execution.instructionSet),
    ]
  }

  func advance() throws -> [Double] { try density.advance() }
  func firstNonFiniteParameter() -> String? { density.trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { density.capturedCheckpoint() }
  var dataSeconds: Double? { density.dataSeconds }
  func restoreCheckpoint(from path: String) throws { try density.restore(from: path) }

  /// Draws of the first model.
  func sample(count: Int, seed: Int) throws -> SampleSet {
    let draws = try draws(0, count, evaluations: settings.sampler.evaluations, key: RunKeys.drawing(seed))
    return SampleSet(names: rows.featureNames, values: rows.decoded(draws).doubles)
  }

  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    density.trainer.state.model[0].referencePoints(
      count: count, with: try settings.sampler.sampler(for: processes[0]), key: RunKeys.drawing(seed))
  }

  /// Rows in the model's coordinates, labels drawn evenly where there are any.
  private func draws(_ index: Int, _ count: Int, evaluations: Int, key: Key) throws -> Tensor {
    let flow = density.trainer.evaluated[index]
    let sampler = try settings.sampler.sampler(for: flow.process, evaluations: evaluations)
    let (weight, dtype) = (settings.sampler.guidance, recipe.precision.dtype)
    let labels = (0..<count).map { $0 % max(rows.classes, 1) }
    let context = rows.classes > 0 ? labelContext(labels, classes: rows.classes, dtype: dtype) : nil
    let draw = compile { (flow: VelocityFlow, key: Key) -> Tensor in
      let guided = HamiltonianGenerativeFlow(LabelGuidance(flow.predictor, weight: weight), flow.process)
      return guided.sample(count, with: sampler, context: context, key: key, dtype: dtype)
    }
    return draw(flow, key)
  }

  func evaluate() throws -> Evaluation {
    let judge = SampleJudge(rows, count: settings.evaluation.samples, key: keys.evaluation)
    var comparisons: [Comparison] = []
    var remarks = [
      "Draws are held against \(rows.held.shape[0]) \(settings.evaluation.split.rawValue) rows; the floor is as many training rows against them.",
      judge.accuracy.map {
        "The Fréchet distance is on the features of a small classifier trained here on the same images (accuracy \(Formatting.tidy($0, digits: 3)) on the held-out rows): it is not the FID."
      } ?? "The Fréchet distance is between normal laws with the means and covariances of the rows themselves.",
    ]
    for budget in settings.evaluation.budgets {
      var scores: [(kind: String, frechet: RowMean, energy: RowMean)] = []
      for (index, kind) in kinds.enumerated() {
        let results = try (0..<settings.repeats).map { seed in
          judge.scores(try draws(index * settings.repeats + seed, judge.count, evaluations: budget, key: keys.evaluation.folded(10 + seed)))
        }
        scores.append((kind.rawValue, RowMean(results.map(\.frechet)), RowMean(results.map(\.energy))))
      }
      for score in scores {
        let error = settings.repeats > 1 ? " ± \(Formatting.tidy(score.frechet.error, digits: 2))" : ""
        comparisons.append(Comparison("\(score.kind), \(budget) evaluations: Fréchet distance\(error)", ours: score.frechet.value))
        comparisons.append(Comparison("\(score.kind), \(budget) evaluations: energy distance", ours: score.energy.value))
      }
      if scores.count > 1, let best = scores.min(by: { $0.frechet.value < $1.frechet.value }) {
        let rival = scores.filter { $0.kind != best.kind }.min { $0.frechet.value < $1.frechet.value }!
        let spread = (best.frechet.error * best.frechet.error + rival.frechet.error * rival.frechet.error).squareRoot()
        let lead = rival.frechet.value - best.frechet.value
        let clear = settings.repeats > 1 && lead > 2 * spread
        remarks.append(
          "\(budget) evaluations: \(best.kind) has the least Fréchet distance, \(rival.kind) is next; the difference is \(clear ? "clear" : "within two standard errors of the seeds, or of one seed only")."
        )
      }
    }
    let floor = judge.floor()
    comparisons.append(Comparison("real against real: Fréchet distance", ours: floor.frechet.value))
    comparisons.append(Comparison("real against real: energy distance", ours: floor.energy.value))
    if rows.levels > 0 && rows.dimension <= 128 { comparisons += likelihoods() }
    return Evaluation(comparisons: comparisons, remarks: remarks)
  }

  /// Mean log likelihood of the held-out rows in grey levels, of the first model of each kind.
  private func likelihoods() -> [Comparison] {
    let held = rows.encoded(rows.held.cast(to: recipe.precision.dtype), key: keys.evaluation.folded(5))
    let estimator = DivergenceEstimator.hutchinson(probes: 8, key: keys.evaluation.folded(6))
    return kinds.indices.filter { processes[$0].path != nil }.map { index in
      let density = compile { (flow: VelocityFlow, x: Tensor) -> Tensor in flow.logDensity(x, steps: 40, divergence: estimator) }
      let values = density(self.density.trainer.evaluated[index * settings.repeats], held).doubles.map { $0 + rows.logJacobian }
      return Comparison("\(kinds[index].rawValue): log likelihood in nats of grey levels (8 probes)", ours: RowMean(values).value)
    }
  }

  func figures() throws -> [Figure] {
    let count = 60
    let drawn = rows.decoded(try draws(0, count, evaluations: settings.sampler.evaluations, key: keys.evaluation.folded(7)))
    if let side = rows.imageSide {
      let held = Array(rows.held.doubles.prefix(count * rows.dimension))
      let sheet = ImageSheet(
        panels: [.init(title: "held-out images", pixels: held), .init(title: "draws", pixels: drawn.doubles)], height: side, width: side,
        columns: 6, range: 0...Double(rows.levels - 1))
      return [
        Figure(
          name: "samples", title: "Draws beside data", caption: "Sixty held-out images and as many draws, none chosen.", svg: sheet.svg)
      ]
    }
    guard rows.dimension == 2 else { return [] }
    let own = rows.decoded(try draws(0, 2_000, evaluations: settings.sampler.evaluations, key: keys.evaluation.folded(7))).columns
    let held = rows.held.columns
    let axis = { (name: String) in Axis(name, range: -Double.pi...Double.pi) }
    let (a, b) = (rows.featureNames[0], rows.featureNames[1])
    let clouds = ScatterPair(
      left: .init(title: "data", x: held[0], y: held[1]), right: .init(title: "draws", x: own[0], y: own[1]), x: axis(a), y: axis(b))
    return [Figure(name: "samples", title: "Draws beside data", caption: "Held-out rows, and 2,000 draws.", svg: clouds.svg)]
  }
}

extension RowVelocitySettings {
  /// The kinds of processes, or the one of `process.kind`.
  fileprivate var kinds: [ProcessSection.Kind] {
    get throws(UserError) {
      var kinds: [ProcessSection.Kind] = []
      for name in processes {
        guard let kind = ProcessSection.Kind(rawValue: name) else {
          let names = ProcessSection.Kind.allCases.map(\.rawValue).joined(separator: ", ")
          throw UserError.failure("processes holds '\(name)'; give names among \(names)")
        }
        kinds.append(kind)
      }
      return kinds.isEmpty ? [process.kind] : kinds
    }
  }
}
