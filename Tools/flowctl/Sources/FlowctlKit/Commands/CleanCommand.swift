import ArgumentParser
import Foundation

struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Remove build products, or old runs, and say what goes.",
    discussion: """
      flowctl clean --dry-run                 what would go, with its size
      flowctl clean                           build products; not the tool's own
      flowctl clean --tool                    the tool's own too
      flowctl clean --runs --keep 2           names the runs older than the newest
                                              two of each recipe, and stops
      flowctl clean --runs --keep 2 --yes     removes them

      Runs are never removed with build products, nor one that is in training.
      """)

  @Flag(help: "Remove old runs instead of build products.") var runs = false
  @Option(help: ArgumentHelp("Newest runs of each recipe that stay.", valueName: "N")) var keep: Int?
  @Option(help: ArgumentHelp("Folder that holds run folders; default: runs.", valueName: "folder")) var `in`: String?
  @Flag(help: "Remove the build of this tool too; its next call builds it again.") var tool = false
  @Flag(help: "Show what would go and stop.") var dryRun = false
  @Flag(help: "Remove the runs that are named.") var yes = false

  func run() throws {
    if !runs {
      for (isGiven, option) in [(keep != nil, "--keep"), (yes, "--yes"), (self.in != nil, "--in")] where isGiven {
        throw UserError.usage("\(option): goes with --runs")
      }
      return try remove(Leftovers.builds(of: Workspace.current(), withTool: tool), dry: dryRun, hint: nil)
    }
    guard let keep, keep >= 0 else {
      throw UserError.usage("clean --runs: say with --keep N how many of each recipe stay, for instance --keep 1")
    }
    let folder = self.in ?? "runs"
    guard FileAccess.isFolder(folder) else { throw UserError.failure("\(FileAccess.display(folder)): no such folder; nothing to remove") }
    try remove(Leftovers.runs(below: folder, keep: keep), dry: dryRun || !yes, hint: "--yes")
  }

  private func remove(_ items: [Leftovers.Item], dry: Bool, hint: String?) throws {
    if items.isEmpty { return Terminal.print("nothing to remove") }
    var table = TextTable([dry ? "would go" : "goes", "what", "size"], rightAligned: [2])
    var bytes = 0
    for item in items {
      // Held until the folder is gone; a run in training keeps its folder.
      let lock = runs ? try? RunFolder(path: item.path).lock() : nil
      if runs, lock == nil {
        table.append([FileAccess.display(item.path), "in training, stays", ""])
        continue
      }
      if !dry {
        do { try withExtendedLifetime(lock) { try FileManager.default.removeItem(atPath: item.path) } } catch {
          throw UserError.failure("\(FileAccess.display(item.path)): cannot be removed: \(error.localizedDescription)")
        }
      }
      bytes += item.bytes
      table.append([FileAccess.display(item.path), item.what, Leftovers.text(item.bytes)])
    }
    Terminal.print(table.text)
    Terminal.print(
      dry
        ? "\(Leftovers.text(bytes)) would go; nothing removed\(hint.map { ", add \($0) to remove them" } ?? "")"
        : "\(Leftovers.text(bytes)) removed")
  }
}
