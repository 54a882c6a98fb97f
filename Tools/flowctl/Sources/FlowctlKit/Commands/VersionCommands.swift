import ArgumentParser
import Foundation

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Show the versions of the packages, or raise one.",
    discussion: """
      flowctl version
      flowctl version bump Integrators minor

      A bump writes the new version into workspace.json and makes the entries
      under '## Unreleased' of the package's change log those of the version.
      Before 1.0.0 the minor number is raised for changes that break users.
      """)

  @Argument(help: "bump, PACKAGE, and major, minor, or patch; nothing shows the versions.") var words: [String] = []

  func run() throws {
    let workspace = try Workspace.current()
    if words.isEmpty {
      var table = TextTable(["package", "version", "unreleased changes"], rightAligned: [2])
      for member in workspace.members { table.append([member.name, member.version, "\(pending(member, workspace))"]) }
      return Terminal.print(table.text)
    }
    guard words.count == 3, words[0] == "bump", let part = VersionNumber.Part(rawValue: words[2]) else {
      throw UserError.usage("version \(words.joined(separator: " ")): expected 'flowctl version bump PACKAGE major|minor|patch'")
    }
    let member = try workspace.member(words[1])
    let standalone = try StandalonePackage(member, in: workspace)
    let next = standalone.version.bumped(part)
    for edit in try VersionBump.edits(of: member, to: next, in: workspace) {
      try FileAccess.write(edit.text, to: edit.path)
      Terminal.note("wrote \(FileAccess.display(edit.path))")
    }
    let users = PackageGraph(workspace).dependants(of: [member.name]).map(\.name).filter { $0 != member.name }
    Terminal.print("\(member.name) \(member.version) -> \(next)")
    if next.allowsBreakingChanges(since: standalone.version), !users.isEmpty {
      Terminal.print("published again with the new range: \(users.joined(separator: ", ")); bump them too")
    }
  }

  /// Entries under '## Unreleased'.
  private func pending(_ member: Workspace.Member, _ workspace: Workspace) -> Int {
    let text = (try? FileAccess.readText("\(workspace.folder(of: member))/CHANGELOG.md")) ?? ""
    let lines = text.split(separator: "\n").drop { $0 != "## Unreleased" }.dropFirst()
    return lines.prefix { !$0.hasPrefix("## ") }.count(where: VersionBump.isEntry)
  }
}

struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Make a repository of one package, for users who want only that.",
    discussion: """
      flowctl publish --all --to ../packages --dry-run
      flowctl publish Integrators --to ../packages
      flowctl publish NHF --to ../packages --base https://example.org/flows

      Each package gets the git repository FOLDER/PACKAGE with its files, the
      licence, and the tag of its version; push it where its users are. Where its
      manifest names a folder beside it, the repository names BASE/PACKAGE and the
      range of versions that goes with the present one. An earlier tag there is
      compared first: a public symbol that is gone needs a version that says so.
      """)

  @Argument(help: "Package.") var package: String?
  @Flag(help: "Every library of the workspace, in the order of their layers.") var all = false
  @Option(help: ArgumentHelp("Folder of the repositories.", valueName: "folder")) var to: String
  @Option(help: ArgumentHelp("Where users find the packages; default: the folder itself.", valueName: "URL")) var base: String?
  @Flag(help: "Show the plan and stop.") var dryRun = false
  @Flag(help: "Do not compare the public symbols with those of the last version.") var skipComparison = false

  func run() throws {
    let workspace = try Workspace.current()
    if all == (package != nil) { throw UserError.usage("publish: give a package, or --all") }
    let members =
      try package.map { name throws(UserError) in [try workspace.member(name)] }
      ?? workspace.members.filter { $0.path.hasPrefix("Packages/") }.sorted { $0.layer < $1.layer }
    let root = FileAccess.absolute(to)
    let base = base ?? URL(fileURLWithPath: root).absoluteString.trimmingSuffix("/")
    var table = TextTable(["package", "version", "last published", "what happens"])
    var due: [StandalonePackage] = []
    for member in members {
      let standalone = try StandalonePackage(member, in: workspace)
      _ = try standalone.manifest(base: base)
      let published = StandalonePackage.versions(in: "\(root)/\(member.name)").last
      let isDue = published.map { $0 < standalone.version } ?? true
      if isDue { due.append(standalone) }
      table.append([
        member.name, member.version, published.map { "\($0)" } ?? "never", isDue ? "tag \(standalone.version)" : "nothing: bump it first",
      ])
    }
    Terminal.print(table.text)
    if dryRun { return Terminal.note("dry run: nothing written") }
    if due.isEmpty {
      throw UserError.failure("publish: no package has a version that is not published yet; 'flowctl version bump' comes first")
    }
    for standalone in due {
      let folder = "\(root)/\(standalone.member.name)"
      let previous = StandalonePackage.versions(in: folder).last
      _ = try standalone.write(to: folder, base: base)
      do { try refuseBreakage(standalone, since: previous, in: folder) } catch {
        try withdraw(standalone.version, in: folder)
        throw error
      }
      Terminal.note("published \(standalone.member.name) \(standalone.version) in \(FileAccess.display(folder))")
    }
  }

  /// Takes back the tag and the commit that a comparison refused.
  private func withdraw(_ version: VersionNumber, in folder: String) throws(UserError) {
    for arguments in [["tag", "--delete", "\(version)"], ["reset", "-q", "--hard", "HEAD~1"]] {
      _ = try Subprocess(["git"] + arguments, folder: folder).run()
    }
  }

  private func refuseBreakage(_ standalone: StandalonePackage, since previous: VersionNumber?, in folder: String) throws(UserError) {
    guard let previous, !skipComparison, !standalone.version.allowsBreakingChanges(since: previous) else { return }
    let comparison = Subprocess(["swift", "package", "diagnose-api-breaking-changes", "\(previous)"], folder: folder)
    Terminal.note("$ \(comparison.typed)")
    let result = try comparison.run(merged: true)
    if result.succeeded { return }
    let breaks = result.output.split(separator: "\n").filter { $0.contains("API breakage:") }
    if breaks.isEmpty { throw .failure("`\(comparison.typed)` failed in \(FileAccess.display(folder)):\n\(result.output)") }
    let part = standalone.version.major == 0 ? "minor" : "major"
    throw .failure(
      "\(standalone.member.name) \(standalone.version) breaks users of \(previous); 'flowctl version bump \(standalone.member.name) \(part)' says so, or bring back:\n"
        + breaks.joined(separator: "\n"))
  }
}

extension String {
  /// Without `suffix` where it ends with it.
  func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
