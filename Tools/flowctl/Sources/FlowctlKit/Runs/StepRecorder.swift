/// Where the metrics of recorded steps go: `metrics.csv`, `metrics.tfevents`, and whoever listens to `--json`.
struct StepRecorder {
  private let names: [String]
  private let log: MetricsLog
  private let eventFile: EventFile
  private let events: RunEvents
  private let start: Double

  /// For steps after `step`; the clock goes on from the last row kept.
  init(folder: RunFolder, metricNames: [String], after step: Int, events: RunEvents) throws(UserError) {
    names = metricNames
    self.events = events
    log = try MetricsLog(path: folder.metrics, metricNames: metricNames, after: step)
    eventFile = try EventFile(path: folder.eventFile, metricNames: metricNames, after: step)
    start = ProgressDisplay.wallSeconds() - log.secondsBefore
  }

  /// Training time of all sittings.
  var seconds: Double { ProgressDisplay.wallSeconds() - start }

  func record(step: Int, values: [Double]) throws(UserError) {
    let seconds = seconds
    try log.append(step: step, values: values, seconds: seconds)
    try eventFile.append(step: step, values: values)
    events.step(step, names: names, values: values, seconds: seconds)
  }

  /// Waits until the rows are on the disk; called before a checkpoint that they belong to.
  func synchronise() throws(UserError) { try log.synchronise() }
}
