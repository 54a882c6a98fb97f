import ArgumentParser
import Foundation

struct TutorialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tutorial",
    abstract: "A first model in five minutes: train, look, sample, compare.",
    discussion: """
      Explains each step, shows its command, waits for Return, and runs it; in a
      pipe or with --yes it does not wait. The runs stay, and are yours to keep.
        flowctl tutorial
        flowctl tutorial --yes
      """)

  @Flag(help: "Do not wait before a step.") var yes = false
  @Option(help: ArgumentHelp("Folder of the runs.", valueName: "folder")) var out = "runs"

  func run() throws {
    let tutorial = Tutorial(folder: out)
    let steps = tutorial.steps
    let isWaiting = !yes && isatty(STDIN_FILENO) == 1 && Terminal.outputIsTerminal
    for (index, step) in steps.enumerated() {
      Terminal.print("\n\(index + 1)/\(steps.count)  \(step.title)\n\n\(step.text)\n")
      guard !step.arguments.isEmpty else { continue }
      Terminal.print("$ ./flowctl \(Subprocess(step.arguments).typed)")
      if isWaiting {
        Terminal.draw("Return runs it, q and Return ends the tutorial: ")
        guard let answer = readLine(), !answer.lowercased().hasPrefix("q") else {
          return Terminal.print("ended; what was made is in \(out)")
        }
      }
      let code = FlowctlCommand.exitCode(arguments: step.arguments)
      if code != 0 {
        Terminal.note("the tutorial ends here, because the step above did; 'flowctl tutorial' begins anew in another folder")
        throw EarlyExit(code: code)
      }
    }
  }
}

/// What the tutorial says and runs.
struct Tutorial: Sendable {
  struct Step: Sendable {
    let title: String
    let text: String
    /// The words after `flowctl`; empty where there is only something to read.
    let arguments: [String]
  }

  private let first: String
  private let second: String

  /// Takes the first names in `folder` that no run has.
  init(folder: String) {
    var counter = 1
    while FileAccess.exists("\(folder)/tutorial-\(counter)-short") { counter += 1 }
    (first, second) = ("\(folder)/tutorial-\(counter)-short", "\(folder)/tutorial-\(counter)-long")
  }

  var steps: [Step] {
    return [
      Step(
        title: "Train",
        text: """
          Points in the plane lie in four heaps. A flow moves draws of one wide Gaussian
          along Hamilton's equations until they lie in the same heaps. What it learns is
          the potential energy V: where V is low, the data are.
          The recipe says 8000 steps; 1500 show the idea in well under a minute.
          """, arguments: ["train", "nhf-gmm2d", "--set", "training.steps=1500", "--out", first]),
      Step(
        title: "Look",
        text: """
          The table above has what was reached beside what is exact. The same figures,
          with the landscape of V, the draws and the curves, are in the report:
            \(FileAccess.display("\(first)/report.html"))
          Open it in a browser; it needs nothing beside it. The figures alone:
          """, arguments: ["evaluate", first]),
      Step(
        title: "Sample",
        text: """
          Draws go into an HDF5 file that h5py, Julia, R or this tool can read.
          """, arguments: ["sample", first, "-n", "1000", "--out", "\(first)/draws.h5"]),
      Step(
        title: "Inspect", text: "What is in a file, of draws or of weights:", arguments: ["inspect", "\(first)/draws.h5"]),
      Step(
        title: "Change one thing",
        text: """
          One of the targets is missed: the flow is not done. Every key of a recipe can
          be set; `flowctl train nhf-gmm2d --dry-run` shows them. More steps:
          """, arguments: ["train", "nhf-gmm2d", "--set", "training.steps=4000", "--out", second]),
      Step(
        title: "Compare",
        text: "Runs side by side, with their curves on one page:",
        arguments: ["compare", first, second, "--out", "\(second)/compare.html"]),
      Step(
        title: "Go on",
        text: """
          flowctl list                            what else can be trained
          flowctl train supernova                 a posterior of real data, beside the exact one
          flowctl new recipe my-flow --from nhf-gmm2d
          flowctl clean --runs --keep 1           removes what you no longer need
          The report of the first run: \(FileAccess.display("\(first)/report.html"))
          The comparison:              \(FileAccess.display("\(second)/compare.html"))
          """, arguments: []),
    ]
  }
}
