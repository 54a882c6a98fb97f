import DataIO
import Foundation

/// One run at work: its recipe, its experiment, and its folder.
public struct RunSession {
  public let resolved: ResolvedRecipe
  public let experiment: any Experiment
  public let folder: RunFolder
  /// Held while training; who only reads needs none, because checkpoints are replaced whole.
  private let lock: RunLock?

  /// Builds the experiment first and makes the folder only when that worked, so that bad data leaves nothing behind.
  public static func start(
    _ resolved: ResolvedRecipe, out: String?, context: ExperimentContext, arguments: [String],
    builder: ExperimentBuilder = ExperimentCatalogue.build
  ) throws -> RunSession {
    _ = try RunFolder.planned(out: out, recipeName: resolved.name)
    let environment = RunEnvironment.document(
      recipe: resolved.name, arguments: arguments, threads: context.threads, workspaceFolder: context.workspaceFolder)
    var resolved = resolved
    resolved.environment = environment.pretty
    let experiment = try builder(resolved, context)
    let (folder, lock) = try RunFolder.claim(out: out, recipeName: resolved.name)
    do {
      try folder.create(recipe: resolved, environment: environment)
      try experiment.saveCheckpoint(to: folder.latestCheckpoint)
    } catch {
      folder.discard()
      throw error
    }
    return RunSession(resolved: resolved, experiment: experiment, folder: folder, lock: lock)
  }

  /// Opens a run folder and restores its newest checkpoint.
  public static func open(
    _ path: String, toTrain: Bool = false, context: ExperimentContext, builder: ExperimentBuilder = ExperimentCatalogue.build
  ) throws -> RunSession {
    let folder = try RunFolder.existing(path)
    var resolved = try folder.readRecipe()
    if let facts = try? FileAccess.readText(folder.environment) { resolved.environment = facts }
    let checkpoint = try folder.checkpoint(named: path)
    let experiment = try builder(resolved, context)
    let lock = toTrain ? try folder.lock() : nil
    if toTrain { AtomicWrite.removeLeftovers(in: folder.checkpoints) }
    try experiment.restoreCheckpoint(from: checkpoint)
    if let parameter = experiment.firstNonFiniteParameter() {
      throw UserError.failure(
        "\(FileAccess.display(checkpoint)): the parameter '\(parameter)' holds a value that is not finite; use an older checkpoint")
    }
    return RunSession(resolved: resolved, experiment: experiment, folder: folder, lock: lock)
  }

  /// Trains to the last step of the recipe, or to a signal.
  public func train(
    display: ProgressDisplay, events: RunEvents = .silent, stopSignal: @escaping () -> StopSignal? = Interruption.current
  ) throws -> TrainingLoop.Outcome {
    let loop = TrainingLoop(
      experiment: experiment, folder: folder, settings: resolved.recipe.training, display: display, events: events.of(folder),
      stopSignal: stopSignal)
    return try withExtendedLifetime(lock) { try loop.run() }
  }

  /// Evaluates the model, draws every figure, and writes `report.html`, `report.json`, and `plots/`.
  public func report() throws -> Evaluation {
    let evaluation = try experiment.evaluate()
    let metrics = try MetricsTable(path: folder.metrics)
    let figures = try experiment.figures()
    let training = TrainingFigures(metrics)
    let environment = (try? JSONParser.parse(FileAccess.readText(folder.environment))) ?? .object([])
    let content = ReportContent(
      name: resolved.name, recipe: resolved.recipe, fields: resolved.fields, environment: environment, facts: experiment.facts,
      completedSteps: experiment.completedSteps, metrics: metrics, evaluation: evaluation, figures: figures,
      training: training)
    try FileAccess.createFolder(folder.plots)
    for figure in figures + training.figures { try FileAccess.write(figure.svg, to: "\(folder.plots)/\(figure.name).svg") }
    try FileAccess.write(content.data.pretty, to: folder.reportData)
    try FileAccess.write(HTMLReport(content).text, to: folder.report)
    return evaluation
  }
}
