import ArgumentParser
import Foundation

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Show the versions of the packages, or raise one.",
    discussion: """
      flowctl version
      flowctl version bump Integrators minor

      A bump writes the new version into workspace.json, with the ranges of
      versions of the packages that use it, and makes the entries under
      '## Unreleased' of the package's change log those of the version.
      Before 1.0.0 the minor number is raised for changes that break users; each
      package that uses it then gets an entry in its own change log. A
      number that promises to break nobody is refused when a public symbol of the
      present version is gone or different; the packages are compared as they were
      in the commit that began that version, and as they are.
      """)

  @Argument(help: "bump, PACKAGE, and major, minor, or patch; nothing shows the versions.", completion: Completions.versionWords)
  var words: [String] = []
  @Flag(help: "Do not compare the public symbols with those of the present version.") var skipComparison = false

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
    let edits = try VersionBump.edits(of: member, to: next, in: workspace)
    if !skipComparison, !next.allowsBreakingChanges(since: standalone.version) { try refuseBreakage(of: member, next, in: workspace) }
    for edit in edits {
      try FileAccess.write(edit.text, to: edit.path)
      Terminal.note("wrote \(FileAccess.display(edit.path))")
    }
    Terminal.print("\(member.name) \(member.version) -> \(next)")
    let users = workspace.members.filter { $0.needs[member.name] != nil }.map(\.name)
    if users.isEmpty { return }
    Terminal.print("now with \(member.name) \(VersionRange(from: next)): \(users.joined(separator: ", "))")
    if next.allowsBreakingChanges(since: standalone.version) {
      Terminal.print("What is published of them still asks for \(VersionRange(from: standalone.version)); bump and publish them too.")
    }
  }

  private func refuseBreakage(of member: Workspace.Member, _ next: VersionNumber, in workspace: Workspace) throws(UserError) {
    guard let commit = try VersionHistory.commit(of: member, in: workspace) else {
      return Terminal.note("git has no commit with \(member.name) \(member.version); its public symbols are not compared")
    }
    let modules = try DocumentationSite(workspace).libraries.filter { $0.package == member.name }.map(\.module)
    let found = try BreakingChanges(
      since: commit, modules: modules, folder: workspace.folder, scratch: ".build/comparison")
    try found.refuse(
      "\(member.name) \(next)", since: member.version, remedy: "'flowctl version bump \(member.name) \(next.breakingPart)' says so")
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
      flowctl publish NHF --to https://example.org/flows

      Each package gets the git repository PLACE/PACKAGE with its files, the
      licence, and the tag of its version. Where its manifest names a folder beside
      it, the repository names BASE/PACKAGE and the range of versions that
      workspace.json has. An earlier tag there is compared first: a public symbol
      that is gone needs a version that says so. A place with an address is cloned,
      and what is new is pushed; the repository must be there, it may be empty.
      """)

  @Argument(help: "Package.", completion: Completions.packages) var package: String?
  @Flag(help: "Every library of the workspace, in the order of their layers.") var all = false
  @Option(help: ArgumentHelp("Folder or address of the repositories.", valueName: "place")) var to: String
  @Option(help: ArgumentHelp("Where users find the packages; default: the place itself.", valueName: "URL")) var base: String?
  @Flag(help: "Show the plan and stop.") var dryRun = false
  @Flag(help: "Do not compare the public symbols with those of the last version.") var skipComparison = false

  func run() throws {
    let workspace = try Workspace.current()
    if all == (package != nil) { throw UserError.usage("publish: give a package, or --all") }
    let members =
      try package.map { name throws(UserError) in [try workspace.member(name)] }
      ?? workspace.members.filter { $0.path.hasPrefix("Packages/") }.sorted { $0.layer < $1.layer }
    let remote = RemotePlace(to)
    let root = remote == nil ? FileAccess.absolute(to) : "\(workspace.folder)/.build/published"
    let base = base ?? remote?.address ?? URL(fileURLWithPath: root).absoluteString.trimmingSuffix("/")
    if let remote { for member in members { try remote.fetch(member.name, into: "\(root)/\(member.name)") } }
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
      try remote?.push(standalone.version, from: folder)
      let place = remote.map { "\($0.address)/\(standalone.member.name)" } ?? FileAccess.display(folder)
      Terminal.note("published \(standalone.member.name) \(standalone.version) in \(place)")
      guard remote == nil, self.base == nil else { continue }
      for needed in try standalone.neighbours(base: base) where !FileAccess.exists("\(root)/\(needed)") {
        Terminal.note("it needs \(needed), which is not in \(FileAccess.display(root)) yet: flowctl publish \(needed) --to \(to)")
      }
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
    let found = try BreakingChanges(since: "\(previous)", modules: [], folder: folder, scratch: ".build")
    let (name, part) = (standalone.member.name, standalone.version.breakingPart)
    try found.refuse("\(name) \(standalone.version)", since: "\(previous)", remedy: "'flowctl version bump \(name) \(part)' says so")
  }
}

extension String {
  /// Without `suffix` where it ends with it.
  func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
