import Foundation
import Testing

@testable import FlowctlKit

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

  @Test func aTargetThatTheRootLetsImportSomethingElseIsFound() {
    func target(_ dependencies: [String]) -> ManifestCheck.Target {
      ManifestCheck.Target(name: "X", path: "Packages/X/Sources/X", dependencies: dependencies)
    }
    #expect(
      ManifestCheck.differences(root: [target(["A", "B"])], member: "X", targets: [target(["C", "A"])]) == [
        "Package.swift: the target X depends on other modules than in X: B, C"
      ])
    #expect(ManifestCheck.differences(root: [target(["A", "B"])], member: "X", targets: [target(["B", "A"])]) == [])
  }

  /// Upper uses Lower and forgot to say so; Middle, which it does declare, brings Lower along, so SwiftPM builds it.
  @Test func anImportThatIsNotDeclaredIsFound() throws {
    let folder = TemporaryFolder()
    func manifest(_ name: String, _ dependencies: String, packages: String = "") -> String {
      """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(name: "\(name)", products: [.library(name: "\(name)", targets: ["\(name)"])], dependencies: [\(packages)],
        targets: [.target(name: "\(name)", dependencies: [\(dependencies)])\(name == "Root" ? ", .target(name: \"Middle\"), .target(name: \"Lower\")" : "")])
      """
    }
    try folder.write(manifest("Root", "\"Middle\""), to: "Package.swift")
    try folder.write(
      manifest("Upper", ".product(name: \"Middle\", package: \"Middle\")", packages: ".package(path: \"../Middle\")"),
      to: "Packages/Upper/Package.swift")
    try folder.write("import Foundation\nimport Middle\nimport Lower\n", to: "Packages/Upper/Sources/Upper/Upper.swift")
    let upper = Workspace.Member(name: "Upper", path: "Packages/Upper", layer: 1, version: "1.0.0")
    let workspace = Workspace(folder: folder.path, members: [upper], recipes: "R/*.json", swift: "6.3")
    #expect(
      complaint { try DeclaredImports.check([upper], in: workspace) }?.sentence
        == "a package alone has only what it declares\nPackages/Upper/Package.swift: the target Upper does not declare Lower, which \(folder.path)/Packages/Upper/Sources/Upper/Upper.swift imports"
    )
    try folder.write("import Foundation\nimport Middle\n", to: "Packages/Upper/Sources/Upper/Upper.swift")
    #expect(throws: Never.self) { try DeclaredImports.check([upper], in: workspace) }
  }

  @Test func theRangesOfThisWorkspaceHoldItsVersions() throws {
    #expect(try Doctor(Workspace.read(folder: workspaceFolder)).ranges() == [])
  }
}
