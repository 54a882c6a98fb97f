import ArgumentParser

/// What a shell offers for the words of a command line, asked of the tool when the key is pressed.
enum Completions {
  static let recipes = CompletionKind.custom { _, _, typed in
    names(typed) { workspace in workspace.recipeFiles.map(FileAccess.stem) } + files(typed, suffix: ".json")
  }

  static let packages = CompletionKind.custom { _, _, typed in names(typed) { $0.members.map(\.name) } }

  /// `bump`, a package, and a part of its version, by their place after `flowctl version`.
  static let versionWords = CompletionKind.custom { _, place, typed in
    switch place {
    case 2: ["bump"].filter { $0.hasPrefix(typed) }
    case 3: names(typed) { $0.members.map(\.name) }
    case 4: VersionNumber.Part.allCases.map(\.rawValue).filter { $0.hasPrefix(typed) }
    default: []
    }
  }

  /// Run folders below `runs`, or any folder that is typed.
  static let runs = CompletionKind.custom { _, _, typed in
    let known = FileAccess.names(in: "runs").filter { FileAccess.exists("runs/\($0)/recipe.json") }.map { "runs/\($0)" }
    return typed.hasPrefix("runs") || typed.isEmpty ? known : files(typed, suffix: ".h5")
  }

  private static func names(_ typed: String, _ list: (Workspace) -> [String]) -> [String] {
    guard !typed.contains("/"), let workspace = try? Workspace.current() else { return [] }
    return list(workspace).filter { $0.hasPrefix(typed) }
  }

  /// Folders, and files of that ending, in the folder that is typed.
  private static func files(_ typed: String, suffix: String) -> [String] {
    guard let slash = typed.lastIndex(of: "/") else { return [] }
    let folder = String(typed[...slash])
    return FileAccess.names(in: folder).compactMap { name in
      if FileAccess.isFolder(folder + name) { return folder + name + "/" }
      return name.hasSuffix(suffix) ? folder + name : nil
    }.filter { $0.hasPrefix(typed) }
  }
}

extension Completions {
  /// The script that a shell reads.
  static func script(for shell: CompletionShell) -> String {
    let script = FlowctlCommand.completionScript(for: shell)
    guard shell == .fish else { return script }
    // As the argument parser writes it for fish, the script asks for the cursor in a way that fish 3 answers to a key press alone and
    // then with nothing, and does not know the tool by a path, as in ./flowctl.
    return script.replacing("(__flowctl_tokens -tC)", with: #"(string length -- "$(commandline -ct)")"#).replacing(
      "    set -l unparsed_tokens (__flowctl_tokens -pc)\n",
      with: """
            set -l unparsed_tokens (__flowctl_tokens -pc)
            set unparsed_tokens[1] (string replace -r '.*/' '' -- $unparsed_tokens[1])

        """)
  }
}

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print the completion script of a shell.",
    discussion: """
      The shell then completes verbs, options, packages, recipes and runs, also
      of ./flowctl.
        bash   flowctl completions bash > ~/.local/share/bash-completion/completions/flowctl
        zsh    flowctl completions zsh > "${fpath[1]}/_flowctl"
        fish   flowctl completions fish > ~/.config/fish/completions/flowctl.fish
      For the present shell alone: source <(./flowctl completions bash)
      """)

  enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  @Argument(help: "bash, zsh, or fish.") var shell: Shell

  func run() throws {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Terminal.print(Completions.script(for: kind))
  }
}
