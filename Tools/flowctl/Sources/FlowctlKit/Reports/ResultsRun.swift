/// What `Documentation/RESULTS.md` keeps of a finished run, read from the files in its folder.
struct ResultsRun {
  let recipe: String
  /// Keys set on the command line, without the seed.
  let settings: [(key: String, value: String)]
  let seed: Int
  /// True when the seed was asked for, so that the command has to name it.
  let namesSeed: Bool
  let steps: Int
  let title: String
  let verdict: String
  /// Where each picture lies in the run folder, and what is said of it.
  let figures: [(name: String, file: String, title: String, caption: String)]
  let comparisons: [JSONValue]
  let remarks: [String]
  let seconds: Double?
  let machine: String

  /// Throws when the run is not finished or has no report.
  init(_ folder: RunFolder) throws(UserError) {
    guard FileAccess.exists(folder.reportData) else {
      throw .failure("\(FileAccess.display(folder.reportData)): no such file; write it with 'flowctl report \(folder.display)'")
    }
    let report = try ResultsRun.document(folder.reportData)
    guard
      let recipe = report["recipe"]?.text, let completed = report["completedSteps"]?.integer, let steps = report["steps"]?.integer,
      let verdict = report["verdict"]?.text, let comparisons = report["comparisons"]?.list
    else {
      throw .failure(
        "\(FileAccess.display(folder.reportData)): not a report of this tool; write it again with 'flowctl report \(folder.display)'")
    }
    guard completed >= steps else {
      throw .failure("\(folder.display): stopped at step \(completed) of \(steps); finish it with 'flowctl resume \(folder.display)'")
    }
    let typed = try ResultsRun.document(folder.overrides).members ?? []
    let environment = try ResultsRun.document(folder.environment)
    self.recipe = recipe
    self.steps = steps
    self.verdict = verdict
    self.comparisons = comparisons
    title = report["title"]?.text ?? ""
    figures = (report["figures"]?.list ?? []).compactMap { figure in
      guard let name = figure["name"]?.text, let file = figure["file"]?.text else { return nil }
      return (name, file, figure["title"]?.text ?? name, figure["caption"]?.text ?? "")
    }
    settings = typed.filter { $0.name != "seed" }.map { ($0.name, $0.value.text ?? $0.value.compact) }.sorted { $0.key < $1.key }
    namesSeed = typed.contains { $0.name == "seed" }
    seed = try folder.readRecipe().recipe.seed
    remarks = report["remarks"]?.list?.compactMap(\.text) ?? []
    seconds = report["lastMetrics"]?["seconds"]?.number
    let threads = environment["threads"]?.integer.map { $0 == 1 ? "1 thread of " : "\($0) threads of " } ?? ""
    let names = [environment["processor"]?.text ?? environment["architecture"]?.text ?? "an unnamed processor"]
    let kernels = report["facts"]?["kernels"]?.text.map { ["\($0) kernels"] } ?? []
    machine = threads + (names + kernels).joined(separator: ", ")
  }

  private static func document(_ path: String) throws(UserError) -> JSONValue {
    let text = try FileAccess.readText(path)
    do { return try JSONParser.parse(text) } catch { throw .failure("\(FileAccess.display(path)): \(error)") }
  }

  /// Runs with the same heading differ in their seeds alone.
  var heading: String { ([recipe] + settings.map { "\($0.key)=\($0.value)" }).joined(separator: ", ") }

  /// The heading as part of a file name.
  var slug: String {
    heading.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "." }.joined(separator: "-")
  }

  var command: String {
    let options = settings.flatMap { ["--set", "\($0.key)=\($0.value)"] } + (namesSeed ? ["--seed", "\(seed)"] : [])
    return "./" + Subprocess(["flowctl", "train", recipe] + options).typed
  }
}
