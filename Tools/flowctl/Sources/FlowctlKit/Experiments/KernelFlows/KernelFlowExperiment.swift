import Autodiff
import DataIO
import Foundation
import KernelFlows
import NeuralNetworks
import Plotting
import Probability

/// The density of rows, learned by maximum likelihood with a kernel flow or one of the flows it is compared with.
final class KernelFlowExperiment: Experiment {
  private static let block = 1_000

  let metricNames = ModelTrainer<BestSoFar>.metricNames + ["validation"]
  private let recipe: Recipe
  private let data: DensityData
  private let evaluation: DensityEvaluationSection
  private let validationEvery: Int
  private let keys: RunKeys
  private let density: DensityTrainer<BestSoFar>
  private let draw: @Sendable (KernelCouplingFlow, Key) -> Tensor
  private let score: @Sendable (KernelCouplingFlow, Tensor) -> Tensor
  /// Validation rows in the precision of training, and what the last look at them gave.
  private let validation: Tensor
  private var lastScore = -Double.infinity

  /// Points of the plane.
  static func planar(
    _ settings: PlanarDensitySettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext
  ) throws -> any Experiment {
    let data = try DensityData.planar(settings.data, key: RunKeys(seed: resolved.recipe.seed).data.folded(0))
    return try KernelFlowExperiment(
      settings.model, settings.stopping, settings.evaluation, settings.learning, data, resolved, context)
  }

  /// A table.
  static func table(
    _ settings: TableDensitySettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext
  ) throws -> any Experiment {
    let key = RunKeys(seed: resolved.recipe.seed).data.folded(0)
    let data = try DensityData.table(settings.data, path: context.resolve(settings.data.path), key: key)
    return try KernelFlowExperiment(
      settings.model, settings.stopping, settings.evaluation, settings.learning, data, resolved, context)
  }

  private init(
    _ model: KernelFlowSection, _ stopping: StoppingSection, _ evaluation: DensityEvaluationSection, _ learning: LearningSettings,
    _ data: DensityData, _ resolved: ResolvedRecipe, _ context: ExperimentContext
  ) throws {
    recipe = resolved.recipe
    self.data = data
    self.evaluation = evaluation
    validationEvery = stopping.validationEvery
    keys = RunKeys(seed: recipe.seed)
    let dtype = recipe.precision.dtype
    let count = data.train.shape[0]
    var warnings = data.warnings
    if model.configuration.architecture.hasKernels && model.configuration.expansion == .auxiliaryPoints
      && model.configuration.points > count
    {
      warnings.append("model.points is \(model.configuration.points), but there are \(count) training rows: using \(count) points")
    }
    for warning in warnings { Terminal.note("flowctl: \(warning)") }
    let first = data.train.slice(axis: 0, 0..<min(count, model.configuration.expansion == .fullData ? count : 5_000))
    let flow = try KernelFlowExperiment.untrained(model.configuration, rows: first, key: keys.initial, dtype: dtype)
    let penalty = stopping.penalty
    density = try DensityTrainer(
      BestSoFar(flow), resolved, learning, keys, threads: context.threads, data: HostArray(data.train.doubles, shape: data.train.shape),
      source: data.source, scaling: Scaling(mean: data.mean, deviation: data.deviation)
    ) { model, batch, _ in model.flow.loss(batch, penalty: penalty) }
    validation = data.validation.cast(to: dtype)
    draw = compile { (flow: KernelCouplingFlow, key: Key) -> Tensor in flow.sample(KernelFlowExperiment.block, key: key) }
    score = compile { (flow: KernelCouplingFlow, rows: Tensor) -> Tensor in flow.logDensity(rows).mean() }
  }

  private static func untrained(
    _ configuration: KernelFlowConfiguration, rows: Tensor, key: Key, dtype: DType
  ) throws(UserError) -> KernelCouplingFlow {
    do throws(ConfigurationError) {
      return try KernelCouplingFlow(configuration, rows: rows, key: key, dtype: dtype)
    } catch { throw .failure("model.\(error)") }
  }

  /// The parameters of the best validation score.
  private var best: KernelCouplingFlow { density.trainer.state.model.best.module }

  var completedSteps: Int { density.trainer.completedSteps }

  var facts: [(name: String, value: String)] {
    [
      ("parameters", "\(best.effectiveParameterCount)"), ("training rows", "\(data.train.shape[0])"),
      ("validation rows", "\(data.validation.shape[0])"), ("test rows", "\(data.test.shape[0])"), ("columns", "\(data.names.count)"),
      ("step kept", "\(Int(density.trainer.state.model.step.item()))"),
    ]
  }

  func advance() throws -> [Double] {
    let metrics = try density.advance()
    let step = completedSteps
    if step % validationEvery == 0 || step == recipe.training.steps || step == 1 {
      let averaged = density.trainer.evaluated.flow
      lastScore = score(averaged, validation).item()
      density.trainer.remember { $0.consider(averaged, score: lastScore, step: step) }
    }
    return metrics + [lastScore + data.logVolume]
  }

