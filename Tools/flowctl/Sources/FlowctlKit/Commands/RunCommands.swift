import ArgumentParser

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw from a trained model into an HDF5 file.",
    discussion: """
      The file holds /samples/x of shape [N, features], whose attribute `names`
      names the columns, and where the target density is known
      /samples/log_weight of shape [N], the logarithm of each draw's importance
      weight.
        flowctl sample runs/supernova-1 -n 10000 --out posterior.h5
        python3 -c "import h5py; print(h5py.File('posterior.h5')['samples/x'])"

      With --points the file holds points before and after the flow instead, for
      a program that rebuilds the flow from the checkpoint:
        flowctl sample runs/mine -n 256 --points --out points.h5
        python3 Tests/Interop/reference_flow.py \\
          runs/mine/checkpoints/latest.h5 points.h5
      """)

  @Argument(help: "Run folder, or a checkpoint inside one.", completion: Completions.runs) var folder: String
  @Option(name: .customShort("n"), parsing: .unconditional, help: ArgumentHelp("Number of draws.", valueName: "N"))
  var count: Int = 10_000
  @Option(help: ArgumentHelp("File to write; default: samples.h5 or points.h5 in the run folder.", valueName: "file")) var out: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of the draws.", valueName: "N")) var seed: Int = 0
  @Flag(help: "Write points before and after the flow instead of draws.") var points = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    if count < 1 || count > 10_000_000 { throw UserError.usage("-n \(count): expected an integer from 1 to 10000000") }
    if seed < 0 { throw UserError.usage("--seed \(seed): expected an integer of at least 0") }
    let session = try RunSession.open(folder, context: machine.context(Workspace.current()))
    if points {
      let path = out ?? "\(session.folder.path)/points.h5"
      let arrays = try session.experiment.referencePoints(count: count, seed: seed)
      try SampleFile.write(arrays, to: path)
      Terminal.note("wrote \(arrays.map(\.path).joined(separator: ", ")) to \(FileAccess.display(path))")
      return
    }
    let samples = try session.experiment.sample(count: count, seed: seed)
    let path = out ?? session.folder.samples
    try SampleFile.write(samples, to: path, recipe: session.resolved)
    Terminal.note("wrote \(samples.count) draws of \(samples.names.joined(separator: ", ")) to \(FileAccess.display(path))")
  }
}

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Print how good a run is, beside exact and published values.",
    discussion: """
      flowctl evaluate runs/supernova-1
      flowctl evaluate runs/supernova-1 --strict    fails when a target is missed
      flowctl evaluate runs/supernova-1 --json
      """)

  @Argument(help: "Run folder, or a checkpoint inside one.", completion: Completions.runs) var folder: String
  @Flag(help: "Fail when a target is missed.") var strict = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let session = try RunSession.open(folder, context: machine.context(Workspace.current()))
    let evaluation = try session.experiment.evaluate()
    Terminal.print(json ? String(evaluation.document.pretty.dropLast()) : evaluation.text)
    if strict && !evaluation.meetsTargets { throw EarlyExit(code: 1) }
  }
}

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write report.html, report.json, and plots of a run.",
    discussion: """
      report.html needs nothing beside it: open it, send it, print it. Every
      plot is also an SVG file in plots/.
        flowctl report runs/supernova-1

      With --results the sections of these runs in Documentation/RESULTS.md are
      written anew from their report.json; runs that differ in their seeds alone
      share a section.
        flowctl report --results runs/supernova-1 runs/supernova-2

      With --gallery their pictures are copied to Documentation/gallery, and
      Documentation/GALLERY.md shows them.
        flowctl report --gallery runs/supernova-1
      """)

  @Argument(help: "Run folders, or checkpoints inside them.", completion: Completions.runs) var folders: [String]
  @Flag(help: "Update Documentation/RESULTS.md from the reports there are.") var results = false
  @Flag(help: "Update Documentation/GALLERY.md and its pictures from the plots there are.") var gallery = false
  @OptionGroup var machine: MachineOptions

  func run() throws {
    guard results || gallery else { return try folders.forEach(report) }
    let runs = try folders.map { folder throws(UserError) in try RunFolder.existing(folder) }
    let workspace = try Workspace.current().folder
    var written: [String] = []
    if results { written.append(try ResultsDocument.update(workspaceFolder: workspace, runs: runs)) }
    if gallery { written.append(try GalleryDocument.update(workspaceFolder: workspace, runs: runs)) }
    let sections = runs.count == 1 ? "one run" : "\(runs.count) runs"
    Terminal.note("wrote the sections of \(sections) to \(written.map { FileAccess.display($0) }.joined(separator: " and "))")
  }

  private func report(_ folder: String) throws {
    let session = try RunSession.open(folder, context: machine.context(Workspace.current()))
    Terminal.print(try session.report().verdict)
    Terminal.note("report: \(FileAccess.display(session.folder.report))")
  }
}
