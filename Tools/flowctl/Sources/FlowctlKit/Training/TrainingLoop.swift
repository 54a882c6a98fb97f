import DataIO

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
  private let events: RunEvents
  private let stopSignal: () -> StopSignal?

  /// `stopSignal` is asked after every step.
  public init(
    experiment: any Experiment, folder: RunFolder, settings: TrainingSection, display: ProgressDisplay, events: RunEvents = .silent,
    stopSignal: @escaping () -> StopSignal? = Interruption.current
  ) {
    self.experiment = experiment
    self.folder = folder
    self.settings = settings
    self.display = display
    self.events = events
    self.stopSignal = stopSignal
  }

  /// Trains from the experiment's current step. Throws when the loss or a parameter stops being finite, or when a file cannot be written;
  /// the last good checkpoint then stays in place.
  public func run() throws -> Outcome {
    defer { display.finish() }
    let first = experiment.completedSteps
    let recorder = try StepRecorder(folder: folder, metricNames: experiment.metricNames, after: first, events: events)
    let gradientNorm = experiment.metricNames.firstIndex(of: "gradient_norm")
    let writer = CheckpointWriter()
    var saved = first
    var recentLoss = MeanLoss()
    if first == 0 { try save(recorder, writer, recentLoss) }
    while experiment.completedSteps < settings.steps {
      let values = try experiment.advance()
      let step = experiment.completedSteps
      if !values[0].isFinite {
        try writer.finish()
        throw divergence(what: "the loss became \(values[0].isNaN ? "not a number" : "infinite")", saved: saved)
      }
      recentLoss.add(values[0])
      if settings.isRecorded(step) { try recorder.record(step: step, values: values) }
      display.update(
        step: step, loss: values[0], gradientNorm: gradientNorm.map { values[$0] }, dataSeconds: experiment.dataSeconds)
      let signal = stopSignal()
      if signal != nil || step % settings.checkpointEvery == 0 || step == settings.steps {
        if let path = experiment.firstNonFiniteParameter() {
          try writer.finish()
          throw divergence(what: "the parameter '\(path)' stopped being finite", saved: saved)
        }
        try save(recorder, writer, recentLoss)
        recentLoss = MeanLoss()
        saved = step
      }
      if let signal, step < settings.steps {
        try writer.finish()
        return .interrupted(signal)
      }
    }
    try writer.finish()
    return .completed
  }

  /// The rows first, then the checkpoint, so that a checkpoint never claims steps whose metrics are lost.
  private func save(_ recorder: StepRecorder, _ writer: CheckpointWriter, _ recentLoss: MeanLoss) throws {
    try recorder.synchronise()
    let tell: @Sendable () -> Void = { [events, folder, step = experiment.completedSteps] in
      events.send("checkpoint", ["step": .integer(step), "file": .text(folder.latestCheckpoint)])
    }
    guard let checkpoint = try experiment.capturedCheckpoint() else {
      try experiment.saveCheckpoint(to: folder.latestCheckpoint)
      return tell()
    }
    let kept = CheckpointFolder(path: folder.checkpoints, last: settings.keepLast, best: settings.keepBest ? .lowest : nil)
    let score = settings.keepBest ? recentLoss.mean : nil
    try writer.submit {
      try kept.save(checkpoint(), score: score)
      tell()
    }
  }

  private func divergence(what: String, saved: Int) -> UserError {
    let culprit = experiment.firstNonFiniteParameter().map { "; the first parameter that is not finite is '\($0)'" } ?? ""
    let blame = what.hasPrefix("the loss") ? culprit : ""
    return .failure(
      "training stopped at step \(experiment.completedSteps): \(what)\(blame); the last good checkpoint, of step \(saved), is kept in "
        + "\(FileAccess.display(folder.latestCheckpoint)); try a smaller optimizer.learningRate or set optimizer.clipNorm")
  }
}

/// The mean loss since the last checkpoint: what tells good checkpoints from bad ones, since the loss of one step is noise.
private struct MeanLoss {
  private var sum = 0.0
  private var count = 0.0

  mutating func add(_ loss: Double) {
    sum += loss
    count += 1
  }

  /// Nil before the first step.
  var mean: Double? { count == 0 ? nil : sum / count }
}
