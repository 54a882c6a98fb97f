import ArgumentParser
import Foundation

/// The tool and its verbs.
public struct FlowctlCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "flowctl",
    abstract: "Train, sample, and examine Hamiltonian flows; build and test the workspace.",
    discussion: """
      A first model, from nothing to a report:
        flowctl tutorial                                explains each step
        flowctl list                                    what can be trained
        flowctl train supernova                         makes runs/supernova-1
        flowctl train supernova --set training.steps=200 --out runs/short
        flowctl resume runs/supernova-1                 after an interruption
        flowctl sample runs/supernova-1 -n 10000 --out posterior.h5
        flowctl report runs/supernova-1                 writes report.html

      Exit codes: 0 done, 1 failed, 64 wrong command line, 130 or 143 interrupted after saving a checkpoint.
      """,
    version: flowctlVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Models",
        subcommands: [
          TutorialCommand.self, ListCommand.self, TrainCommand.self, ResumeCommand.self, SampleCommand.self, EvaluateCommand.self,
          DensityCommand.self, ReportCommand.self, SweepCommand.self, RunsCommand.self, CompareCommand.self,
        ]),
      CommandGroup(
        name: "Files",
        subcommands: [InspectCommand.self, DiffCommand.self, VerifyCommand.self, ConvertCommand.self]),
      CommandGroup(
        name: "Workspace",
        subcommands: [
          BuildCommand.self, TestCommand.self, BenchCommand.self, DoctorCommand.self, GraphCommand.self, NewCommand.self,
          DocsCommand.self, CleanCommand.self, VersionCommand.self, PublishCommand.self, CompletionsCommand.self,
        ]),
    ])

  public init() {}

  /// Runs the tool with these arguments and returns its exit code. An error is one sentence on standard error.
  public static func exitCode(arguments: [String]) -> Int32 {
    do {
      try refuseUnknownVerb(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
      return 0
    } catch let error as UserError {
      return complain(error)
    } catch let error as EarlyExit {
      return error.code
    } catch {
      return report(error, of: arguments)
    }
  }

  /// ArgumentParser knows how to show help and usage errors; any other error is a failure in its own words.
  private static func report(_ error: any Error, of arguments: [String]) -> Int32 {
    let code = exitCode(for: error)
    let isFromParser = code != .failure || error is ExitCode || error is CleanExit
    guard isFromParser else { return complain(.failure("\(error)")) }
    if code == .success {
      Terminal.print(fullMessage(for: error))
      return code.rawValue
    }
    let verb = configuration.subcommands.compactMap { $0.configuration.commandName }.first { $0 == arguments.first }
    let help = (["flowctl"] + [verb].compactMap { $0 } + ["--help"]).joined(separator: " ")
    return complain(.usage(sentence(message(for: error)) + "; see '\(help)'"))
  }

  /// The parser's words as one sentence in the manner of this tool's own.
  private static func sentence(_ message: String) -> String {
    var text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    while let last = text.last, last == "." || last == "?" { text.removeLast() }
    text = text.replacing(". Did you mean", with: "; did you mean").replacing(". Please provide", with: "; give")
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private static func complain(_ error: UserError) -> Int32 {
    Terminal.note("flowctl: \(error)")
    return error.exitCode
  }

  private static func refuseUnknownVerb(_ arguments: [String]) throws(UserError) {
    let verbs = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
    guard let verb = asked, !verb.hasPrefix("-"), !verbs.contains(verb) else { return }
    let nearest = Suggestion.sentence(Suggestion.nearest(to: verb, among: verbs))
    throw .usage("unknown verb '\(verb)'\(nearest.isEmpty ? "; 'flowctl --help' lists them" : nearest)")
  }
}
