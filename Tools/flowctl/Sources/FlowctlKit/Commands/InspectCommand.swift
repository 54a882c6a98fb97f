import ArgumentParser
import DataIO

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a checkpoint, a data set, or a file of samples holds.",
    discussion: """
      Lists every array with its shape, type, and statistics, every attribute,
      and the recipe. FORMAT.md says what the names mean.
        flowctl inspect runs/supernova-1/checkpoints/latest.h5
        flowctl inspect runs/supernova-1               its newest checkpoint
        flowctl inspect Data/images/digits.h5
        flowctl inspect latest.h5 --recipe             the recipe alone, JSON
      """)

  @Argument(help: "File, or run folder.", completion: .file()) var file: String
  @Flag(help: "Print the recipe inside the file and stop.") var recipe = false

  func run() throws {
    let tree = try FormatTree(contentsOf: DataFiles.path(of: file))
    if recipe {
      guard tree.items.contains(where: { $0.path == "recipe" && $0.holdsStrings }) else {
        throw UserError.failure("\(FileAccess.display(tree.path)): no recipe inside")
      }
      Terminal.print(DataFiles.printable(try tree.strings("recipe").joined()))
      return
    }
    Terminal.print(try FileReport(tree).text)
  }
}
