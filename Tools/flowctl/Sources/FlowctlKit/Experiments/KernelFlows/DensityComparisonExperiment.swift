import Autodiff
import DataIO
import Foundation
import KernelFlows
import ModelIO
import Plotting

/// Kernel flows and neural flows on the same samples of the same tables: one step of the run is one whole training.
final class DensityComparisonExperiment: Experiment {
  let metricNames = ["loss", "validation", "parameters", "steps", "trainingSeconds"]
  private let settings: DensityComparisonSettings
  private let architectures: [FlowArchitecture]
  private let paths: [String]
  private let resolved: ResolvedRecipe
  private(set) var completedSteps = 0
  private var fits: FitTable

  init(_ settings: DensityComparisonSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    self.resolved = resolved
    architectures = try settings.comparison.architectures()
    paths = settings.comparison.paths.map(context.resolve)
    let (steps, count) = (resolved.recipe.training.steps, settings.comparison.fitCount)
    guard steps == count else {
      throw UserError.failure(
        "training.steps is \(steps), but there are \(count) trainings: tables times seeds times models; set it to that")
    }
    fits = FitTable(count: count, columns: metricNames.count)
    Execution.threadCount = context.threads
    for index in paths.indices { _ = try table(index, seed: 0) }
  }

  private func table(_ index: Int, seed: Int) throws -> DensityData {
    var section = TableDataSection()
    section.rows = settings.comparison.rows
    return try DensityData.table(section, path: paths[index], key: RunKeys(seed: resolved.recipe.seed + seed).data.folded(0))
  }

  var facts: [(name: String, value: String)] {
    [
      ("tables", "\(paths.count)"), ("models", settings.comparison.modelNames.joined(separator: ", ")),
      ("training rows", settings.comparison.rows == 0 ? "all" : "\(settings.comparison.rows)"), ("seeds", "\(settings.comparison.seeds)"),
    ]
  }

  func advance() throws -> [Double] {
    let (model, rest) = (completedSteps % architectures.count, completedSteps / architectures.count)
    let (seed, tableIndex) = (rest % settings.comparison.seeds, rest / settings.comparison.seeds)
    let architecture = architectures[model]
    let section = architecture.hasKernels ? settings.kernel : settings.neural
    let data = try table(tableIndex, seed: seed)
    let dtype = resolved.recipe.precision.dtype
    let rows = data.train.cast(to: dtype)
    let validation = data.validation.slice(axis: 0, 0..<min(settings.comparison.validationRows, data.validation.shape[0])).cast(to: dtype)
    var configuration = section.model.configuration
    configuration.architecture = architecture
    let key = RunKeys(seed: resolved.recipe.seed + seed).initial.folded(tableIndex)
    let flow = try KernelCouplingFlow(configuration, rows: rows, key: key.folded(0), dtype: dtype)
    var training = section.training(steps: section.steps)
    if settings.comparison.seconds > 0 {
      let pace = training.secondsPerStep(flow, rows: rows, validation: validation, key: key.folded(1))
      training = section.training(steps: max(section.validationEvery, Int(settings.comparison.seconds / pace)))
    }
    let start = ProgressDisplay.wallSeconds()
    let fit = training.fit(flow, rows: rows, validation: validation, key: key.folded(1))
    let seconds = ProgressDisplay.wallSeconds() - start
    let score = RowMean(fit.flow.scores(data.test)).value
    let values = [-score, fit.validation, Double(fit.flow.effectiveParameterCount), Double(fit.steps), seconds]
    fits.set(completedSteps, values)
    completedSteps += 1
    return values
  }

  func firstNonFiniteParameter() -> String? { fits.isFinite ? nil : "fits" }

  func capturedCheckpoint() throws -> PendingCheckpoint? { resolved.checkpoint(of: fits, step: completedSteps) }

  func restoreCheckpoint(from path: String) throws {
    let file = try resolved.checkpoint(at: path)
    try file.restore(into: &fits, file: FileAccess.display(path))
    completedSteps = file.progress.step
  }

