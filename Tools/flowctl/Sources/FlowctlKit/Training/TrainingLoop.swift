/// Drives an experiment to its last step, leaving a run folder from which every interruption can be resumed.
public struct TrainingLoop {
  public enum Outcome: Equatable, Sendable {
    case completed
    case interrupted(StopSignal)
  }

  private let experiment: any Experiment
  private let folder: RunFolder
  private let settings: TrainingSection
  private let display: ProgressDisplay
  private let stopSignal: () -> StopSignal?

  /// `stopSignal` is asked after every step.
  public init(
    experiment: any Experiment, folder: RunFolder, settings: TrainingSection, display: ProgressDisplay,
    stopSignal: @escaping () -> StopSignal? = Interruption.current
  ) {
    self.experiment = experiment
    self.folder = folder
    self.settings = settings
    self.display = display
    self.stopSignal = stopSignal
  }

  /// Trains from the experiment's current step. Throws when the loss or a parameter stops being finite, or when a file cannot be written;
  /// the last good checkpoint then stays in place.
  public func run() throws -> Outcome {
    defer { display.finish() }
    let first = experiment.completedSteps
    let log = try MetricsLog(path: folder.metrics, metricNames: experiment.metricNames, after: first)
    let start = ProgressDisplay.wallSeconds() - log.secondsBefore
    var saved = first
    if first == 0 { try save(log) }
    while experiment.completedSteps < settings.steps {
      let values = try experiment.advance()
      let step = experiment.completedSteps
      if !values[0].isFinite { throw divergence(what: "the loss became \(values[0].isNaN ? "not a number" : "infinite")", saved: saved) }
      if isRecorded(step) { try log.append(step: step, values: values, seconds: ProgressDisplay.wallSeconds() - start) }
      display.update(step: step, loss: values[0])
      let signal = stopSignal()
      if signal != nil || step % settings.checkpointEvery == 0 || step == settings.steps {
        if let path = experiment.firstNonFiniteParameter() {
          throw divergence(what: "the parameter '\(path)' stopped being finite", saved: saved)
        }
        try save(log)
        saved = step
      }
      if let signal, step < settings.steps { return .interrupted(signal) }
    }
    return .completed
  }

  private func isRecorded(_ step: Int) -> Bool { step == 1 || step % settings.metricsEvery == 0 || step == settings.steps }

  /// The rows first, then the checkpoint, so that a checkpoint never claims steps whose metrics are lost.
  private func save(_ log: MetricsLog) throws {
    try log.synchronise()
    try experiment.saveCheckpoint(to: folder.latestCheckpoint)
  }

  private func divergence(what: String, saved: Int) -> UserError {
    let culprit = experiment.firstNonFiniteParameter().map { "; the first parameter that is not finite is '\($0)'" } ?? ""
    let blame = what.hasPrefix("the loss") ? culprit : ""
    return .failure(
      "training stopped at step \(experiment.completedSteps): \(what)\(blame); the last good checkpoint, of step \(saved), is kept in "
        + "\(FileAccess.display(folder.latestCheckpoint)); try a smaller optimizer.learningRate or set optimizer.clipNorm")
  }
}
