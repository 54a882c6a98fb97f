import ArgumentParser

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests of the workspace, or of some packages.",
    discussion: """
      Runs the tests of all libraries, of this tool, and, where python3 has numpy
      and h5py, those of interoperability and of whole runs; without them the
      table says what was not run. A group in which no test ran counts as failed.
      The last line is `N passed, M failed`. All share one build at the root.
        flowctl test
        flowctl test --package Integrators
        flowctl test --package Integrators --isolated
                                                in a build of its own: a
                                                dependency not declared fails
        flowctl test --affected main            what differs from main, and what
                                                uses that
        flowctl test --verbose                  all output of the test runners
      """)

  @OptionGroup var choice: PackageChoice
  @Flag(help: "Show every line of the test runners.") var verbose = false

  func run() throws {
    let workspace = try Workspace.current()
    let selection = try choice.selection(in: workspace)
    if choice.isolated { try DeclaredImports.check(selection.members(in: workspace), in: workspace) }
    let plan =
      switch selection {
      case .all: try TestPlan.groups(for: workspace, package: nil, isolated: choice.isolated)
      case .package(let member): try TestPlan.groups(for: workspace, package: member.name, isolated: choice.isolated)
      case .changed(let changed): try TestPlan.groups(for: workspace, changed: changed, isolated: choice.isolated)
      }
    if plan.groups.isEmpty, let affected = choice.affected {
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
    abstract: "Build all libraries, or some packages.",
    discussion: """
      flowctl build
      flowctl build --package Autodiff
      flowctl build --package NHF --isolated  in a build of its own: a dependency
                                              not declared fails
      flowctl build --affected main           what differs from main, and what
                                              uses that
      """)

  @OptionGroup var choice: PackageChoice

  func run() throws {
    let workspace = try Workspace.current()
    let selection = try choice.selection(in: workspace)
    if choice.isolated { try DeclaredImports.check(selection.members(in: workspace), in: workspace) }
    var steps: [WorkSteps.Step]
    switch selection {
    case .all:
      steps =
        choice.isolated ? BuildPlan.steps(for: workspace.members, isolated: true, in: workspace) : BuildPlan.all(workspace)
    case .package(let member): steps = BuildPlan.steps(for: [member], isolated: choice.isolated, in: workspace)
    case .changed(let changed):
      steps = BuildPlan.steps(for: selection.members(in: workspace), isolated: choice.isolated, in: workspace)
      if changed.touchesEverything, !choice.isolated { steps = BuildPlan.all(workspace) }
      if steps.isEmpty { return Terminal.print("no package differs from \(choice.affected ?? "")") }
    }
    try WorkSteps(folder: workspace.folder).run(steps, doing: "build")
  }
}

/// Which packages a verb works on.
struct PackageChoice: ParsableArguments {
  @Option(help: ArgumentHelp("One package.", valueName: "P"), completion: Completions.packages) var package: String?
  @Option(help: ArgumentHelp("The packages that changed since a commit, and all that use them.", valueName: "REF"))
  var affected: String?
  @Flag(help: "Each package alone, with nothing but what it declares; an import that is not declared fails.") var isolated = false

  enum Selection {
    case all
    case package(Workspace.Member)
    case changed(ChangedFiles)

    func members(in workspace: Workspace) -> [Workspace.Member] {
      switch self {
      case .all: workspace.members
      case .package(let member): [member]
      case .changed(let changed): PackageGraph(workspace).dependants(of: changed.touched(in: workspace))
      }
    }
  }

  func selection(in workspace: Workspace) throws(UserError) -> Selection {
    if package != nil && affected != nil { throw .usage("--package and --affected: give one of them") }
    if let package { return .package(try workspace.member(package)) }
    if let affected { return .changed(try ChangedFiles(since: affected, in: workspace)) }
    return .all
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
    let first = recipes.first { $0.name == "supernova" } ?? recipes.first
    Terminal.print(packages.text + "\n\n" + table.text + "\n\nTrain one with: flowctl train \(first?.name ?? "RECIPE")")
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
      tests, that imports point only downwards and each is declared in its
      package's manifest, that each package's change log begins with its version,
      that the ranges of versions in workspace.json hold the present ones, that
      the root manifest declares every target of every package alike, that public
      types and functions have docstrings, and that ledgers have a row for every
      method.
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
