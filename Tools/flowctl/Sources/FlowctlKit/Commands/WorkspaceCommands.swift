import ArgumentParser

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests of the workspace, or of one package alone.",
    discussion: """
      Runs the tests of all libraries, of this tool, and, where python3 has numpy
      and h5py, those of interoperability and of whole runs; without them the
      table says what was not run. A group in which no test ran counts as failed.
      The last line is `N passed, M failed`.
        flowctl test
        flowctl test --package Integrators
        flowctl test --affected main            what differs from main, and what
                                                uses that
        flowctl test --verbose                  all output of the test runners
      """)

  @Option(help: ArgumentHelp("Test one package alone.", valueName: "P")) var package: String?
  @Option(help: ArgumentHelp("Test the packages that changed since a commit, and all that use them.", valueName: "REF")) var affected:
    String?
  @Flag(help: "Show every line of the test runners.") var verbose = false

  func run() throws {
    let workspace = try Workspace.current()
    if package != nil && affected != nil { throw UserError.usage("--package and --affected: give one of them") }
    let plan =
      try affected.map { reference throws(UserError) in
        try TestPlan.groups(for: workspace, changed: ChangedFiles(since: reference, in: workspace))
      } ?? TestPlan.groups(for: workspace, package: package)
    if plan.groups.isEmpty, let affected {
      Terminal.print("nothing that differs from \(affected) is tested: no package, recipe, data, or cross-package test changed")
      return
    }
    let outcomes = try TestRun(isVerbose: verbose).run(plan.groups)
    Terminal.print(TestRun.table(outcomes, notRun: plan.notRun))
    if outcomes.contains(where: { $0.summary.failed > 0 }) { throw EarlyExit(code: 1) }
  }
}

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build all libraries, or one package alone.",
    discussion: """
      flowctl build
      flowctl build --package Autodiff
      flowctl build --affected main           what differs from main, each alone
      """)

  @Option(help: ArgumentHelp("Build one package alone.", valueName: "P")) var package: String?
  @Option(help: ArgumentHelp("Build the packages that changed since a commit, and all that use them.", valueName: "REF"))
  var affected: String?

  func run() throws {
    let workspace = try Workspace.current()
    if package != nil && affected != nil { throw UserError.usage("--package and --affected: give one of them") }
    guard let affected else { return try build(package, in: workspace) }
    let changed = try ChangedFiles(since: affected, in: workspace)
    if changed.touchesEverything { return try build(nil, in: workspace) }
    let members = PackageGraph(workspace).dependants(of: changed.touched(in: workspace))
    if members.isEmpty { Terminal.print("no package differs from \(affected)") }
    for member in members { try build(member.name, in: workspace) }
  }

  private func build(_ package: String?, in workspace: Workspace) throws {
    // Tests are compiled with other flags; a folder of their own keeps each from undoing the other's work.
    var command = ["swift", "build", "-c", "release"]
    if let package {
      command += ["--package-path", try workspace.member(package).path]
    } else {
      command += ["--scratch-path", ".build/libraries"]
    }
    let process = Subprocess(command, folder: workspace.folder)
    Terminal.note("$ \(process.typed)")
    let result = try process.run(merged: true) { Terminal.note(String($0)) }
    if !result.succeeded { throw EarlyExit(code: 1) }
    Terminal.note("built in \(Formatting.duration(result.seconds))")
  }
}

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Show which package uses which.",
    discussion: """
      flowctl graph
      flowctl graph --format dot | dot -Tpdf > packages.pdf
      flowctl graph --format svg --out packages.svg
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, dot, svg }

  @Option(help: "text, dot, or svg.") var format = Format.text
  @Option(help: ArgumentHelp("File to write; default: standard output.", valueName: "file")) var out: String?

  func run() throws {
    let graph = PackageGraph(try Workspace.current())
    let text =
      switch format {
      case .text: graph.text + "\n"
      case .dot: graph.dot + "\n"
      case .svg: GraphPicture.svg(graph)
      }
    guard let out else { return Terminal.print(String(text.dropLast())) }
    try FileAccess.write(text, to: out)
    Terminal.note("wrote \(FileAccess.display(out))")
  }
}

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show the packages and the recipes.",
    discussion: """
      flowctl list
      flowctl list --json                             for programs
      flowctl list --schema                           the JSON Schema of recipes
      """)

  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print the JSON Schema of recipes, for editors.") var schema = false

  func run() throws {
    if schema { return Terminal.print(String(try RecipeSchema.document().pretty.dropLast())) }
    let workspace = try Workspace.current()
    let recipes = workspace.recipeFiles.map { path in (name: FileAccess.stem(path), path: path, title: title(of: path)) }
    if json {
      let packages = workspace.members.map { member -> JSONValue in
        .record([
          "name": .text(member.name), "path": .text(member.path), "layer": .integer(member.layer), "version": .text(member.version),
        ])
      }
      let listed = recipes.map { recipe -> JSONValue in
        let path = String(recipe.path.dropFirst(workspace.folder.count + 1))
        return .record(["name": .text(recipe.name), "path": .text(path), "title": .text(recipe.title)])
      }
      let document = JSONValue.record(["packages": .list(packages), "recipes": .list(listed)])
      Terminal.print(String(document.pretty.dropLast()))
      return
    }
    var packages = TextTable(["package", "version", "layer", "path"], rightAligned: [2])
    for member in workspace.members { packages.append([member.name, member.version, "\(member.layer)", member.path]) }
    var table = TextTable(["recipe", "what it shows"])
    for recipe in recipes { table.append([recipe.name, recipe.title]) }
    Terminal.print(packages.text + "\n\n" + table.text + "\n\nTrain one with: flowctl train \(recipes.first?.name ?? "RECIPE")")
  }

  /// A recipe that is wrong is still listed, with what is wrong with it.
  private func title(of path: String) -> String {
    do { return try RecipeFile.read(path).recipe.title } catch { return "\(error)" }
  }
}

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the toolchain, the libraries, and the order of the workspace.",
    discussion: """
      Checks the Swift version, HDF5 and zlib, Python for the interoperability
      tests, that imports point only downwards, that each package's change log
      begins with its version, and that the root manifest declares every target
      of every package.
        flowctl doctor
      """)

  func run() throws {
    let findings = try Doctor(Workspace.current()).findings()
    var table = TextTable(["", "check", "finding"])
    for finding in findings { table.append([finding.state.rawValue, finding.topic, finding.detail]) }
    Terminal.print(table.text)
    let bad = findings.count { $0.state == .bad }
    Terminal.print(bad == 0 ? "all is well" : "\(bad) to mend")
    if bad > 0 { throw EarlyExit(code: 1) }
  }
}
