/// Which package of the workspace uses which, read from the imports of sources and tests, so that it cannot drift from the code.
public struct PackageGraph: Sendable {
  public let members: [Workspace.Member]
  /// Names of the packages that each package uses itself, sorted.
  public let uses: [String: [String]]

  public init(members: [Workspace.Member], uses: [String: [String]]) {
    self.members = members
    self.uses = uses
  }

  /// Reads every source and test file of the workspace.
  public init(_ workspace: Workspace) {
    var owner: [String: String] = [:]
    for member in workspace.members {
      for module in FileAccess.names(in: "\(workspace.folder(of: member))/Sources") { owner[module] = member.name }
    }
    var uses: [String: [String]] = [:]
    for member in workspace.members {
      var found: Set<String> = []
      for part in ["Sources", "Tests"] {
        for file in FileAccess.files(under: "\(workspace.folder(of: member))/\(part)", extension: "swift") {
          let text = (try? FileAccess.readText(file)) ?? ""
          found.formUnion(Layering.imports(in: text).compactMap { owner[$0] })
        }
      }
      uses[member.name] = found.subtracting([member.name]).sorted()
    }
    self.init(members: workspace.members, uses: uses)
  }

  /// The packages of `names` and all that use them, directly or not, in the order of the workspace.
  public func dependants(of names: Set<String>) -> [Workspace.Member] {
    var reached = names
    var grew = true
    while grew {
      let more = members.map(\.name).filter { name in !reached.contains(name) && uses[name, default: []].contains(where: reached.contains) }
      reached.formUnion(more)
      grew = !more.isEmpty
    }
    return members.filter { reached.contains($0.name) }
  }

  /// One line per package: what it uses, and what uses it.
  public var text: String {
    var table = TextTable(["layer", "package", "uses", "is used by"], rightAligned: [0])
    for member in members.sorted(by: { $0.layer < $1.layer }) {
      let users = members.map(\.name).filter { uses[$0, default: []].contains(member.name) }
      table.append(["\(member.layer)", member.name, uses[member.name, default: []].joined(separator: ", "), users.joined(separator: ", ")])
    }
    return table.text
  }

  /// For Graphviz: an arrow from each package to what it uses; layers as ranks.
  public var dot: String {
    var lines = ["digraph workspace {", "  rankdir = BT;", "  node [shape = box, style = rounded];"]
    for layer in Set(members.map(\.layer)).sorted() {
      let names = members.filter { $0.layer == layer }.map { "\"\($0.name)\"" }
      lines.append("  { rank = same; \(names.joined(separator: "; ")) }")
    }
    for member in members { for used in uses[member.name, default: []] { lines.append("  \"\(member.name)\" -> \"\(used)\";") } }
    return (lines + ["}"]).joined(separator: "\n")
  }
}
