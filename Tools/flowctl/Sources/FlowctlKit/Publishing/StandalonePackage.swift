import Foundation

/// One package of the workspace as a repository of its own: its files, the licence, and a manifest whose neighbours are versions, not folders.
package struct StandalonePackage: Sendable {
  package let member: Workspace.Member
  package let version: VersionNumber
  private let workspace: Workspace

  /// Throws when the version in `workspace.json` is not one.
  package init(_ member: Workspace.Member, in workspace: Workspace) throws(UserError) {
    guard let version = VersionNumber(member.version) else {
      throw .failure("workspace.json: the version '\(member.version)' of \(member.name) is not of the form MAJOR.MINOR.PATCH")
    }
    (self.member, self.version, self.workspace) = (member, version, workspace)
  }

  /// The manifest with every `.package(path:)` replaced by an address and the range of versions that `workspace.json` has.
  package func manifest(base: String) throws(UserError) -> String {
    let path = "\(workspace.folder(of: member))/Package.swift"
    return try StandalonePackage.versioned(
      FileAccess.readText(path), of: member, base: base, members: workspace.members, source: FileAccess.display(path))
  }

  /// Packages of the workspace that this one names in its manifest.
  package func neighbours(base: String) throws(UserError) -> [String] {
    try manifest(base: base).split(separator: "\"").filter { $0.hasPrefix(base + "/") }.map { String($0.dropFirst(base.count + 1)) }
  }

  private static func versioned(
    _ manifest: String, of member: Workspace.Member, base: String, members: [Workspace.Member], source: String
  ) throws(UserError) -> String {
    var text = manifest
    for neighbour in try Neighbour.all(in: manifest, members: members, source: source) {
      let range = try VersionRange(of: neighbour.member, for: member)
      text = text.replacing(neighbour.clause, with: ".package(url: \"\(base)/\(neighbour.member.name)\", \(range.manifest))")
    }
    return text
  }

  /// Replaces all files of the repository at `folder` (made where there is none) and commits and tags them. Returns false when nothing changed.
  package func write(to folder: String, base: String) throws(UserError) -> Bool {
    let manifest = try manifest(base: base)
    let identity = try identity()
    let unknown = try git(["ls-files", "--others", "--exclude-standard", member.path], in: workspace.folder).split(separator: "\n")
    if let first = unknown.first {
      throw .failure(
        "\(first): git does not know it\(unknown.count > 1 ? ", and \(unknown.count - 1) more" : ""); 'git add \(member.path)' comes first, or it would not be published"
      )
    }
    if !FileAccess.exists("\(folder)/.git") {
      if !FileAccess.names(in: folder).isEmpty { throw .failure("\(FileAccess.display(folder)): holds files but is no git repository") }
      try FileAccess.createFolder(folder)
      try git(["init", "-q", "-b", "main"], in: folder)
    }
    if try git(["status", "--porcelain"], in: folder) != "" {
      throw .failure("\(FileAccess.display(folder)): has changes that are not committed; nothing is published over them")
    }
    if try git(["tag", "--list", "\(version)"], in: folder) != "" {
      throw .failure(
        "\(FileAccess.display(folder)): has the tag \(version) already; 'flowctl version bump \(member.name) PART' comes first")
    }
    for name in FileAccess.names(in: folder) where name != ".git" { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    // What git tracks, as it lies there now: neither build products nor files of the day.
    for file in try git(["ls-files", member.path], in: workspace.folder).split(separator: "\n").map(String.init) {
      try copy("\(workspace.folder)/\(file)", to: "\(folder)/\(file.dropFirst(member.path.count + 1))")
    }
    for shared in ["LICENSE", ".swift-format", ".gitignore"] where FileAccess.exists("\(workspace.folder)/\(shared)") {
      try copy("\(workspace.folder)/\(shared)", to: "\(folder)/\(shared)")
    }
    try FileAccess.write(manifest, to: "\(folder)/Package.swift")
    try git(["add", "--all"], in: folder)
    let changed = try git(["status", "--porcelain"], in: folder) != ""
    if changed { try git(identity + ["commit", "-q", "-m", "\(member.name) \(version)"], in: folder) }
    try git(["tag", "\(version)"], in: folder)
    return changed
  }

  /// Versions that the repository at `folder` has, the newest last.
  package static func versions(in folder: String) -> [VersionNumber] {
    guard FileAccess.exists("\(folder)/.git"), let result = try? Subprocess(["git", "tag", "--list"], folder: folder).run(),
      result.succeeded
    else { return [] }
    return result.output.split(separator: "\n").compactMap { VersionNumber(String($0)) }.sorted()
  }

  /// Who commits in the workspace, as options for git; a new repository does not know it. Throws when nobody is named.
  private func identity() throws(UserError) -> [String] {
    let found = try Subprocess(["git", "var", "GIT_COMMITTER_IDENT"], folder: workspace.folder).run()
    guard found.succeeded, let name = found.output.firstMatch(of: /^(.+) <(.*)>/) else {
      throw .failure("git does not know who you are: git config --global user.name NAME, and git config --global user.email ADDRESS")
    }
    return ["-c", "user.name=\(name.1)", "-c", "user.email=\(name.2)"]
  }

  private func copy(_ source: String, to target: String) throws(UserError) {
    guard FileAccess.exists(source) else { return }
    do {
      try FileAccess.createFolder(URL(fileURLWithPath: target).deletingLastPathComponent().path)
      try FileManager.default.copyItem(atPath: source, toPath: target)
    } catch let error as UserError { throw error } catch { throw .failure("\(target): cannot be written: \(error.localizedDescription)") }
  }

  @discardableResult
  private func git(_ arguments: [String], in folder: String) throws(UserError) -> String {
    let command = Subprocess(["git"] + arguments, folder: folder)
    let result = try command.run(merged: true)
    guard result.succeeded else { throw .failure("`\(command.typed)` failed in \(FileAccess.display(folder)): \(result.output)") }
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
