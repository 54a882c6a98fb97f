/// The texts that a new version of a package changes: its line in `workspace.json`, the head of its change log, and for the tool itself
/// the constant that `--version` prints.
package enum VersionBump {
  /// One file with its new text.
  package struct Edit: Equatable, Sendable {
    package let path: String
    package let text: String
  }

  /// Throws when the change log has no entries for the new version.
  package static func edits(of member: Workspace.Member, to version: VersionNumber, in workspace: Workspace) throws(UserError) -> [Edit] {
    let folder = workspace.folder(of: member)
    let log = "\(folder)/CHANGELOG.md"
    let list = "\(workspace.folder)/workspace.json"
    let changed = try changeLog(FileAccess.readText(log), from: member.version, to: version, source: FileAccess.display(log))
    let document: JSONValue
    do { document = try JSONParser.parse(FileAccess.readText(list)) } catch { throw .failure("\(FileAccess.display(list)): \(error)") }
    var edits = [Edit(path: log, text: changed), Edit(path: list, text: replacing(document, member.name, version).pretty)]
    for file in FileAccess.files(under: "\(folder)/Sources", extension: "swift") {
      let text = try FileAccess.readText(file)
      let line = "public let \(member.name)Version = \"\(member.version)\""
      if text.contains(line) {
        edits.append(Edit(path: file, text: text.replacing(line, with: "public let \(member.name)Version = \"\(version)\"")))
      }
    }
    return edits
  }

  /// The heading `Unreleased` becomes the version; entries under it are required.
  static func changeLog(_ text: String, from old: String, to new: VersionNumber, source: String) throws(UserError) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let heading = lines.firstIndex(of: "## Unreleased"),
      lines[(heading + 1)...].prefix(while: { !$0.hasPrefix("## ") }).contains(where: isEntry)
    else { throw .failure("\(source): no entries under '## Unreleased'; write what a user notices in \(new) first") }
    return lines.map { $0 == "## Unreleased" ? "## \(new)" : $0 }.joined(separator: "\n")
  }

  /// Whether a line of a change log begins an entry.
  static func isEntry(_ line: some StringProtocol) -> Bool { line.hasPrefix("- ") || line.hasPrefix("* ") }

  private static func replacing(_ document: JSONValue, _ name: String, _ version: VersionNumber) -> JSONValue {
    guard let members = document.members else { return document }
    return .object(
      members.map { entry in
        guard entry.name == "members", let list = entry.value.list else { return entry }
        return JSONMember(
          name: "members",
          value: .list(
            list.map { member in
              guard member["name"]?.text == name, let keys = member.members else { return member }
              return .object(keys.map { $0.name == "version" ? JSONMember(name: "version", value: .text("\(version)")) : $0 })
            }))
      })
  }
}
