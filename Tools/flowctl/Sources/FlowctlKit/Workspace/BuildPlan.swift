/// The commands that build packages, together at the root or each alone.
enum BuildPlan {
  static func all(_ workspace: Workspace) -> [WorkSteps.Step] {
    // Tests are compiled with other flags; a folder of their own keeps each from undoing the other's work.
    [WorkSteps.Step(name: "all libraries", command: ["swift", "build", "-c", "release", "--scratch-path", ".build/libraries"])]
  }

  /// In the build that all packages share, or `isolated` in the package's own folder, where only what it declares is there.
  static func steps(for members: [Workspace.Member], isolated: Bool, in workspace: Workspace) -> [WorkSteps.Step] {
    members.flatMap { member -> [WorkSteps.Step] in
      let alone = ["swift", "build", "-c", "release", "--package-path", member.path]
      if isolated { return [WorkSteps.Step(name: "\(member.name) alone", command: alone)] }
      if !member.path.hasPrefix("Packages/") { return [WorkSteps.Step(name: member.name, command: alone)] }
      return topModules(of: member, in: workspace).map { module in
        WorkSteps.Step(
          name: module == member.name ? module : "\(member.name): \(module)",
          command: ["swift", "build", "-c", "release", "--scratch-path", ".build/libraries", "--target", module])
      }
    }
  }

  /// Modules of a package that no other module of it imports: building them builds the rest.
  static func topModules(of member: Workspace.Member, in workspace: Workspace) -> [String] {
    let folder = "\(workspace.folder(of: member))/Sources"
    var imported: Set<String> = []
    var modules: [String] = []
    for module in FileAccess.names(in: folder) {
      let files = FileAccess.files(under: "\(folder)/\(module)", extension: "swift")
      if !files.isEmpty { modules.append(module) }
      for file in files { imported.formUnion(Layering.imports(in: (try? FileAccess.readText(file)) ?? "").filter { $0 != module }) }
    }
    return modules.filter { !imported.contains($0) }
  }
}
