import ArgumentParser
import Foundation

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train a recipe once for every combination of settings.",
    discussion: """
      flowctl sweep nhf-gmm2d --over model.leapfrogSteps=2,5,10 --over seed=1,2,3
      flowctl sweep nhf-gmm2d --over model.hidden=[64,64],[128,128]
      flowctl sweep nhf-gmm2d --random 20 --between optimizer.learningRate=1e-4..1e-2
      flowctl sweep --resume runs/nhf-gmm2d-sweep-1     goes on where it stopped

      Numbers of --between are drawn uniformly, or uniformly in the logarithm when
      both ends are above 0 and a factor of 10 or more apart; --sweep-seed decides
      which. The folder holds sweep.json, one run folder per point, sweep.csv, and
      compare.html. Every point is checked before the first one is trained.
      """)

  @Argument(help: "Name or path of a recipe.", completion: Completions.recipes) var recipe: String?
  @Option(help: ArgumentHelp("Values of a key, each in turn; may be repeated.", valueName: "key.path=a,b,c")) var over: [String] = []
  @Option(help: ArgumentHelp("Interval that a key is drawn from; may be repeated.", valueName: "key.path=low..high")) var between:
    [String] = []
  @Option(help: ArgumentHelp("Number of random draws from the intervals.", valueName: "N")) var random: Int?
  @Option(help: ArgumentHelp("Seed of the random draws.", valueName: "N")) var sweepSeed: UInt64 = 0
  @Option(name: .customLong("set"), help: ArgumentHelp("Set a key for every point; may be repeated.", valueName: "key.path=value"))
  var assignments: [String] = []
  @Option(help: ArgumentHelp("Folder to make; default: the first free runs/RECIPE-sweep-<counter>.", valueName: "folder")) var out: String?
  @Option(help: ArgumentHelp("Folder of a sweep to go on with.", valueName: "folder")) var resume: String?
  @Flag(help: "Print the points and stop.") var dryRun = false
  @Flag(help: "Tell what happens on standard output, one JSON object a line.") var json = false
  @OptionGroup var machine: MachineOptions

  private var events: RunEvents { json ? .standardOutput : .silent }

  func run() throws { try events.reporting { try sweep() } }

  private func sweep() throws {
    let workspace = try Workspace.current()
    let folder = try resume.map { path throws(UserError) in try continued(path) } ?? planned(workspace)
    guard let folder else { return }
    let failed = try folder.plan.points.indices.filter { index in try !train(index, of: folder, workspace) }
    let finished = folder.plan.points.indices.filter { !failed.contains($0) }
    if !finished.isEmpty { try summarise(finished, of: folder) }
    guard failed.isEmpty else {
      let names = failed.map { FileAccess.stem(folder.run($0).path) }.joined(separator: ", ")
      throw UserError.failure(
        "\(failed.count) of \(folder.plan.points.count) runs failed (\(names)), for the reasons above; 'flowctl sweep --resume "
          + "\(FileAccess.display(folder.path))' tries them again")
    }
  }

  private func summarise(_ points: [Int], of folder: SweepFolder) throws {
    try folder.writeTable()
    let comparison = RunComparison(try points.map { index throws(UserError) in try RunSummary(folder.run(index).path) })
    try FileAccess.write(comparison.page, to: "\(folder.path)/compare.html")
    if !json { Terminal.print(comparison.text) }
    Terminal.note("table: \(FileAccess.display(folder.path))/sweep.csv, page: \(FileAccess.display(folder.path))/compare.html")
  }

  private func continued(_ path: String) throws(UserError) -> SweepFolder {
    if recipe != nil || !over.isEmpty || !between.isEmpty || random != nil || out != nil || !assignments.isEmpty {
      throw .usage("--resume \(path): goes on with the points in its sweep.json; leave out the recipe and every option that makes points")
    }
    return try SweepFolder.existing(path)
  }

  /// Nil after a dry run.
  private func planned(_ workspace: Workspace) throws(UserError) -> SweepFolder? {
    guard let recipe else { throw .usage("sweep: expected a recipe, or --resume with the folder of a sweep") }
    let file = try workspace.recipeFile(recipe)
    let plan = try points(of: RecipeFile.read(file))
    for point in plan.points { _ = try RecipeFile.read(file, overrides: point) }
    if dryRun {
      for (index, point) in plan.points.enumerated() {
        Terminal.print("\(index + 1): " + point.map { "\($0.key)=\($0.text)" }.joined(separator: " "))
      }
      Terminal.note("dry run: \(plan.points.count) points, nothing written")
      return nil
    }
    var path = out ?? ""
    var counter = 1
    while path.isEmpty {
      let candidate = "runs/\(FileAccess.stem(file))-sweep-\(counter)"
      if !FileAccess.exists(candidate) { path = candidate }
      counter += 1
    }
    let folder = try SweepFolder.create(path, recipeFile: file, plan: plan)
    Terminal.note(
      "\(plan.points.count) runs into \(FileAccess.display(folder.path)); go on after a stop with: flowctl sweep --resume \(FileAccess.display(folder.path))"
    )
    return folder
  }

  private func points(of recipe: ResolvedRecipe) throws(UserError) -> SweepPlan {
    let axes = try over.map { argument throws(UserError) in try SweepPlan.Axis(argument: argument) }
    let intervals = try between.map { argument throws(UserError) -> SweepPlan.Interval in
      var interval = try SweepPlan.Interval(argument: argument)
      interval.isWhole = recipe.fields.first { $0.key == interval.key }?.value.integer != nil
      return interval
    }
    let fixed = try assignments.map { argument throws(UserError) in try Override(argument: argument) }
    if axes.isEmpty && intervals.isEmpty {
      throw .usage("sweep: nothing varies; give --over key=a,b,c, or --random N with --between key=low..high")
    }
    if intervals.isEmpty != (random == nil) { throw .usage("sweep: --random N and --between key=low..high belong together") }
    if let random, !(1...10_000).contains(random) { throw .usage("--random \(random): expected an integer from 1 to 10000") }
    let plan = random.map { SweepPlan.random(intervals, count: $0, seed: sweepSeed, axes: axes) } ?? SweepPlan.grid(axes)
    return SweepPlan(points: plan.points.map { fixed + $0 })
  }

  /// Trains a point, goes on with one that was interrupted, and leaves a finished one alone. False when it failed, which is told but
  /// does not keep the other points waiting.
  private func train(_ index: Int, of folder: SweepFolder, _ workspace: Workspace) throws -> Bool {
    let run = folder.run(index)
    if FileAccess.exists(run.reportData) { return true }
    let point = folder.plan.points[index]
    Terminal.note("[\(index + 1)/\(folder.plan.points.count)] " + point.map { "\($0.key)=\($0.text)" }.joined(separator: " "))
    let context = try machine.context(workspace)
    do {
      let session =
        FileAccess.exists(run.latestCheckpoint)
        ? try RunSession.open(run.path, toTrain: true, context: context)
        : try fresh(run, folder, point, context)
      try RunVerbs.trainAndFinish(session, events: events, continuation: "flowctl sweep --resume \(FileAccess.display(folder.path))")
      return true
    } catch let interruption as EarlyExit {
      throw interruption
    } catch {
      Terminal.note("run \(FileAccess.stem(run.path)) failed: \(error)")
      return false
    }
  }

  private func fresh(_ run: RunFolder, _ folder: SweepFolder, _ point: [Override], _ context: ExperimentContext) throws -> RunSession {
    // What a start that was killed left; it holds no step.
    if FileAccess.exists(run.path) { run.discard() }
    return try RunSession.start(
      RecipeFile.read(folder.recipeFile, overrides: point), out: run.path, context: context,
      arguments: Array(CommandLine.arguments.dropFirst()))
  }
}
