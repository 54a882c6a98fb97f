import ArgumentParser

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the workloads beside their peers, in one run.",
    discussion: """
      Builds Benchmarks and runs Benchmarks/compare.py, which needs Python with
      the peers of Benchmarks/Peers/requirements.txt. Ratios are taken round by
      round; a quiet machine gives the best figures.
        flowctl bench                                   every workload, every peer
        flowctl bench nhf-gmm2d --peers jax --threads 2
        flowctl bench --package DataIO                  what measures that package
        flowctl bench --affected main                   what measures packages that
                                                        differ, and their users
        flowctl bench --out Benchmarks/RESULTS.md       record the figures
      """)

  @Argument(help: "Workloads (default: all).", completion: .list(BenchPlan.workloads)) var workloads: [String] = []
  @Option(help: ArgumentHelp("The measurements of one package.", valueName: "P"), completion: Completions.packages) var package: String?
  @Option(help: ArgumentHelp("Those of the packages that changed since a commit, and of all that use them.", valueName: "REF"))
  var affected: String?
  @Option(help: "Peers, with commas between them.") var peers: String?
  @Option(help: "Threads of both sides.") var threads: Int?
  @Option(help: "Seconds of each measurement.") var seconds: Double?
  @Option(help: "Rounds in which both sides take turns.") var rounds: Int?
  @Option(help: "Write the table to this file.") var out: String?
  @Flag(help: "Print the commands and stop.") var dryRun = false

  func run() throws {
    if let threads, threads < 1 { throw UserError.usage("--threads \(threads): give at least 1") }
    if let rounds, rounds < 1 { throw UserError.usage("--rounds \(rounds): give at least 1") }
    if let seconds, !(seconds > 0) { throw UserError.usage("--seconds \(seconds): give a positive number") }
    for workload in workloads where !BenchPlan.workloads.contains(workload) {
      let nearest = Suggestion.sentence(Suggestion.nearest(to: workload, among: BenchPlan.workloads))
      throw UserError.usage(
        "unknown workload '\(workload)'\(nearest.isEmpty ? "; known workloads: \(BenchPlan.workloads.joined(separator: ", "))" : nearest)")
    }
    if [!workloads.isEmpty, package != nil, affected != nil].count(where: { $0 }) > 1 {
      throw UserError.usage("workloads, --package and --affected: give one of them")
    }
    let workspace = try Workspace.current()
    let commands = try plan(in: workspace)
    if commands.isEmpty { return Terminal.print("nothing that differs from \(affected ?? "") is measured") }
    if out != nil, commands.count > 1 { throw UserError.usage("--out: one table at a time; name workloads, or leave --package away") }
    for command in commands {
      let comparison = Subprocess(command, folder: workspace.folder)
      Terminal.print("$ " + comparison.typed)
      if dryRun { continue }
      let result = try comparison.run(merged: true) { Terminal.print(String($0)) }
      if !result.succeeded { throw EarlyExit(code: 1) }
    }
  }

  private func plan(in workspace: Workspace) throws(UserError) -> [[String]] {
    if let package { return try BenchPlan.commands(for: [workspace.member(package).name], options: options, isNamed: true) }
    if let affected {
      let changed = try ChangedFiles(since: affected, in: workspace)
      let members = changed.touchesEverything ? workspace.members : PackageGraph(workspace).dependants(of: changed.touched(in: workspace))
      return try BenchPlan.commands(for: members.map(\.name), options: options, isNamed: false)
    }
    return [BenchPlan.steps(workloads, options)]
  }

  private var options: [String] {
    var words: [String] = []
    if let peers { words += ["--peers", peers] }
    if let threads { words += ["--threads", String(threads)] }
    if let seconds { words += ["--seconds", String(seconds)] }
    if let rounds { words += ["--rounds", String(rounds)] }
    if let out { words += ["--out", out] }
    return words
  }
}

/// What measures which package: training steps of its workloads, or a comparison of its own.
enum BenchPlan {
  private static let packages: [(name: String, workloads: [String], others: [[String]])] = [
    ("Autodiff", ["mlp-regression", "mlp-denoiser"], [["python3", "Benchmarks/compare_markov_chains.py"]]),
    ("NHF", ["nhf-gmm2d", "nhf-gmm2d-learned", "nhf-digits"], []),
    ("DataIO", [], [build("data-rates"), ["python3", "Benchmarks/compare_data.py"]]),
    (
      "Integrators", [],
      [
        build("runge-kutta"), build("nbody"),
        ["c++", "-O3", "-std=c++17", "Benchmarks/Peers/odeint.cpp", "-o", "Benchmarks/.build/odeint"],
        ["python3", "Benchmarks/compare_runge_kutta.py", "--odeint", "Benchmarks/.build/odeint"],
      ]
    ),
  ]

  static let workloads = packages.flatMap(\.workloads)

  /// Training steps of these workloads, all where there are none.
  static func steps(_ workloads: [String], _ options: [String]) -> [String] {
    ["python3", "Benchmarks/compare.py"] + (workloads.isEmpty ? [] : ["--workloads", workloads.joined(separator: ",")]) + options
  }

  /// Throws when a package that is asked for by name has no measurement.
  static func commands(for names: [String], options: [String], isNamed: Bool) throws(UserError) -> [[String]] {
    let measured = packages.filter { names.contains($0.name) }
    if measured.isEmpty, isNamed {
      throw .usage(
        "bench: nothing measures \(names.joined(separator: ", ")); there are measurements of \(packages.map(\.name).joined(separator: ", "))"
      )
    }
    let chosen = measured.flatMap(\.workloads)
    return (chosen.isEmpty ? [] : [steps(chosen, options)]) + measured.flatMap(\.others)
  }

  private static func build(_ product: String) -> [String] {
    ["swift", "build", "-c", "release", "--package-path", "Benchmarks", "--product", product]
  }
}
