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
        flowctl bench --out Benchmarks/RESULTS.md       record the figures
      """)

  @Argument(help: "Workloads (default: all).") var workloads: [String] = []
  @Option(help: "Peers, with commas between them.") var peers: String?
  @Option(help: "Threads of both sides.") var threads: Int?
  @Option(help: "Seconds of each measurement.") var seconds: Double?
  @Option(help: "Rounds in which both sides take turns.") var rounds: Int?
  @Option(help: "Write the table to this file.") var out: String?

  func run() throws {
    if let threads, threads < 1 { throw UserError.usage("--threads \(threads): give at least 1") }
    if let rounds, rounds < 1 { throw UserError.usage("--rounds \(rounds): give at least 1") }
    if let seconds, !(seconds > 0) { throw UserError.usage("--seconds \(seconds): give a positive number") }
    var command = ["python3", "Benchmarks/compare.py"]
    if !workloads.isEmpty { command += ["--workloads", workloads.joined(separator: ",")] }
    if let peers { command += ["--peers", peers] }
    if let threads { command += ["--threads", String(threads)] }
    if let seconds { command += ["--seconds", String(seconds)] }
    if let rounds { command += ["--rounds", String(rounds)] }
    if let out { command += ["--out", out] }
    let comparison = Subprocess(command, folder: try Workspace.current().folder)
    Terminal.print("$ " + comparison.typed)
    let result = try comparison.run(merged: true) { Terminal.print(String($0)) }
    if !result.succeeded { throw EarlyExit(code: 1) }
  }
}
