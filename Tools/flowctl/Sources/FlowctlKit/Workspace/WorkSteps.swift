/// Commands run one after the other, with a table of how long each took.
struct WorkSteps {
  struct Step: Sendable {
    let name: String
    let command: [String]
  }

  let folder: String

  /// Runs every step and prints its command first; a step that fails does not keep the others from running. Throws when one failed.
  func run(_ steps: [Step], doing activity: String) throws {
    var table = TextTable([activity, "time", ""], rightAligned: [1])
    var hasFailed = false
    for step in steps {
      let process = Subprocess(step.command, folder: folder)
      Terminal.note("$ \(process.typed)")
      let result = try process.run(merged: true) { Terminal.note(String($0)) }
      table.append([step.name, Formatting.duration(result.seconds), result.succeeded ? "" : "failed"])
      hasFailed = hasFailed || !result.succeeded
    }
    Terminal.print(table.text)
    if hasFailed { throw EarlyExit(code: 1) }
  }
}
