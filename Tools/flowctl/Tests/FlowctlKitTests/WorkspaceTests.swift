import FlowctlKit
import Foundation
import Testing

@Suite struct WorkspaceTests {
  @Test func thisWorkspaceIsReadAndKnowsItsMembers() throws {
    let workspace = try Workspace.read(folder: workspaceFolder)
    #expect(try workspace.member("flowctl").version == flowctlVersion)
    for member in workspace.members { #expect(FileAccess.exists("\(workspaceFolder)/\(member.path)/Package.swift"), "\(member.name)") }
    let found = complaint { _ = try workspace.member("Integrator") }
    #expect(found?.sentence == "unknown package 'Integrator'; did you mean 'Integrators'?")
    #expect(found?.code == 64)
    #expect(complaint { _ = try workspace.recipeFile("supernvoa") }?.sentence == "unknown recipe 'supernvoa'; did you mean 'supernova'?")
    #expect(try workspace.recipeFile("./mine.json") == "./mine.json")
  }

  @Test func aBrokenWorkspaceFileIsNamed() throws {
    let folder = TemporaryFolder()
    try folder.write(
      "{\"swift\": \"6.3\", \"recipes\": \"R/*.json\", \"members\": [{\"name\": \"A\", \"path\": \"A\"}]}", to: "workspace.json")
    let found = complaint { _ = try Workspace.read(folder: folder.path) }
    #expect(found?.sentence == "\(folder.path)/workspace.json: the key 'members[0].layer' is missing or has the wrong type")
  }

  @Test func importsOfThisWorkspacePointDownwards() throws {
    #expect(try Layering(Workspace.read(folder: workspaceFolder)).violations() == [])
  }

  @Test func importsThatPointUpOrSidewaysAreFound() throws {
    let folder = TemporaryFolder()
    func member(_ name: String, _ layer: Int, bridges: [String: Int] = [:], banned: [String] = []) -> Workspace.Member {
      Workspace.Member(name: name, path: name, layer: layer, version: "1", moduleLayers: bridges, mayNotImport: banned)
    }
    let workspace = Workspace(
      folder: folder.path,
      members: [member("A", 0, bridges: ["Bridge": 1], banned: ["Foundation"]), member("B", 0), member("C", 2), member("D", 2)],
      recipes: "R/*.json", swift: "6.3")
    try folder.write("import B\nimport Foundation\n", to: "A/Sources/A/A.swift")
    try folder.write("public import A\nimport B\n", to: "A/Sources/Bridge/Bridge.swift")
    try folder.write("let x = 1 // import C\n", to: "B/Sources/B/B.swift")
    try folder.write("import Bridge\n@testable import struct D.Thing\n", to: "C/Sources/C/Deep/C.swift")
    try folder.write("import A\nimport Glibc\n", to: "D/Sources/D/D.swift")
    #expect(
      Layering(workspace).violations() == [
        "\(folder.path)/A/Sources/A/A.swift: A (layer 0) must not import B (layer 0)",
        "\(folder.path)/A/Sources/A/A.swift: A must not import Foundation",
        "\(folder.path)/C/Sources/C/Deep/C.swift: C (layer 2) must not import D (layer 2)",
      ])
  }

  @Test func aTargetThatTheRootForgotIsFound() throws {
    let dump = """
      {"targets": [{"name": "X", "type": "regular"}, {"name": "XTests", "type": "test"}, {"name": "C", "type": "system", "path": "Sources/CX"}]}
      """
    let targets = try ManifestCheck.targets(inDump: dump, prefix: "Packages/X")
    #expect(targets.map(\.path) == ["Packages/X/Sources/X", "Packages/X/Tests/XTests", "Packages/X/Sources/CX"])
    let root = [targets[0], ManifestCheck.Target(name: "C", path: "Elsewhere/C")]
    #expect(
      ManifestCheck.differences(root: root, member: "X", targets: targets) == [
        "Package.swift: the target XTests of X is missing; declare it with path \"Packages/X/Tests/XTests\"",
        "Package.swift: the target C has path \"Elsewhere/C\", but X keeps it in \"Packages/X/Sources/CX\"",
      ])
  }
}
