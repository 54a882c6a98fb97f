import ArgumentParser

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List runs: how far they are and how good.",
    discussion: """
      flowctl runs                            those in ./runs
      flowctl runs experiments --json
      """)

  @Argument(help: "Folder that holds run folders.", completion: .directory) var folder = "runs"
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    guard FileAccess.isFolder(folder) else {
      throw UserError.failure("\(FileAccess.display(folder)): no such folder; 'flowctl train RECIPE' makes runs")
    }
    let runs = RunSummary.all(below: folder)
    if json {
      let rows = runs.map { run -> JSONValue in
        .record([
          "folder": .text(run.folder.display), "recipe": .text(run.recipe), "seed": .integer(run.seed), "steps": .integer(run.steps),
          "recordedSteps": .integer(run.recordedSteps), "loss": .finite(run.loss), "seconds": .finite(run.seconds),
          "verdict": run.verdict.map { .text($0) } ?? .null,
        ])
      }
      Terminal.print(String(JSONValue.list(rows).pretty.dropLast()))
      return
    }
    var table = TextTable(["run", "recipe", "seed", "state", "loss", "time", "targets met"], rightAligned: [2, 4, 5])
    for run in runs {
      table.append([
        run.folder.display, run.recipe, "\(run.seed)", run.state, run.loss.map { Formatting.number($0, digits: 5) } ?? "",
        run.seconds.map(Formatting.duration) ?? "", run.verdict == nil ? "no report" : run.targets,
      ])
    }
    Terminal.print(runs.isEmpty ? "no runs in \(FileAccess.display(folder))" : table.text)
  }
}

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Put runs side by side: settings that differ, figures, curves.",
    discussion: """
      flowctl compare runs/supernova-1 runs/supernova-2
      flowctl compare runs/* --out compare.html       with the losses in one plot
      """)

  @Argument(help: "Run folders.", completion: Completions.runs) var folders: [String]
  @Option(help: ArgumentHelp("HTML file to write.", valueName: "file")) var out: String?

  func run() throws {
    if folders.count < 2 { throw UserError.usage("compare: expected two run folders or more") }
    let comparison = RunComparison(try folders.map { folder throws(UserError) in try RunSummary(folder) })
    Terminal.print(comparison.text)
    guard let out else { return }
    try FileAccess.write(comparison.page, to: out)
    Terminal.note("wrote \(FileAccess.display(out))")
  }
}
