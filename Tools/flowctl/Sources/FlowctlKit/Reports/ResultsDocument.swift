/// `Documentation/RESULTS.md`: one section for each recipe and its settings, with a column for each seed.
enum ResultsDocument {
  private static let preface = """
    # Results

    Written by `./flowctl report --results RUN...` from the reports of finished runs, never by hand. Each section names the commands
    that made its runs; given their folders, the same command writes the section again and leaves the others as they are.
    *Ours* is measured on the trained model, *exact* computed by a method without error that matters, *published* as printed in the
    source that the recipe names. Pictures of the same runs are in the [gallery](GALLERY.md).
    """

  /// Reads the runs' reports and rewrites their sections; the path of the file.
  static func update(workspaceFolder: String, runs folders: [RunFolder]) throws(UserError) -> String {
    var runs: [ResultsRun] = []
    for folder in folders { runs.append(try ResultsRun(folder)) }
    var document = try SectionedDocument(path: "\(workspaceFolder)/Documentation/RESULTS.md", preface: preface)
    for (heading, group) in Dictionary(grouping: runs, by: \.heading) {
      document.replace(heading, with: section(heading, group.sorted { $0.seed < $1.seed }))
    }
    return try document.write()
  }

  private static func section(_ heading: String, _ runs: [ResultsRun]) -> String {
    var lines = ["## \(heading)", "", "```"] + runs.map(\.command) + ["```", ""]
    lines += runs.map { "- Seed \($0.seed), \($0.steps) steps: \($0.verdict)" } + [""]
    let columns = ["quantity"] + runs.map { "ours, seed \($0.seed)" } + ["exact", "published", "target", "achieved", "verdict"]
    let rules = ["---"] + runs.map { _ in "---:" } + ["---:", "---", "---", "---", "---"]
    lines += [row(columns), row(rules)]
    for comparison in runs[0].comparisons {
      lines.append(row(cells(comparison["quantity"]?.text ?? "", runs)))
    }
    lines += [""] + remarks(runs) + [""]
    for (machine, group) in Dictionary(grouping: runs, by: \.machine).sorted(by: { $0.key < $1.key }) {
      let times = group.map { "\($0.seconds.map(Formatting.duration) ?? "unknown") (seed \($0.seed))" }
      lines.append("Training time on \(machine): \(times.joined(separator: ", ")).")
    }
    return lines.joined(separator: "\n")
  }

  /// What holds for all runs, then what each run alone says.
  private static func remarks(_ runs: [ResultsRun]) -> [String] {
    let common = runs[0].remarks.filter { remark in runs.allSatisfy { $0.remarks.contains(remark) } }
    let own = runs.flatMap { run in run.remarks.filter { !common.contains($0) }.map { "Seed \(run.seed): \($0)" } }
    return (common + own).map { "- \($0)" }
  }

  private static func cells(_ quantity: String, _ runs: [ResultsRun]) -> [String] {
    let rows = runs.compactMap { run in run.comparisons.first { $0["quantity"]?.text == quantity } }
    func number(_ value: JSONValue?) -> String { value?.number.map { Formatting.figure($0) } ?? "" }
    let targets = rows.compactMap { $0["target"] }.filter { $0.members != nil }
    let bound = targets.first.map { target in
      "\(target["measure"]?.text ?? "") \(target["sense"]?.text ?? "") \(Formatting.tidy(target["limit"]?.number ?? .nan, digits: 3))"
    }
    let achieved = targets.map { target in target["achieved"]?.number.map { Formatting.tidy($0, digits: 3) } ?? "not finite" }
    let areMet = targets.allSatisfy { $0["met"] == .flag(true) }
    return [quantity] + rows.map { number($0["ours"]) } + [
      unique(rows.map { number($0["exact"]) }).joined(separator: ", "), rows.first?["published"]?.text ?? "", bound ?? "",
      achieved.joined(separator: ", "), targets.isEmpty ? "" : areMet ? "met" : "**missed**",
    ]
  }

  private static func row(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }

  private static func unique(_ texts: [String]) -> [String] {
    texts.reduce(into: []) { kept, text in if !kept.contains(text) { kept.append(text) } }
  }
}
