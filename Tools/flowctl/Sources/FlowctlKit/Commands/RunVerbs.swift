/// What `train`, `resume` and `sweep` have in common.
enum RunVerbs {
  /// Trains to the end, then writes samples and report. `continuation`: the command that goes on after an interruption.
  static func trainAndFinish(_ session: RunSession, events: RunEvents, continuation: String? = nil) throws {
    let heard = events.of(session.folder)
    let recipe = session.resolved.recipe
    heard.send(
      "started",
      [
        "recipe": .text(session.resolved.name), "seed": .integer(recipe.seed), "step": .integer(session.experiment.completedSteps),
        "steps": .integer(recipe.training.steps), "flowctl": .text(flowctlVersion),
      ])
    Interruption.install()
    let display = ProgressDisplay(style: ProgressDisplay.automaticStyle, total: recipe.training.steps)
    let start = ProgressDisplay.wallSeconds()
    let isComplete = session.experiment.completedSteps >= recipe.training.steps
    if case .interrupted(let signal) = try session.train(display: display, events: events) {
      let step = session.experiment.completedSteps
      heard.send("interrupted", ["step": .integer(step), "signal": .text(signal.name), "exitCode": .integer(Int(signal.exitCode))])
      Terminal.note("\(signal.name): saved step \(step); continue with: \(continuation ?? "flowctl resume \(session.folder.display)")")
      throw EarlyExit(code: signal.exitCode)
    }
    Interruption.endAtOnce()
    defer { Interruption.uninstall() }
    let seconds = ProgressDisplay.wallSeconds() - start
    Terminal.note(isComplete ? "writing samples and report anew" : "trained in \(Formatting.duration(seconds)); writing samples and report")
    let count = recipe.settings.sampleCount
    if count > 0 {
      let samples = try session.experiment.sample(count: count, seed: recipe.seed)
      try SampleFile.write(samples, to: session.folder.samples, recipe: session.resolved)
    }
    let evaluation = try session.report()
    heard.send("evaluation", evaluation.document.members ?? [])
    if !events.isHeard { Terminal.print(evaluation.text) }
    heard.send(
      "finished",
      [
        "step": .integer(session.experiment.completedSteps), "seconds": .finite(seconds), "report": .text(session.folder.report),
        "samples": count > 0 ? .text(session.folder.samples) : .null,
      ])
    Terminal.note("report: \(FileAccess.display(session.folder.report))")
  }
}
