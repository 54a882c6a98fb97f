/// What `swift package diagnose-api-breaking-changes` finds gone or different among the public symbols of a package.
struct BreakingChanges: Sendable {
  /// `API breakage: func f() has been removed`
  let lines: [String]

  /// Compares the package at `folder` with the commit or tag `baseline`; `modules` empty means all. Throws when it cannot be built.
  init(since baseline: String, modules: [String], folder: String, scratch: String) throws(UserError) {
    let comparison = Subprocess(
      ["swift", "package", "--scratch-path", scratch, "diagnose-api-breaking-changes", baseline]
        + modules.flatMap { ["--targets", $0] }, folder: folder)
    Terminal.note("$ \(comparison.typed)")
    let result = try comparison.run(merged: true)
    lines = BreakingChanges.breakages(in: result.output)
    if !result.succeeded, lines.isEmpty {
      throw .failure(
        "`\(comparison.typed)` failed in \(FileAccess.display(folder)):\n\(result.output.split(separator: "\n").suffix(20).joined(separator: "\n"))"
      )
    }
  }

  static func breakages(in output: String) -> [String] {
    output.split(separator: "\n").filter { $0.contains("API breakage:") }.map { $0.trimmed }
  }

  /// Throws when there are any, with all of them.
  func refuse(_ version: String, since previous: String, remedy: String) throws(UserError) {
    if lines.isEmpty { return }
    throw .failure("\(version) breaks users of \(previous); \(remedy), or bring back:\n" + lines.joined(separator: "\n"))
  }
}

/// When packages got their versions.
enum VersionHistory {
  /// The commit that gave the member the version it has: the first of the newest commits in which `workspace.json` has it.
  /// Nil where git has none.
  static func commit(of member: Workspace.Member, in workspace: Workspace) throws(UserError) -> String? {
    let log = try Subprocess(["git", "log", "--format=%H", "--", "workspace.json"], folder: workspace.folder).run()
    guard log.succeeded else { return nil }
    var found: String?
    for commit in log.output.split(separator: "\n").map(String.init) {
      let file = try Subprocess(["git", "show", "\(commit):./workspace.json"], folder: workspace.folder).run()
      let entry = (try? JSONParser.parse(file.output))?["members"]?.list?.first { $0["name"]?.text == member.name }
      guard entry?["version"]?.text == member.version else { break }
      found = commit
    }
    return found
  }
}
