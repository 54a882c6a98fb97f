import ArgumentParser
import Foundation

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a recipe into a new run folder.",
    discussion: """
      The recipe is a name that `flowctl list` shows, or the path of a JSON file
      of yours. Any of its keys can be set:
        flowctl train supernova --set training.steps=200
        flowctl train nhf-gmm2d --set model.hidden=64,64 --seed 7
        flowctl train ./mine.json --out runs/mine
        flowctl train supernova --dry-run       all keys, and what it will cost
        flowctl train supernova --json          one JSON object a line, for programs

      The run folder holds recipe.json (every key), overrides.json,
      environment.json, metrics.csv, metrics.tfevents (for TensorBoard),
      checkpoints/latest.h5, samples.h5, report.html, report.json, and plots/.
      Ctrl-C finishes the step and saves a checkpoint; `flowctl resume` then goes
      on to the same final bits.
      """)

  @Argument(help: "Name or path of a recipe.", completion: Completions.recipes) var recipe: String
  @Option(name: .customLong("set"), help: ArgumentHelp("Set a key of the recipe; may be repeated.", valueName: "key.path=value"))
  var assignments: [String] = []
  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of every random number; the same as --set seed=N.", valueName: "N"))
  var seed: String?
  @Option(help: ArgumentHelp("Run folder to make; default: the first free runs/RECIPE-<counter>.", valueName: "folder")) var out: String?
  @Flag(help: "Print the resolved recipe and what it costs, measured on its first steps; keep nothing.") var dryRun = false
  @Flag(help: "Tell what happens on standard output, one JSON object a line.") var json = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let events = json ? RunEvents.standardOutput : .silent
    try events.reporting { try train(events) }
  }

  private func train(_ events: RunEvents) throws {
    let workspace = try Workspace.current()
    var overrides = try assignments.map { argument throws(UserError) in try Override(argument: argument) }
    if let seed { overrides.append(Override(key: "seed", text: seed)) }
    let resolved = try RecipeFile.read(workspace.recipeFile(recipe), overrides: overrides)
    if dryRun {
      Terminal.print(String(resolved.document.pretty.dropLast()))
      Terminal.note(cost(of: resolved, try machine.context(workspace)))
      return Terminal.note("dry run: \(resolved.fields.count) keys resolved, nothing written")
    }
    let session = try RunSession.start(
      resolved, out: out, context: machine.context(workspace), arguments: Array(CommandLine.arguments.dropFirst()))
    Terminal.note("training \(resolved.name) for \(resolved.recipe.training.steps) steps into \(session.folder.display)")
    try RunVerbs.trainAndFinish(session, events: events)
  }

  /// Where the first steps cannot be taken, for want of data for instance, the recipe is still worth printing.
  private func cost(of resolved: ResolvedRecipe, _ context: ExperimentContext) -> String {
    do { return try CostEstimate.measure(resolved, context).text } catch { return "the cost cannot be measured: \(error)" }
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Continue a run from its newest checkpoint.",
    discussion: """
      The run ends with the same bits as if it had never stopped. Metrics of
      steps after the checkpoint are written again. A run that is complete gets
      its samples and its report anew.
        flowctl resume runs/supernova-1
      """)

  @Argument(help: "Run folder.", completion: Completions.runs) var folder: String
  @Flag(help: "Tell what happens on standard output, one JSON object a line.") var json = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let events = json ? RunEvents.standardOutput : .silent
    try events.reporting { try resume(events) }
  }

  private func resume(_ events: RunEvents) throws {
    let session = try RunSession.open(folder, toTrain: true, context: machine.context(Workspace.current()))
    let steps = session.resolved.recipe.training.steps
    if session.experiment.completedSteps >= steps {
      Terminal.note("\(session.folder.display) is complete: \(steps) of \(steps) steps")
    } else {
      Terminal.note(
        "resuming \(session.resolved.name) in \(session.folder.display) after step \(session.experiment.completedSteps) of \(steps)")
    }
    try RunVerbs.trainAndFinish(session, events: events)
  }
}

/// Options about the machine, which never change a result.
struct MachineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Worker threads; results do not depend on it. Default: all cores.", valueName: "N"))
  var threads: Int?

  func context(_ workspace: Workspace) throws(UserError) -> ExperimentContext {
    if let threads, threads < 1 || threads > 1024 { throw .usage("--threads \(threads): expected an integer from 1 to 1024") }
    return ExperimentContext(workspaceFolder: workspace.folder, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}
