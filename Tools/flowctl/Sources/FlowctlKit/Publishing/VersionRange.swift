/// The versions of a package that another one works with, `0.3.0..<0.4.0`: from a lowest one to the first that may break its users.
struct VersionRange: Equatable, CustomStringConvertible, Sendable {
  let lowest: VersionNumber
  let limit: VersionNumber

  /// `lowest` and what comes after it without breaking users.
  init(from lowest: VersionNumber) { (self.lowest, limit) = (lowest, lowest.bumped(lowest.breakingPart)) }

  /// Nil when `text` is not two versions, the smaller one first, with `..<` between them.
  init?(_ text: String) {
    guard let match = text.wholeMatch(of: /(.+)\.\.<(.+)/), let lowest = VersionNumber(String(match.1)),
      let limit = VersionNumber(String(match.2)), lowest < limit
    else { return nil }
    (self.lowest, self.limit) = (lowest, limit)
  }

  var description: String { "\(lowest)..<\(limit)" }

  /// As a manifest has it.
  var manifest: String { "\"\(lowest)\"..<\"\(limit)\"" }

  func contains(_ version: VersionNumber) -> Bool { lowest <= version && version < limit }

  /// The range in which `member` uses `neighbour`. Throws where `workspace.json` has none, or one without the neighbour's present version.
  init(of neighbour: Workspace.Member, for member: Workspace.Member) throws(UserError) {
    guard let present = VersionNumber(neighbour.version) else {
      throw .failure("workspace.json: the version '\(neighbour.version)' of \(neighbour.name) is not of the form MAJOR.MINOR.PATCH")
    }
    let expected = VersionRange(from: present)
    guard let text = member.needs[neighbour.name] else {
      throw .failure(
        "workspace.json: \(member.name) has no range for \(neighbour.name), which its manifest names; give it \"needs\": {\"\(neighbour.name)\": \"\(expected)\"}"
      )
    }
    guard let range = VersionRange(text), range.contains(present) else {
      throw .failure(
        "workspace.json: \(member.name) needs \(neighbour.name) '\(text)', in which its version \(present) is not; expected \(expected)")
    }
    self = range
  }

  /// What is wrong with the ranges of a member: one missing, one without the present version, or one of a package that its manifest does
  /// not name.
  static func complaints(about member: Workspace.Member, in workspace: Workspace) -> [String] {
    let path = "\(workspace.folder(of: member))/Package.swift"
    do {
      let neighbours = try Neighbour.all(in: FileAccess.readText(path), members: workspace.members, source: FileAccess.display(path))
      let names = neighbours.map(\.member.name)
      let wrong = neighbours.compactMap { neighbour -> String? in
        do {
          _ = try VersionRange(of: neighbour.member, for: member)
          return nil
        } catch { return "\(error)" }
      }
      return wrong
        + member.needs.keys.filter { !names.contains($0) }.sorted().map {
          "workspace.json: \(member.name) needs \($0), which its manifest does not name"
        }
    } catch { return ["\(error)"] }
  }
}

/// A package of the workspace as the manifest of another one names it.
struct Neighbour: Sendable {
  /// `.package(path: "../Autodiff")`
  let clause: String
  let member: Workspace.Member

  /// Every package that the manifest names by its folder. Throws where one is not in the workspace.
  static func all(in manifest: String, members: [Workspace.Member], source: String) throws(UserError) -> [Neighbour] {
    var found: [Neighbour] = []
    for match in manifest.matches(of: /\.package\(path: "([^"]+)"\)/) {
      let folder = String(match.1.split(separator: "/").last ?? "")
      guard let member = members.first(where: { $0.path.hasSuffix("/" + folder) }) else {
        throw .failure("\(source): depends on \(match.1), which workspace.json does not list")
      }
      found.append(Neighbour(clause: String(match.0), member: member))
    }
    return found
  }
}
