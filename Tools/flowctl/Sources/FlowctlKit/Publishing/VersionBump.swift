/// The texts that a new version of a package changes: its line in `workspace.json` and the ranges of the packages that use it, the head of
/// its change log, and for the tool itself the constant that `--version` prints. Where the version may break users, the change log of each
/// package that uses it gets a line too.
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
    if let old = VersionNumber(member.version), version.allowsBreakingChanges(since: old) {
      for user in workspace.members where user.needs[member.name] != nil {
        let log = "\(workspace.folder(of: user))/CHANGELOG.md"
        edits.append(Edit(path: log, text: try need(of: member.name, VersionRange(from: version), in: FileAccess.readText(log))))
      }
    }
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

  /// The change log with an entry for the new range; an earlier one that is not released either gives way to it.
  static func need(of name: String, _ range: VersionRange, in text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let entry = "- Needs \(name) \(range)."
    if let heading = lines.firstIndex(of: "## Unreleased") {
      let next = lines[(heading + 1)...].firstIndex { $0.hasPrefix("## ") } ?? lines.endIndex
      if let old = lines[heading..<next].firstIndex(where: { $0.hasPrefix("- Needs \(name) ") }) {
        lines[old] = entry
      } else {
        let last = lines[heading..<next].lastIndex { !$0.isEmpty } ?? heading
        lines.insert(contentsOf: last == heading ? ["", entry] : [entry], at: last + 1)
      }
    } else {
      let place = lines.firstIndex { $0.hasPrefix("## ") } ?? lines.endIndex
      lines.insert(contentsOf: ["## Unreleased", "", entry, ""], at: place)
    }
    return lines.joined(separator: "\n")
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
              guard let keys = member.members else { return member }
              if member["name"]?.text == name {
                return .object(keys.map { $0.name == "version" ? JSONMember(name: "version", value: .text("\(version)")) : $0 })
              }
              return .object(keys.map { $0.name == "needs" ? needing(name, version, in: $0) : $0 })
            }))
      })
  }

  /// The ranges of one package, that of `name` set anew.
  private static func needing(_ name: String, _ version: VersionNumber, in needs: JSONMember) -> JSONMember {
    guard let ranges = needs.value.members else { return needs }
    let range = JSONValue.text("\(VersionRange(from: version))")
    return JSONMember(name: needs.name, value: .object(ranges.map { $0.name == name ? JSONMember(name: name, value: range) : $0 }))
  }
}
