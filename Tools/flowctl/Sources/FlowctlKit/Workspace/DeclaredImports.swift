/// Whether each target declares what its sources import. SwiftPM lets an undeclared import pass where another dependency brings the module
/// along, until that dependency no longer does.
struct DeclaredImports {
  private let workspace: Workspace
  private let root: [ManifestCheck.Target]

  /// `root` has the targets of the root manifest, which are those of all packages.
  init(_ workspace: Workspace, root: [ManifestCheck.Target]) { (self.workspace, self.root) = (workspace, root) }

  /// One sentence for each target and module; `targets` are those of the member's own manifest.
  func complaints(of member: Workspace.Member, targets: [ManifestCheck.Target]) -> [String] {
    // Modules that come with the toolchain or the system are in no manifest.
    let modules = Set((root + targets).flatMap { [$0.name] + $0.dependencies })
    return targets.flatMap { target -> [String] in
      var users: [String: String] = [:]
      for file in FileAccess.files(under: "\(workspace.folder)/\(target.path)", extension: "swift") {
        for module in Layering.imports(in: (try? FileAccess.readText(file)) ?? "") where modules.contains(module) && module != target.name {
          users[module] = users[module] ?? FileAccess.display(file)
        }
      }
      return users.filter { !target.dependencies.contains($0.key) }.sorted { $0.key < $1.key }.map { module, file in
        "\(member.path)/Package.swift: the target \(target.name) does not declare \(module), which \(file) imports"
      }
    }
  }

  /// Throws when a package imports what its manifest does not declare.
  static func check(_ members: [Workspace.Member], in workspace: Workspace) throws(UserError) {
    let imports = DeclaredImports(workspace, root: try ManifestCheck.targets(of: workspace.folder, prefix: ""))
    var complaints: [String] = []
    for member in members {
      let targets = try ManifestCheck.targets(of: workspace.folder(of: member), prefix: member.path)
      complaints += imports.complaints(of: member, targets: targets)
    }
    if !complaints.isEmpty { throw .failure("a package alone has only what it declares\n" + complaints.joined(separator: "\n")) }
  }
}
