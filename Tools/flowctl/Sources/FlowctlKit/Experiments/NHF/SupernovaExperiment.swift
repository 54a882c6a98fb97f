import Autodiff
import DataIO
import DifferentiableIntegrators
import Integrators
import ModelIO
import NHF
import NeuralNetworks
import Plotting
import Probability

/// The flow with the map from its coordinates to (h, omega_m), so that a checkpoint alone is enough to draw samples.
struct PosteriorFlow: Module {
  var flow: NeuralHamiltonianFlow
  var coordinates: Frozen<Probability.Composed<TriangularAffine, IntervalLogit>>

  mutating func walk(_ walker: inout some Walker) {
    flow.walk(&walker)
    walker.child("coordinates", &coordinates)
  }
}

/// The posterior of two cosmological parameters from type Ia supernovae, learned from its unnormalised density alone.
final class SupernovaExperiment: Experiment {
  private static let block = 2_000

  let metricNames = ModelTrainer<PosteriorFlow>.metricNames
  let posterior: SupernovaPosterior
  let supernovae: SupernovaData
  private let recipe: Recipe
  private let settings: SupernovaSettings
  private let target: SupernovaPosterior.Standardized
  private let trainer: ModelTrainer<PosteriorFlow>
  private let keys: RunKeys
  private let draw: @Sendable (PosteriorFlow, Key) -> (Tensor, Tensor)
  private var cached: (step: Int, samples: SampleSet, exact: SupernovaQuadrature)?

  init(_ settings: SupernovaSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    supernovae = try SupernovaExperiment.read(settings.flow.data, context)
    posterior = SupernovaPosterior(
      supernovae, prior: .init(h: settings.posterior.h, omegaM: settings.posterior.omegaMatter),
      reference: SupernovaExperiment.reference(settings.posterior), nodes: settings.posterior.quadratureNodes)
    let dtype = recipe.precision.dtype
    let target = posterior.standardized(.full, dtype: dtype)
    self.target = target
    let flow = try settings.flow.model.flow(dimension: 2, key: keys.initial, precision: recipe.precision)
    let model = PosteriorFlow(flow: flow, coordinates: Frozen(target.bijection))
    let count = recipe.training.batchSize
    trainer = ModelTrainer(model, resolved, settings.flow.learning, key: keys.training, threads: context.threads) { model, _, key in
      model.flow.reverseKL(to: target, count: count, key: key)
    }
    draw = compile { (model: PosteriorFlow, key: Key) -> (Tensor, Tensor) in
      let weighted = model.flow.weightedSamples(SupernovaExperiment.block, of: target, key: key)
      return (model.coordinates.module.forward(weighted.position).y, weighted.logWeight)
    }
  }

  /// A universe inside the prior near which moduli are expanded.
  private static func reference(_ section: PosteriorSection) -> (h: Double, omegaM: Double) {
    func inside(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound < value && value < range.upperBound ? value : (range.lowerBound + range.upperBound) / 2
    }
    return (inside(0.7, section.h), inside(0.3, section.omegaMatter))
  }

  private static func read(_ section: SupernovaDataSection, _ context: ExperimentContext) throws -> SupernovaData {
    let path = context.resolve(section.path)
    let table = try SupernovaTable(contentsOf: path)
    do {
      switch section.name {
      case .union21: return try SupernovaData(redshifts: table.redshift, moduli: table.modulus, errors: .independent(table.error))
      case .union21Binned:
        guard let binned = table.binned else {
          throw UserError.failure("\(FileAccess.display(path)): no group /binned; use --set data.name=union2.1, or a file that has it")
        }
        return try SupernovaData(redshifts: binned.redshift, moduli: binned.modulus, errors: .covariance(binned.covariance))
      }
    } catch let error as SupernovaDataError {
      throw UserError.failure("\(FileAccess.display(path)): \(error)")
    }
  }

  var completedSteps: Int { trainer.completedSteps }

  var facts: [(name: String, value: String)] {
    trainer.state.model.flow.facts + [("supernovae", "\(supernovae.count)")]
  }

  func advance() throws -> [Double] { trainer.advance(Tensor.zeros([0], dtype: recipe.precision.dtype)) }
  func firstNonFiniteParameter() -> String? { trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { trainer.capturedCheckpoint() }
  func restoreCheckpoint(from path: String) throws { try trainer.restore(from: path) }

  func sample(count: Int, seed: Int) throws -> SampleSet { samples(count, key: RunKeys.drawing(seed)) }

  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    let model = trainer.state.model
    let points = model.flow.referencePoints(count: count, key: RunKeys.drawing(seed))
    let position = points.first { $0.path == "data/position" }!
    let parameters = model.coordinates.module.forward(
      Tensor(position.values, shape: position.shape, dtype: recipe.precision.dtype)
    ).y
    return points + [ReferenceArray(path: "data/parameters", shape: position.shape, values: parameters.doubles)]
  }