  func sample(count: Int, seed: Int) throws -> SampleSet {
    throw UserError.failure("a comparison keeps no model to draw from; train the recipe of one table")
  }

  func evaluate() throws -> Evaluation {
    guard completedSteps == settings.comparison.fitCount else {
      throw UserError.failure("\(completedSteps) of \(settings.comparison.fitCount) trainings are done; go on with 'flowctl resume'")
    }
    var (comparisons, remarks, wins) = ([Comparison](), [String](), 0)
    for tableIndex in paths.indices {
      let name = FileAccess.stem(paths[tableIndex])
      let results = architectures.indices.map { result(tableIndex, $0) }
      for result in results {
        comparisons.append(
          Comparison(
            "\(name), \(result.architecture.rawValue), \(result.parameters) parameters", ours: result.score.value))
      }
      let details = results.map { result in
        "\(result.architecture.rawValue) \(Formatting.tidy(result.spread, digits: 2)) in \(Formatting.duration(result.seconds))"
      }
      remarks.append("\(name): spread over seeds, and time of a training: \(details.joined(separator: "; ")).")
      let kernels = results.filter(\.architecture.hasKernels)
      let networks = results.filter { !$0.architecture.hasKernels }
      guard let rival = networks.max(by: { $0.score.value < $1.score.value }) else { continue }
      let small = hasTimeLimit ? kernels : kernels.filter { 10 * $0.parameters <= (networks.map(\.parameters).min() ?? 0) }
      guard let best = small.max(by: { $0.score.value < $1.score.value }) else {
        remarks.append("\(name): no kernel flow has at most a tenth of the parameters of every network.")
        continue
      }
      let beats = hasTimeLimit ? best.score.value >= rival.score.value : best.score.value > rival.score.value
      if beats { wins += 1 }
      remarks.append(
        "\(name): \(best.architecture.rawValue) \(beats ? "beats" : "does not beat") \(rival.architecture.rawValue), the best of the networks, by "
          + "\(Formatting.tidy(best.score.value - rival.score.value, digits: 2)) nats with "
          + "\(Formatting.tidy(100 * Double(best.parameters) / Double(rival.parameters), digits: 2)) % of its parameters.")
    }
    comparisons.append(
      hasTimeLimit
        ? Comparison(
          "tables on which a kernel flow is at least equal to every network after the same time", ours: Double(wins),
          target: Target("tables", achieved: Double(wins), .atLeast, Double(paths.count)))
        : Comparison(
          "tables on which a kernel flow with at most a tenth of the parameters beats every network", ours: Double(wins),
          target: Target("tables", achieved: Double(wins), .atLeast, (0.8 * Double(paths.count)).rounded(.down))))
    remarks.append(
      "Mean log likelihood of the standardised test rows in nats, over \(settings.comparison.seeds) seeds, each with its own "
        + "\(settings.comparison.rows == 0 ? "start" : "\(settings.comparison.rows) training rows and start"); the spread is the standard deviation over seeds."
    )
    return Evaluation(comparisons: comparisons, remarks: remarks)
  }

  /// Whether trainings last equally long instead of having as many steps as their sections say.
  private var hasTimeLimit: Bool { settings.comparison.seconds > 0 }

  private struct Result {
    let architecture: FlowArchitecture
    let score: RowMean
    let spread: Double
    let parameters: Int
    let seconds: Double
  }

  private func result(_ table: Int, _ model: Int) -> Result {
    let rows = (0..<settings.comparison.seeds).map { fits.row((table * settings.comparison.seeds + $0) * architectures.count + model) }
    let score = RowMean(rows.map { -$0[0] })
    return Result(
      architecture: architectures[model], score: score, spread: score.error * Double(rows.count).squareRoot(), parameters: Int(rows[0][2]),
      seconds: rows.reduce(0) { $0 + $1[4] } / Double(rows.count))
  }

  func figures() throws -> [Figure] { [] }
}
