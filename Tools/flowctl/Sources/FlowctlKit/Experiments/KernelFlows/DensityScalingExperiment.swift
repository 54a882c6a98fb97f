import Autodiff
import DataIO
import Foundation
import KernelFlows
import ModelIO
import Plotting
import Probability

/// How the time of an epoch with random features grows with the rows, and how far random features stay behind auxiliary points:
/// one step of the run is one training.
final class DensityScalingExperiment: Experiment {
  let metricNames = ["loss", "rows", "trainingSeconds"]
  private let settings: DensityScalingSettings
  private let resolved: ResolvedRecipe
  private let keys: RunKeys
  private(set) var completedSteps = 0
  private var fits: FitTable

  init(_ settings: DensityScalingSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    self.resolved = resolved
    keys = RunKeys(seed: resolved.recipe.seed)
    let (steps, rows) = (resolved.recipe.training.steps, settings.scaling.rows)
    guard steps == settings.scaling.fitCount else {
      throw UserError.failure(
        "training.steps is \(steps), but there are \(settings.scaling.fitCount) trainings: one for each of scaling.rows and two more; set it to that"
      )
    }
    guard rows == rows.sorted(), Set(rows).count == rows.count, rows[0] >= settings.scaling.batchSize else {
      throw UserError.failure("scaling.rows is \(rows); give ascending numbers from scaling.batchSize, \(settings.scaling.batchSize), on")
    }
    fits = FitTable(count: settings.scaling.fitCount, columns: metricNames.count)
    Execution.threadCount = context.threads
  }

  var facts: [(name: String, value: String)] {
    [
      ("density", settings.scaling.name.rawValue), ("rows", settings.scaling.rows.map(String.init).joined(separator: ", ")),
      ("batch", "\(settings.scaling.batchSize)"), ("points or features", "\(settings.model.configuration.points)"),
    ]
  }

  func advance() throws -> [Double] {
    let isTimed = completedSteps < settings.scaling.rows.count
    let count = isTimed ? settings.scaling.rows[completedSteps] : settings.scaling.comparisonRows
    let steps = isTimed ? count / settings.scaling.batchSize : settings.scaling.comparisonSteps
    var configuration = settings.model.configuration
    configuration.expansion = completedSteps == settings.scaling.rows.count + 1 ? .auxiliaryPoints : .randomFeatures
    let training = MaximumLikelihood(
      steps: steps, batchSize: settings.scaling.batchSize,
      learningRate: .cosine(peak: settings.scaling.learningRate, total: steps, floor: 0),
      validationEvery: isTimed ? steps : max(1, steps / 40), patience: .max)
    let (rows, validation) = (draw(count, 0), draw(2_000, 1))
    let first = rows.slice(axis: 0, 0..<min(count, 5_000))
    let flow = try KernelCouplingFlow(configuration, rows: first, key: keys.initial, dtype: resolved.recipe.precision.dtype)
    let start = ProgressDisplay.wallSeconds()
    let fit = training.fit(flow, rows: rows, validation: validation, key: keys.training)
    let seconds = ProgressDisplay.wallSeconds() - start
    let score = RowMean(fit.flow.scores(draw(10_000, 2))).value
    let values = [-score, Double(count), seconds]
    fits.set(completedSteps, values)
    completedSteps += 1
    return values
  }

  /// Rows of the density, in memory.
  private func draw(_ count: Int, _ stream: Int) -> Tensor {
    let rows = settings.scaling.name.sample(count, key: keys.data.folded(stream)).cast(to: resolved.recipe.precision.dtype)
    rows.withUnsafeBytes { _ in }
    return rows
  }

  func firstNonFiniteParameter() -> String? { fits.isFinite ? nil : "fits" }

  func capturedCheckpoint() throws -> PendingCheckpoint? { resolved.checkpoint(of: fits, step: completedSteps) }

  func restoreCheckpoint(from path: String) throws {
    let file = try resolved.checkpoint(at: path)
    try file.restore(into: &fits, file: FileAccess.display(path))
    completedSteps = file.progress.step
  }

  func sample(count: Int, seed: Int) throws -> SampleSet {
    throw UserError.failure("a measurement of time keeps no model to draw from; train the recipe of one density")
  }

  func evaluate() throws -> Evaluation {
    guard completedSteps == settings.scaling.fitCount else {
      throw UserError.failure("\(completedSteps) of \(settings.scaling.fitCount) trainings are done; go on with 'flowctl resume'")
    }
    let timed = settings.scaling.rows.indices.map(fits.row)
    let (features, points) = (fits.row(timed.count), fits.row(timed.count + 1))
    let exponent = slope(timed.map { log($0[1]) }, timed.map { log($0[2]) })
    var comparisons = timed.map { Comparison("seconds of an epoch of \(Int($0[1])) rows", ours: $0[2]) }
    comparisons.append(
      Comparison(
        "exponent of the time of an epoch in the rows", ours: exponent, exact: 1,
        target: Target("exponent", achieved: exponent, .atMost, 1.1)))
    comparisons.append(Comparison("log likelihood per test row with auxiliary points, nats", ours: -points[0]))
    comparisons.append(
      Comparison(
        "log likelihood per test row with random features, nats", ours: -features[0],
        target: Target("nats behind auxiliary points", achieved: features[0] - points[0], .atMost, 0.1)))
    return Evaluation(
      comparisons: comparisons,
      remarks: [
        "An epoch is as many steps as batches of \(settings.scaling.batchSize) fill the rows, compilation included; the exponent is the slope of the least-squares line through the logarithms.",
        "Random features and auxiliary points are as many as each other, with the same \(settings.scaling.comparisonRows) rows and \(settings.scaling.comparisonSteps) steps; they took \(Formatting.duration(features[2])) and \(Formatting.duration(points[2])).",
      ])
  }

  /// Of the least-squares line.
  private func slope(_ x: [Double], _ y: [Double]) -> Double {
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return products / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }

  func figures() throws -> [Figure] {
    let timed = settings.scaling.rows.indices.prefix(completedSteps).map(fits.row)
    guard timed.count > 1 else { return [] }
    let plot = Plot(
      x: Axis("rows", scale: .logarithmic), y: Axis("seconds of an epoch", scale: .logarithmic),
      marks: [.line(x: timed.map { $0[1] }, y: timed.map { $0[2] })])
    return [Figure(name: "time", title: "Time of an epoch", caption: "Random features, on logarithmic axes.", svg: plot.svg)]
  }
}
