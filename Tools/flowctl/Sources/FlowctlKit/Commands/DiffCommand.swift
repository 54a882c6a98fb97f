import ArgumentParser
import DataIO

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two files: structure first, then the norms of differences.",
    discussion: """
      Exit code 0 when all arrays and attributes agree to the bit, 1 otherwise.
      When, where and by which version a file was written does not count.
        flowctl diff runs/a runs/b                     their newest checkpoints
        flowctl diff step-000000100.h5 step-000000200.h5
      """)

  @Argument(help: "File, or run folder.") var first: String
  @Argument(help: "File, or run folder.") var second: String

  func run() throws {
    let comparison = try FileComparison(
      try FormatTree(contentsOf: DataFiles.path(of: first)), try FormatTree(contentsOf: DataFiles.path(of: second)))
    Terminal.print(comparison.text)
    if !comparison.isSame { throw EarlyExit(code: 1) }
  }
}
