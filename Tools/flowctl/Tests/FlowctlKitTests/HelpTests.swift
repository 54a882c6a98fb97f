import ArgumentParser
import Foundation
import Testing

@testable import FlowctlKit

/// Help texts and completion scripts are part of the interface: `Golden/help.txt` holds them as they are shown in 80 columns.
@Suite struct HelpTests {
  private static let golden = "\(workspaceFolder)/Tools/flowctl/Tests/FlowctlKitTests/Golden/help.txt"

  private var text: String {
    let verbs = FlowctlCommand.configuration.subcommands
    let pages =
      [("flowctl", FlowctlCommand.helpMessage(columns: 80))]
      + verbs.map { verb in ("flowctl \(verb.configuration.commandName ?? "")", FlowctlCommand.helpMessage(for: verb, columns: 80)) }
    return pages.map { "$ \($0.0) --help\n\n\($0.1)\n" }.joined(separator: "\n")
  }

  /// `FLOWCTL_WRITE_HELP=1 swift test -c release --filter HelpTests` writes the file anew.
  @Test func helpTextsAreThoseOfTheTree() throws {
    if ProcessInfo.processInfo.environment["FLOWCTL_WRITE_HELP"] != nil { try FileAccess.write(text, to: Self.golden) }
    let stored = try FileAccess.readText(Self.golden).split(separator: "\n", omittingEmptySubsequences: false)
    let shown = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (old, new) in zip(stored, shown) {
      try #require(old == new, "FLOWCTL_WRITE_HELP=1 swift test -c release --filter HelpTests writes it anew")
    }
    #expect(stored.count == shown.count)
  }

  @Test func everyVerbExplainsItselfWithAnExampleIn80Columns() {
    for verb in FlowctlCommand.configuration.subcommands {
      let name = verb.configuration.commandName ?? ""
      #expect(!verb.configuration.abstract.isEmpty && verb.configuration.discussion.contains("flowctl \(name)"), "\(name)")
    }
    for line in text.split(separator: "\n") where !line.contains("bash-completion") && !line.hasPrefix("USAGE") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  /// Fenced lines that begin a command of the tool; what follows two spaces, '#' or '&&' is not of it.
  private func commands(in file: String) throws -> [[String]] {
    let blocks = try FileAccess.readText("\(workspaceFolder)/\(file)").components(separatedBy: "```")
    let code = stride(from: 1, to: blocks.count, by: 2).flatMap { blocks[$0].split(separator: "\n") }
    return code.compactMap { line in
      guard let start = line.range(of: "./flowctl ") else { return nil }
      let command = line[start.upperBound...].prefixMatch(of: /(?:(?!  | #| &&).)+/)?.output ?? ""
      return command.split(separator: " ").map(String.init)
    }
  }

  @Test(arguments: [("README.md", 13), ("CONTRIBUTING.md", 5), ("Documentation/GALLERY.md", 10)])
  func everyCommandOfADocumentIsUnderstood(_ file: String, _ atLeast: Int) throws {
    let commands = try commands(in: file)
    #expect(commands.count >= atLeast)
    for command in commands { #expect(throws: Never.self, "\(command)") { _ = try FlowctlCommand.parseAsRoot(command) } }
    let recipes = try Set(Workspace.read(folder: workspaceFolder).recipeFiles.map(FileAccess.stem))
    for command in commands where command.first == "train" {
      #expect(recipes.contains(command[1]) || command[1] == "nhf-ring", "\(command)")
    }
  }

  @Test(arguments: [("bash", "complete -o filenames -F _flowctl flowctl"), ("zsh", "#compdef flowctl"), ("fish", "complete -c 'flowctl'")])
  func completionsKnowEveryVerb(_ shell: String, _ mark: String) throws {
    let script = Completions.script(for: try #require(CompletionShell(rawValue: shell)))
    #expect(script.contains(mark))
    for verb in FlowctlCommand.configuration.subcommands { #expect(script.contains(verb.configuration.commandName ?? "-")) }
    #expect(script.contains("---completion"))
    // The parser's own words, which fish 3 does not understand; a newer parser may have mended them.
    #expect(!script.contains("_tokens -tC)") && (shell == "fish") == script.contains("set unparsed_tokens[1] (string replace"))
  }
}