  private func samples(_ count: Int, key: Key) -> SampleSet {
    let model = trainer.evaluated
    let columns = inBlocks(count, of: SupernovaExperiment.block) { block in
      let (parameters, logWeights) = draw(model, key.folded(block))
      return parameters.columns + [logWeights.doubles]
    }
    let values = (0..<count).flatMap { [columns[0][$0], columns[1][$0]] }
    return SampleSet(names: SupernovaPosterior.parameterNames, values: values, logWeights: columns[2])
  }

  /// Samples of the present parameters and the exact posterior, computed once per step of training.
  private func results() -> (samples: SampleSet, exact: SupernovaQuadrature) {
    if let cached, cached.step == completedSteps { return (cached.samples, cached.exact) }
    let samples = samples(settings.flow.evaluation.samples, key: keys.evaluation)
    let mode = target.bijection.forward(Tensor.zeros([1, 2], dtype: recipe.precision.dtype)).y.doubles
    let spread = target.bijection.forward(
      Tensor([1, 0, -1, 0, 0, 1, 0, -1], shape: [4, 2], dtype: recipe.precision.dtype)
    ).y.columns
    let deviation = spread.map { column in (column.max()! - column.min()!) / 2 * 1.5 }
    let exact = SupernovaQuadrature(posterior, points: settings.flow.evaluation.gridPoints, center: mode, deviation: deviation)
    cached = (completedSteps, samples, exact)
    return (samples, exact)
  }

  func evaluate() throws -> Evaluation {
    let (samples, exact) = results()
    let weights = ImportanceWeights(logWeights: samples.logWeights!)
    let points = Tensor(samples.values, shape: [samples.count, 2])
    let own = WeightedMoments(points)
    let weighted = WeightedMoments(points, weights: weights.normalized)
    let logEvidence = weights.logNormalizer.value + posterior.referenceLogLikelihood
    var rows: [Comparison] = []
    for (index, name) in samples.names.enumerated() {
      let shift = abs(own.mean[index] - exact.mean[index]) / exact.standardDeviation[index]
      let ratio = abs(own.standardDeviation[index] / exact.standardDeviation[index] - 1)
      rows.append(
        Comparison(
          "mean of \(name)", ours: own.mean[index], exact: exact.mean[index], published: published(name),
          target: Target("difference in posterior standard deviations", achieved: shift, .atMost, 0.05)))
      rows.append(
        Comparison(
          "standard deviation of \(name)", ours: own.standardDeviation[index], exact: exact.standardDeviation[index],
          target: Target("relative difference", achieved: ratio, .atMost, 0.05)))
    }
    let correlation = own.correlation(0, 1)
    rows.append(
      Comparison(
        "correlation", ours: correlation, exact: exact.correlation,
        target: Target("difference", achieved: abs(correlation - exact.correlation), .atMost, 0.03)))
    rows.append(
      Comparison(
        "log evidence", ours: logEvidence, exact: exact.logEvidence,
        target: Target("difference in nats", achieved: abs(logEvidence - exact.logEvidence), .atMost, 0.02)))
    rows.append(
      Comparison(
        "effective sample size per sample", ours: weights.efficiency, exact: 1,
        target: Target("fraction", achieved: weights.efficiency, .atLeast, 0.8)))
    for (index, name) in samples.names.enumerated() {
      rows.append(Comparison("mean of \(name), reweighted", ours: weighted.mean[index], exact: exact.mean[index]))
      rows.append(
        Comparison(
          "standard deviation of \(name), reweighted", ours: weighted.standardDeviation[index],
          exact: exact.standardDeviation[index]))
    }
    return Evaluation(
      comparisons: rows,
      remarks: [
        "Exact values: quadrature of the same posterior on \(settings.flow.evaluation.gridPoints) x \(settings.flow.evaluation.gridPoints) nodes in float64.",
        "The first rows are of the flow's own draws; the reweighted ones use the importance weights that `flowctl sample` writes.",
      ]
        + (settings.flow.data.name == .union21Binned
          ? ["The moduli of the bins share an arbitrary constant, which h takes up: only omega_m says something of the universe."] : []))
  }

  /// The matter density as published for the same compilation (Suzuki et al. 2012, statistical and with systematics).
  private func published(_ name: String) -> String? {
    guard name == "omega_m" else { return nil }
    return settings.flow.data.name == .union21 ? "0.277 ± 0.022" : "0.295 ± 0.043"
  }

  func figures() throws -> [Figure] {
    let (samples, exact) = results()
    let plots = SupernovaFigures(posterior: posterior, supernovae: supernovae, samples: samples, exact: exact)
    return [
      plots.corner, plots.hubbleDiagram,
      FlowFigures.potential(
        trainer.evaluated.flow, range: -4...4, points: min(161, settings.flow.evaluation.gridPoints),
        names: ("first coordinate", "second coordinate"),
        caption:
          "The learned potential V in the flow's own standardised coordinates. Its single well carries the prior onto the posterior."
      ),
    ]
  }
}
