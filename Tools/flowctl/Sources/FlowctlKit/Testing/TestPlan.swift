/// Which groups of tests belong to the workspace or to one package.
public enum TestPlan {
  /// What `--affected` has to run: the touched packages and all that use them; everything when the root changed.
  public static func groups(
    for workspace: Workspace, changed: ChangedFiles, isolated: Bool = false
  ) throws(UserError) -> (groups: [TestGroup], notRun: [String]) {
    if changed.touchesEverything { return try groups(for: workspace, package: nil, isolated: isolated) }
    let affected = PackageGraph(workspace).dependants(of: changed.touched(in: workspace))
    let isToolAffected = affected.contains { isTool($0) }
    var plan: [TestGroup] = affected.filter { !isTool($0) }.map { group(of: $0, isolated: isolated, workspace) }
    var notRun: [String] = []
    if isToolAffected || changed.touchesCrossTests {
      plan.append(tool(workspace))
      let cross = crossTests(workspace)
      plan += cross.groups
      notRun = cross.notRun
    }
    return (plan, notRun)
  }

  /// The groups, and a sentence for each one that this machine cannot run.
  public static func groups(
    for workspace: Workspace, package: String?, isolated: Bool = false
  ) throws(UserError) -> (groups: [TestGroup], notRun: [String]) {
    if let package {
      let member = try workspace.member(package)
      return ([isTool(member) ? tool(workspace) : group(of: member, isolated: isolated, workspace)], [])
    }
    let libraries =
      isolated
      ? workspace.members.filter { !isTool($0) }.map { group(of: $0, isolated: true, workspace) }
      : [TestGroup(name: "libraries", commands: [["swift", "test", "-c", "release"]], runner: .swift, folder: workspace.folder)]
    let cross = crossTests(workspace)
    return (libraries + [tool(workspace)] + cross.groups, cross.notRun)
  }

  private static func isTool(_ member: Workspace.Member) -> Bool { member.path.hasPrefix("Tools/") }

  /// The tests that span packages, and why some cannot run here.
  private static func crossTests(_ workspace: Workspace) -> (groups: [TestGroup], notRun: [String]) {
    var groups: [TestGroup] = []
    var notRun: [String] = []
    for (name, folder) in [("interoperability", "Tests/Interop"), ("end to end", "Tests/EndToEnd")] {
      switch python(name, folder, workspace) {
      case .success(let group): groups.append(group)
      case .failure(let reason): notRun.append(reason.description)
      }
    }
    return (groups, notRun)
  }

  /// The tests of one package: in the build that all share, or in a build of its own, so that a dependency it forgot to declare shows.
  private static func group(of member: Workspace.Member, isolated: Bool, _ workspace: Workspace) -> TestGroup {
    let test = ["swift", "test", "-c", "release"]
    if isolated {
      return TestGroup(
        name: "\(member.name) alone", commands: [test + ["--package-path", member.path]], runner: .swift,
        folder: workspace.folder)
    }
    let targets = FileAccess.names(in: "\(workspace.folder(of: member))/Tests").filter {
      FileAccess.isFolder("\(workspace.folder(of: member))/Tests/\($0)")
    }
    return TestGroup(
      name: member.name, commands: [test + ["--filter", "^(\(targets.joined(separator: "|")))\\."]], runner: .swift,
      folder: workspace.folder)
  }

  /// The tool shares its build with the launcher; `swift test` would compile everything again with other flags.
  private static func tool(_ workspace: Workspace) -> TestGroup {
    let place = ["-c", "release", "--package-path", "Tools/flowctl"]
    return TestGroup(
      name: "flowctl", commands: [["swift", "build", "--build-tests"] + place, ["swift", "test", "--skip-build"] + place],
      runner: .swift, folder: workspace.folder)
  }

  private static func python(_ name: String, _ folder: String, _ workspace: Workspace) -> Result<TestGroup, UserError> {
    guard FileAccess.names(in: "\(workspace.folder)/\(folder)").contains(where: { $0.hasPrefix("test_") && $0.hasSuffix(".py") }) else {
      return .failure(.failure("not run: \(name) (no \(folder)/test_*.py)"))
    }
    let probe = try? Subprocess(["python3", "-c", "import numpy, h5py"]).run()
    guard probe?.succeeded == true else {
      return .failure(.failure("not run: \(name) (needs python3 with numpy and h5py)"))
    }
    return .success(
      TestGroup(
        name: name, commands: [["python3", "-m", "unittest", "discover", "-v", "-s", folder, "-t", folder]], runner: .python,
        folder: workspace.folder, environment: ["FLOWCTL": "\(workspace.folder)/flowctl"]))
  }
}