  func firstNonFiniteParameter() -> String? { density.trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { density.capturedCheckpoint() }
  var dataSeconds: Double? { density.dataSeconds }

  func restoreCheckpoint(from path: String) throws {
    try density.restore(from: path)
    lastScore = score(density.trainer.evaluated.flow, validation).item()
  }

  func sample(count: Int, seed: Int) throws -> SampleSet { samples(count, key: RunKeys.drawing(seed)) }

  private func samples(_ count: Int, key: Key) -> SampleSet {
    let flow = best
    let columns = inBlocks(count, of: KernelFlowExperiment.block) { draw(flow, key.folded($0)).columns }
    let scaled = columns.enumerated().map { index, column in column.map { data.mean[index] + data.deviation[index] * $0 } }
    return SampleSet(names: data.names, values: (0..<count).flatMap { row in scaled.map { $0[row] } })
  }

  func logDensities(_ values: [Double], names: [String]) throws -> [Double] {
    guard names.count == data.names.count else {
      throw UserError.failure(
        "the rows have \(names.count) columns, expected the \(data.names.count) that the run was trained on: "
          + data.names.joined(separator: ", "))
    }
    let d = data.names.count
    let standardized = values.enumerated().map { ($1 - data.mean[$0 % d]) / data.deviation[$0 % d] }
    return best.scores(Tensor(standardized, shape: [values.count / d, d])).map { $0 + data.logVolume }
  }

  func evaluate() throws -> Evaluation {
    let scores = RowMean(best.scores(data.test))
    let gaussian = RowMean(normalScores())
    var rows = [
      Comparison(
        "log likelihood per test row, nats", ours: scores.value + data.logVolume, exact: data.best,
        target: data.best.map { Target("gap in nats", achieved: $0 - scores.value - data.logVolume, .atMost, 0.1) })
    ]
    if data.best == nil {
      rows.append(Comparison("log likelihood per standardised test row, nats", ours: scores.value))
      rows.append(
        Comparison(
          "gain over a normal density with full covariance, nats", ours: scores.value - gaussian.value,
          target: Target("gain in nats", achieved: scores.value - gaussian.value, .atLeast, 0)))
    }
    rows.append(Comparison("parameters", ours: Double(best.effectiveParameterCount)))
    return Evaluation(
      comparisons: rows,
      remarks: [
        "Likelihoods are evaluated in float64 on \(data.test.shape[0]) test rows that neither training nor stopping saw; standard error "
          + "\(Formatting.tidy(scores.error, digits: 2)).",
        "The parameters are those of step \(Int(density.trainer.state.model.step.item())), where the validation rows had their highest likelihood.",
      ])
  }

  /// `log p` of the standardised test rows under a normal density fitted to the training rows.
  private func normalScores() -> [Double] {
    let (rows, d) = (data.train, data.names.count)
    let covariance = rows.transposed().matmul(rows) / Double(rows.shape[0]) + 1e-9 * Tensor.identity(d, dtype: .float64)
    return MultivariateNormal(mean: .zeros([d], dtype: .float64), factor: covariance.cholesky()).logDensity(data.test).doubles
  }

  func figures() throws -> [Figure] {
    let draws = samples(4_000, key: keys.evaluation.folded(2))
    let shown = data.test.slice(axis: 0, 0..<min(4_000, data.test.shape[0])).columns
    let (x, y) = (unscaled(shown[0], 0), unscaled(shown[1], 1))
    let axes = (axis(0, SampleDensity.range(x)), axis(1, SampleDensity.range(y)))
    let clouds = ScatterPair(
      left: .init(title: "test rows", x: x, y: y), right: .init(title: "samples", x: draws.column(0), y: draws.column(1)), x: axes.0,
      y: axes.1)
    var figures = [
      Figure(
        name: "samples", title: "Samples beside data",
        caption: "The first two columns of \(x.count) test rows, and of 4,000 draws of the flow.", svg: clouds.svg)
    ]
    if data.names.count == 2 { figures.append(try densityFigure(SampleDensity.range(x), SampleDensity.range(y))) }
    return figures
  }

  private func unscaled(_ column: [Double], _ index: Int) -> [Double] { column.map { data.mean[index] + data.deviation[index] * $0 } }
  private func axis(_ index: Int, _ range: ClosedRange<Double>) -> Axis { Axis(data.names[index], range: range) }

  private func densityFigure(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) throws -> Figure {
    let points = evaluation.gridPoints
    var grid = ScalarGrid(x: x, y: y, columns: points, rows: points, values: [Double](repeating: 0, count: points * points))
    let nodes = (0..<points).flatMap { row in (0..<points).flatMap { [grid.xNode($0), grid.yNode(row)] } }
    grid.values = try logDensities(nodes, names: data.names).map { exp($0) }
    let plot = Plot(
      x: axis(0, x), y: axis(1, y), aspect: 1, colourLabel: "density",
      marks: [.heatMap(grid), .contours(grid, levels: grid.credibleLevels([0.5, 0.9]), style: .light)])
    return Figure(
      name: "density", title: "Density", caption: "The learned density, with the contours that hold 50 % and 90 % of it.", svg: plot.svg)
  }
}
