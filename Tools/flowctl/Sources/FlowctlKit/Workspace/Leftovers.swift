import Foundation

/// What can be made again: build products of the packages, and runs when asked for.
struct Leftovers {
  struct Item: Sendable {
    let path: String
    let what: String
    let bytes: Int
  }

  /// Build folders; the tool's own only when `withTool`, since the next call would build it again.
  static func builds(of workspace: Workspace, withTool: Bool) -> [Item] {
    let folders = [workspace.folder, "\(workspace.folder)/Benchmarks"] + workspace.members.map { workspace.folder(of: $0) }
    return folders.compactMap { folder in
      let path = "\(folder)/.build"
      guard FileAccess.isFolder(path), withTool || !folder.hasSuffix("Tools/flowctl") else { return nil }
      return Item(path: path, what: "build products", bytes: size(of: path))
    }
  }

  /// Run folders below `folder` without the newest `keep` of each recipe, the oldest first.
  static func runs(below folder: String, keep: Int) -> [Item] {
    let all = RunSummary.all(below: folder).map { (run: $0, date: date(of: $0.folder.path)) }.sorted { $0.date < $1.date }
    var newer: [String: Int] = [:]
    var old: [Item] = []
    for (run, _) in all.reversed() {
      newer[run.recipe, default: 0] += 1
      if newer[run.recipe, default: 0] > keep {
        old.append(Item(path: run.folder.path, what: "\(run.recipe), \(run.state)", bytes: size(of: run.folder.path)))
      }
    }
    return old.reversed()
  }

  /// When training last wrote to a run.
  private static func date(of folder: String) -> Date {
    let files = ["metrics.csv", "recipe.json"].map { "\(folder)/\($0)" }
    let dates = files.compactMap { try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date }
    return dates.max() ?? .distantPast
  }

  static func size(of folder: String) -> Int {
    guard let walk = FileManager.default.enumerator(atPath: folder) else { return 0 }
    var sum = 0
    while walk.nextObject() != nil { sum += (walk.fileAttributes?[.size] as? Int) ?? 0 }
    return sum
  }

  /// `4.2 MB`
  static func text(_ bytes: Int) -> String {
    bytes < 1_000_000 ? "\(bytes / 1000) kB" : String(format: bytes < 10_000_000 ? "%.1f MB" : "%.0f MB", Double(bytes) / 1e6)
  }
}
