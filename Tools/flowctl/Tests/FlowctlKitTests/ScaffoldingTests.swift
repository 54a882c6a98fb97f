import Foundation
import Testing

@testable import FlowctlKit

@Suite struct ScaffoldingTests {
  private var workspace: Workspace { get throws { try Workspace.read(folder: workspaceFolder) } }

  @Test func aNewPackageIsDeclaredWhereItsNeighboursAre() throws {
    let files = try PackageSkeleton("RingFlows", in: workspace).files(in: workspace)
    let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
    #expect(
      files.map(\.path) == [
        "Packages/RingFlows/Package.swift", "Packages/RingFlows/Sources/RingFlows/HarmonicWell.swift",
        "Packages/RingFlows/Tests/RingFlowsTests/HarmonicWellTests.swift", "Packages/RingFlows/README.md",
        "Packages/RingFlows/CHANGELOG.md", "workspace.json", "Package.swift",
      ])
    let imports = texts["Packages/RingFlows/Tests/RingFlowsTests/HarmonicWellTests.swift"]?.split(separator: "\n").prefix(4)
    #expect(imports == ["import Autodiff", "import Probability", "import RingFlows", "import Testing"])
    // Both manifests as SwiftPM understands them.
    let folder = TemporaryFolder()
    func targets(_ path: String, prefix: String) throws -> [ManifestCheck.Target] {
      try folder.write(#require(texts[path]), to: path)
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      let dump = try Subprocess(["swift", "package", "dump-package", "--package-path", "\(folder.path)/\(parent)"]).run()
      #expect(dump.succeeded)
      return try ManifestCheck.targets(inDump: dump.output, prefix: prefix)
    }
    let own = try targets("Packages/RingFlows/Package.swift", prefix: "Packages/RingFlows")
    #expect(own.map(\.name) == ["RingFlows", "RingFlowsTests"])
    #expect(try ManifestCheck.differences(root: targets("Package.swift", prefix: ""), member: "RingFlows", targets: own) == [])
    #expect(own.map(\.dependencies) == [["Autodiff", "Probability"], ["RingFlows", "Autodiff", "Probability"]])
    #expect(texts["Package.swift"]?.contains("\"RingFlows\"") == true)
    #expect(texts["Package.swift"]?.split(separator: "\n").allSatisfy { $0.count <= 140 } == true)
    // The list of members keeps all it had; the new one stands before the tools.
    try folder.write(#require(texts["workspace.json"]), to: "workspace.json")
    let members = try Workspace.read(folder: folder.path).members
    #expect(try members.filter { $0.name != "RingFlows" } == workspace.members)
    #expect(
      try members.dropLast().last?.needs == ["Autodiff": "\(VersionRange(from: #require(VersionNumber(workspace.members[0].version))))"])
    #expect(members.last?.name == "flowctl" && members.dropLast().last?.mayNotImport == ["HDF5", "DataIO", "ModelIO"])
  }

  @Test func theRootManifestGrowsInPlace() throws {
    let manifest = """
      let edg: [Target] = []

      let package = Package(
        products: [
          "Autodiff", "EDG",
        ].map { .library(name: $0, targets: [$0]) },
        targets: autodiff + edg,
        swiftLanguageModes: [.v6]
      )
      """
    let grown = try RootManifest.adding("HMCFlows", importing: ["Autodiff"], to: manifest, source: "Package.swift")
    #expect(
      grown == """
        let edg: [Target] = []

        let hmcFlows: [Target] = [
          library("HMCFlows", "HMCFlows", ["Autodiff"]),
          tests("HMCFlows", "HMCFlowsTests", ["HMCFlows", "Autodiff"]),
        ]

        let package = Package(
          products: [
            "Autodiff", "EDG", "HMCFlows",
          ].map { .library(name: $0, targets: [$0]) },
          targets: autodiff + edg + hmcFlows,
          swiftLanguageModes: [.v6]
        )
        """)
    #expect(
      complaint { _ = try RootManifest.adding("Edg", importing: [], to: manifest, source: "Package.swift") }?.sentence
        == "new package Edg: Package.swift has a 'edg' already; give another name")
    #expect(
      complaint { _ = try RootManifest.adding("X", importing: [], to: "", source: "Package.swift") }?.sentence.hasPrefix(
        "Package.swift: cannot find where to declare X") == true)
    #expect(["KernelFlows", "EDG", "DataIO", "X"].map(RootManifest.constantName) == ["kernelFlows", "edg", "dataIO", "x"])
  }

  @Test(arguments: [
    ("ring", "new package ring: a package is a Swift module; give letters and digits that begin with a capital, for instance RingFlows"),
    (
      "Ring-Flows",
      "new package Ring-Flows: a package is a Swift module; give letters and digits that begin with a capital, for instance RingFlows"
    ),
    ("NHF", "new package NHF: there is a module 'NHF' already; give another name"),
    (
      "probability",
      "new package probability: a package is a Swift module; give letters and digits that begin with a capital, for instance RingFlows"
    ),
    ("Hdf5", "new package Hdf5: there is a module 'HDF5' already; give another name"),
    ("Testing", "new package Testing: there is a module 'Testing' already; give another name"),
    ("Default", "new package Default: 'default' is a word of Swift; give another name"),
  ])
  func namesThatCannotBeAPackageAreRefused(_ name: String, _ sentence: String) throws {
    let workspace = try workspace
    let found = complaint { _ = try PackageSkeleton(name, in: workspace) }
    #expect(found?.sentence == sentence && found?.code == 64)
  }

  @Test func aNewRecipeHasEveryKeyOfTheOneItResembles() throws {
    let workspace = try workspace
    let recipe = try RecipeSkeleton("supernova-narrow", from: nil, in: workspace)
    #expect(recipe.model == "supernova" && recipe.path == "\(workspaceFolder)/Recipes/supernova-narrow.json")
    let source = try RecipeFile.read(workspace.recipeFile("supernova"))
    let made = try RecipeFile.resolve(name: "m", text: recipe.text, source: "m.json")
    #expect(recipe.text.contains("\"$schema\": \"schema/recipe.json\""))
    for (old, new) in zip(source.fields, made.fields) where !["title", "about"].contains(old.key) { #expect(old == new) }
    #expect(made.recipe.title == "supernova-narrow" && made.recipe.reference == source.recipe.reference)
    #expect(try RecipeSkeleton("galaxies", from: nil, in: workspace).model == "nhf-gmm2d")
    let chains = try RecipeSkeleton("/tmp/none/mine", from: "markov-chains", in: workspace)
    #expect(chains.path == "/tmp/none/mine.json" && chains.text.contains("\"\(workspaceFolder)/Recipes/schema/recipe.json\""))
  }

  @Test func recipesThatCannotBeMadeAreRefused() throws {
    let workspace = try workspace
    func sentence(_ name: String, _ source: String? = nil) -> String? {
      complaint { _ = try RecipeSkeleton(name, from: source, in: workspace) }?.sentence
    }
    #expect(
      sentence("My Flow")
        == "new recipe My Flow: give small letters, digits and hyphens, for instance nhf-two-moons, or the path of a JSON file")
    #expect(sentence("supernova")?.hasSuffix("Recipes/supernova.json: exists already; give another name") == true)
    #expect(sentence("mine", "supernvoa") == "--from supernvoa: neither a recipe nor an experiment; did you mean 'supernova'?")
    #expect(sentence("mine", "xyzzyxyzzy") == "--from xyzzyxyzzy: neither a recipe nor an experiment; 'flowctl list' shows them")
  }
}
