import FlowctlKit
import Foundation
import Testing

@Suite struct PackageGraphTests {
  private func member(_ name: String, _ layer: Int) -> Workspace.Member {
    Workspace.Member(name: name, path: "Packages/\(name)", layer: layer, version: "1.0.0")
  }

  private var diamond: PackageGraph {
    PackageGraph(
      members: [member("Base", 0), member("Left", 1), member("Right", 1), member("Top", 2)],
      uses: ["Base": [], "Left": ["Base"], "Right": ["Base"], "Top": ["Base", "Left", "Right"]])
  }

  @Test func dependantsAreReachedThroughOthers() {
    #expect(diamond.dependants(of: ["Base"]).map(\.name) == ["Base", "Left", "Right", "Top"])
    #expect(diamond.dependants(of: ["Left"]).map(\.name) == ["Left", "Top"])
    #expect(diamond.dependants(of: []).isEmpty)
  }

  @Test func theTextAndTheDrawingNameEveryPackage() {
    #expect(diamond.text.contains("Base, Left, Right") && diamond.text.contains("Left, Right, Top"))
    #expect(diamond.dot.contains("\"Top\" -> \"Left\";") && diamond.dot.contains("{ rank = same; \"Left\"; \"Right\" }"))
  }

  @Test func thisWorkspaceHasTheGraphOfItsImports() throws {
    let graph = PackageGraph(try Workspace.read(folder: workspaceFolder))
    #expect(graph.uses["Autodiff"] == [] && graph.uses["Integrators"] == ["Autodiff"] && graph.uses["DataIO"] == ["Autodiff"])
    let affected = graph.dependants(of: ["NHF"]).map(\.name)
    #expect(affected == ["NHF", "flowctl"])
  }

  @Test func aTouchedModelPackageAffectsItselfAndItsDependantsOnly() throws {
    let workspace = try Workspace.read(folder: workspaceFolder)
    func tests(_ paths: [String]) throws -> [String] {
      try TestPlan.groups(for: workspace, changed: ChangedFiles(paths: paths)).groups.map(\.name)
    }
    let touched = try tests(["Packages/NHF/Sources/NHF/Flow/HamiltonianFlow.swift"])
    #expect(Array(touched.prefix(2)) == ["NHF", "flowctl"] && !touched.contains("Autodiff") && !touched.contains("libraries"))
    #expect(try tests(["Packages/NHF/README.md", "README.md"]).isEmpty)
    #expect(try tests(["Package.swift"]).first == "libraries")
    #expect(try tests(["Recipes/supernova.json"]).first == "flowctl")
  }

  @Test func changesAreReadFromGit() throws {
    let folder = TemporaryFolder()
    func git(_ arguments: String...) throws {
      let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
      #expect(try Subprocess(["git"] + identity + arguments, folder: folder.path).run().succeeded)
    }
    try folder.write("one", to: "Packages/A/Sources/A/a.swift")
    try folder.write("two", to: "b.txt")
    try git("init", "-q")
    try git("add", ".")
    try git("commit", "-q", "-m", "first")
    try folder.write("changed", to: "b.txt")
    try folder.write("new", to: "ä.txt")
    let workspace = Workspace(folder: folder.path, members: [], recipes: "R/*.json", swift: "6.3")
    #expect(try ChangedFiles(since: "HEAD", in: workspace).paths == ["b.txt", "ä.txt"])
    let found = complaint { _ = try ChangedFiles(since: "nowhere", in: workspace) }
    #expect(found?.code == 64 && found?.sentence.hasPrefix("--affected nowhere: git knows no such commit here") == true)
  }
}
