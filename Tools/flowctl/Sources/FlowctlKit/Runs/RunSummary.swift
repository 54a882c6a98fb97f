import Foundation

/// What a run folder says of itself without building its experiment: finished or not, how far, how good.
package struct RunSummary: Sendable {
  package struct Figure: Sendable, Equatable {
    package let quantity: String
    package let ours: Double
    /// True or false where the recipe sets a target.
    package let meetsTarget: Bool?
  }

  package let folder: RunFolder
  package let recipe: String
  package let fields: [RecipeField]
  package let seed: Int
  package let steps: Int
  /// Steps in `metrics.csv`; a checkpoint may be a little behind.
  package let recordedSteps: Int
  package let metrics: MetricsTable?
  /// Nil until there is a report.
  package let verdict: String?
  package let figures: [Figure]

  /// Throws when `path` is not a run folder or its recipe cannot be read.
  package init(_ path: String) throws(UserError) {
    folder = try RunFolder.existing(path)
    let resolved = try folder.readRecipe()
    (recipe, fields) = (resolved.name, resolved.fields)
    (seed, steps) = (resolved.recipe.seed, resolved.recipe.training.steps)
    metrics = FileAccess.exists(folder.metrics) ? try MetricsTable(path: folder.metrics) : nil
    recordedSteps = metrics?["step"]?.last.map { Int($0) } ?? 0
    let report = FileAccess.exists(folder.reportData) ? try? JSONParser.parse(FileAccess.readText(folder.reportData)) : nil
    verdict = report?["verdict"]?.text
    figures = (report?["comparisons"]?.list ?? []).compactMap { row in
      guard let quantity = row["quantity"]?.text else { return nil }
      let met: Bool? =
        switch row["target"]?["met"] {
        case .flag(let flag): flag
        default: nil
        }
      return Figure(quantity: quantity, ours: row["ours"]?.number ?? .nan, meetsTarget: met)
    }
  }

  /// `complete`, or how far it came.
  package var state: String { recordedSteps >= steps ? "complete" : "step \(recordedSteps) of \(steps)" }

  package var loss: Double? { metrics?["loss"]?.last }
  package var seconds: Double? { metrics?["seconds"]?.last }

  /// Targets met out of targets set, `3 of 4`; empty where none is set or no report is written.
  package var targets: String {
    let judged = figures.compactMap(\.meetsTarget)
    return judged.isEmpty ? "" : "\(judged.count { $0 }) of \(judged.count)"
  }

  /// The value of a recipe key as text, empty where the recipe has no such key.
  func value(of key: String) -> String { fields.first { $0.key == key }?.value.compact ?? "" }

  /// The run folders below `folder`, by name; folders that cannot be read are left out.
  package static func all(below folder: String) -> [RunSummary] {
    FileAccess.names(in: folder).flatMap { name -> [RunSummary] in
      let path = "\(folder)/\(name)"
      guard FileAccess.isFolder(path) else { return [] }
      if FileAccess.exists("\(path)/recipe.json") { return [try? RunSummary(path)].compactMap { $0 } }
      return FileAccess.exists("\(path)/\(SweepFolder.planName)") ? all(below: path) : []
    }
  }
}
