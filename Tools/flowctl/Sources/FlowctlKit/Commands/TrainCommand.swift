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
        flowctl train supernova --dry-run       all keys; nothing is written

      The run folder holds recipe.json (every key), overrides.json,
      environment.json, metrics.csv, checkpoints/latest.h5, samples.h5,
      report.html, report.json, and plots/. Ctrl-C finishes the step and saves a
      checkpoint; `flowctl resume` then goes on to the same final bits.
      """)

  @Argument(help: "Name or path of a recipe.") var recipe: String
  @Option(name: .customLong("set"), help: ArgumentHelp("Set a key of the recipe; may be repeated.", valueName: "key.path=value"))
  var assignments: [String] = []
  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of every random number; the same as --set seed=N.", valueName: "N"))
  var seed: String?
  @Option(help: ArgumentHelp("Run folder to make; default: the first free runs/RECIPE-<counter>.", valueName: "folder")) var out: String?
  @Flag(help: "Print the resolved recipe and stop.") var dryRun = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let workspace = try Workspace.current()
    var overrides = try assignments.map { argument throws(UserError) in try Override(argument: argument) }
    if let seed { overrides.append(Override(key: "seed", text: seed)) }
    let resolved = try RecipeFile.read(workspace.recipeFile(recipe), overrides: overrides)
    if dryRun {
      Terminal.print(String(resolved.document.pretty.dropLast()))
      Terminal.note("dry run: \(resolved.fields.count) keys resolved, nothing written")
      return
    }
    let session = try RunSession.start(
      resolved, out: out, context: machine.context(workspace), arguments: Array(CommandLine.arguments.dropFirst()))
    Terminal.note("training \(resolved.name) for \(resolved.recipe.training.steps) steps into \(session.folder.display)")
    try RunVerbs.trainAndFinish(session)
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

  @Argument(help: "Run folder.") var folder: String
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let session = try RunSession.open(folder, toTrain: true, context: machine.context(Workspace.current()))
    let steps = session.resolved.recipe.training.steps
    if session.experiment.completedSteps >= steps {
      Terminal.note("\(session.folder.display) is complete: \(steps) of \(steps) steps")
    } else {
      Terminal.note(
        "resuming \(session.resolved.name) in \(session.folder.display) after step \(session.experiment.completedSteps) of \(steps)")
    }
    try RunVerbs.trainAndFinish(session)
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

/// What `train` and `resume` have in common.
enum RunVerbs {
  static func trainAndFinish(_ session: RunSession) throws {
    Interruption.install()
    let display = ProgressDisplay(style: ProgressDisplay.automaticStyle, total: session.resolved.recipe.training.steps)
    let start = ProgressDisplay.wallSeconds()
    if case .interrupted(let signal) = try session.train(display: display) {
      Terminal.note(
        "\(signal.name): saved step \(session.experiment.completedSteps); continue with: flowctl resume \(session.folder.display)")
      throw EarlyExit(code: signal.exitCode)
    }
    Terminal.note("trained in \(Formatting.duration(ProgressDisplay.wallSeconds() - start)); writing samples and report")
    let count = session.resolved.recipe.settings.sampleCount
    if count > 0 {
      let samples = try session.experiment.sample(count: count, seed: session.resolved.recipe.seed)
      try SampleFile.write(samples, to: session.folder.samples, recipe: session.resolved)
    }
    Terminal.print(try session.report().text)
    Terminal.note("report: \(FileAccess.display(session.folder.report))")
  }
}
