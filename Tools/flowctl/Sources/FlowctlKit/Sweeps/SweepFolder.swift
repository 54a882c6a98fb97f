/// The folder of a sweep: `sweep.json` with the recipe and every point, one run folder per point, `sweep.csv` with what came out.
package struct SweepFolder: Sendable {
  static let planName = "sweep.json"

  package let path: String
  /// The recipe file as it was given.
  package let recipeFile: String
  package let plan: SweepPlan

  /// Writes the plan into a new folder.
  package static func create(_ path: String, recipeFile: String, plan: SweepPlan) throws(UserError) -> SweepFolder {
    if !FileAccess.names(in: path).isEmpty {
      throw .failure(
        "\(FileAccess.display(path)): already holds files; give --out a new folder, or go on with 'flowctl sweep --resume \(FileAccess.display(path))'"
      )
    }
    let folder = SweepFolder(path: FileAccess.absolute(path), recipeFile: FileAccess.absolute(recipeFile), plan: plan)
    try FileAccess.createFolder(folder.path)
    let points = plan.points.map { point in JSONValue.object(point.map { JSONMember(name: $0.key, value: .text($0.text)) }) }
    try FileAccess.write(
      JSONValue.record(["recipe": .text(folder.recipeFile), "points": .list(points)]).pretty, to: "\(folder.path)/\(planName)")
    return folder
  }

  /// Reads a folder that `create` made.
  package static func existing(_ path: String) throws(UserError) -> SweepFolder {
    let file = "\(FileAccess.absolute(path))/\(planName)"
    guard FileAccess.exists(file) else {
      throw .failure("\(FileAccess.display(path)): not the folder of a sweep: it has no \(planName)")
    }
    let document: JSONValue
    do { document = try JSONParser.parse(FileAccess.readText(file)) } catch { throw .failure("\(FileAccess.display(file)): \(error)") }
    guard let recipe = document["recipe"]?.text, let points = document["points"]?.list else {
      throw .failure("\(FileAccess.display(file)): the keys 'recipe' and 'points' are needed; was it written by 'flowctl sweep'?")
    }
    let plan = SweepPlan(
      points: points.map { point in (point.members ?? []).map { Override(key: $0.name, text: $0.value.text ?? $0.value.compact) } })
    return SweepFolder(path: FileAccess.absolute(path), recipeFile: recipe, plan: plan)
  }

  /// The run folder of a point, `003`.
  package func run(_ index: Int) -> RunFolder {
    let digits = String(index + 1)
    return RunFolder(path: "\(path)/" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits)
  }

  /// One row per finished run: its folder, the keys of the sweep, loss, seconds, and every figure of its report.
  package func writeTable() throws(UserError) {
    var runs: [RunSummary] = []
    for index in plan.points.indices where FileAccess.exists(run(index).reportData) { runs.append(try RunSummary(run(index).path)) }
    let comparison = RunComparison(runs)
    let keys = plan.points.flatMap { $0 }.map(\.key).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let header = ["run"] + keys + ["loss", "seconds"] + comparison.quantities
    let rows = runs.map { run in
      [FileAccess.stem(run.folder.path)] + keys.map { run.value(of: $0) } + ["\(run.loss ?? .nan)", "\(run.seconds ?? .nan)"]
        + comparison.quantities.map { quantity in run.figures.first { $0.quantity == quantity }.map { "\($0.ours)" } ?? "" }
    }
    let lines = ([header] + rows).map { $0.map(SweepFolder.cell).joined(separator: ",") }
    try FileAccess.write(lines.joined(separator: "\n") + "\n", to: "\(path)/sweep.csv")
  }

  /// A cell of a CSV file, quoted where it has to be (RFC 4180).
  private static func cell(_ text: String) -> String {
    text.contains(where: { ",\"\n".contains($0) }) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
