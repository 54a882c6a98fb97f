/// One group of tests: what is run, and how its output is counted.
public struct TestGroup: Sendable {
  public enum Runner: Sendable { case swift, python }

  public let name: String
  /// Run one after the other; the last one runs the tests.
  public let commands: [[String]]
  public let runner: Runner
  public let folder: String
  public let environment: [String: String]

  public init(name: String, commands: [[String]], runner: Runner, folder: String, environment: [String: String] = [:]) {
    self.name = name
    self.commands = commands
    self.runner = runner
    self.folder = folder
    self.environment = environment
  }
}

/// What became of a group.
public struct TestOutcome: Sendable {
  public let group: String
  public let summary: TestSummary
  public let seconds: Double
  /// Empty when all is well.
  public let complaint: String

  public init(group: String, summary: TestSummary, seconds: Double, complaint: String) {
    self.group = group
    self.summary = summary
    self.seconds = seconds
    self.complaint = complaint
  }

  /// Judges a finished runner: no test at all is a failure, and so is a runner that ended badly without naming one.
  public static func judge(_ group: String, summary: TestSummary, status: Int32, seconds: Double) -> TestOutcome {
    var counted = summary
    var complaint = ""
    if counted.failed > 0 {
      complaint = "\(counted.failed) failed"
    } else if status != 0 {
      complaint = "ended with exit code \(status)"
      counted.failed = 1
    } else if counted.total == 0 {
      complaint = "no test ran"
      counted.failed = 1
    }
    return TestOutcome(group: group, summary: counted, seconds: seconds, complaint: complaint)
  }
}

/// Runs groups of tests and shows what matters of their output.
public struct TestRun {
  private let isVerbose: Bool

  public init(isVerbose: Bool) { self.isVerbose = isVerbose }

  public func run(_ groups: [TestGroup]) throws(UserError) -> [TestOutcome] {
    var outcomes: [TestOutcome] = []
    for group in groups { outcomes.append(try run(group)) }
    return outcomes
  }

  private func run(_ group: TestGroup) throws(UserError) -> TestOutcome {
    var seconds = 0.0
    var last = Subprocess.Result(status: 0, output: "", seconds: 0)
    for command in group.commands {
      let process = Subprocess(command, folder: group.folder, environment: group.environment)
      Terminal.note("$ \(process.typed)")
      last = try process.run(merged: true) { line in
        if isVerbose || TestRun.matters(line) { Terminal.note(String(line)) }
      }
      seconds += last.seconds
      if !last.succeeded { break }
    }
    let summary = group.runner == .swift ? TestSummary.ofSwiftTest(last.output) : TestSummary.ofUnittest(last.output)
    if !last.succeeded, summary.failed == 0, !isVerbose {
      Terminal.note(last.output.split(separator: "\n").suffix(40).joined(separator: "\n"))
    }
    return TestOutcome.judge(group.name, summary: summary, status: last.status, seconds: seconds)
  }

  /// Build steps, failures with their details, and totals; not the thousands of tests that pass.
  package static func matters(_ line: Substring) -> Bool {
    if line.contains(/^\[\d+\/\d+\]/) || line.hasPrefix("Build") { return true }
    if line.contains("error:") || line.contains("warning:") || line.contains("Test run with") { return true }
    if line.hasPrefix("✘") || line.hasPrefix("±") || line.hasPrefix("↳") || line.hasPrefix("􀢄") { return true }
    if line.contains(" skipped ") { return true }
    return line.hasPrefix("FAIL") || line.hasPrefix("ERROR") || line.hasPrefix("Ran ") || line.hasPrefix("AssertionError")
  }

  /// The table and the last line, `N passed, M failed`.
  public static func table(_ outcomes: [TestOutcome], notRun: [String]) -> String {
    var table = TextTable(["tests", "passed", "failed", "time", ""], rightAligned: [1, 2, 3])
    for outcome in outcomes {
      table.append([
        outcome.group, "\(outcome.summary.passed)", "\(outcome.summary.failed)", Formatting.duration(outcome.seconds), outcome.complaint,
      ])
    }
    let passed = outcomes.reduce(0) { $0 + $1.summary.passed }
    let failed = outcomes.reduce(0) { $0 + $1.summary.failed }
    return ([table.text] + notRun + ["\(passed) passed, \(failed) failed"]).joined(separator: "\n")
  }
}
