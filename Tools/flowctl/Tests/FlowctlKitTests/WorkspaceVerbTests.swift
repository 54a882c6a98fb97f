import Foundation
import Testing

@testable import FlowctlKit

@Suite struct WorkspaceVerbTests {
  private var workspace: Workspace { get throws { try Workspace.read(folder: workspaceFolder) } }

  @Test func aPackageIsTestedInTheSharedBuildOrAlone() throws {
    let shared = try TestPlan.groups(for: workspace, package: "NHF").groups
    #expect(shared.map(\.commands) == [[["swift", "test", "-c", "release", "--filter", "^(NHFTests)\\."]]])
    let alone = try TestPlan.groups(for: workspace, package: "NHF", isolated: true).groups
    #expect(
      alone.map(\.commands) == [
        [["swift", "test", "-c", "release", "--package-path", "Packages/NHF"]]
      ])
    let all = try TestPlan.groups(for: workspace, package: nil, isolated: true).groups.map(\.name)
    #expect(all.contains("Integrators alone") && all.contains("flowctl") && !all.contains("libraries"))
  }

  @Test func aBuildOfItsOwnLooksForNewFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "flowctl-\(UUID().uuidString)")
    let build = folder.appending(path: "Waves/.build")
    try FileManager.default.createDirectory(at: build, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let list = build.appending(path: "release.yaml")
    try Data().write(to: list)
    _ = try Subprocess(["swift", "--version", "--package-path", "Waves"], folder: folder.path).run()
    #expect(FileManager.default.fileExists(atPath: list.path))
    // There is nothing to build; the list goes all the same.
    _ = try Subprocess(["swift", "build", "-c", "release", "--package-path", "Waves"], folder: folder.path).run()
    #expect(!FileManager.default.fileExists(atPath: list.path))
    #expect(Subprocess(["swift", "build", "-c", "release"], folder: folder.path).fileList == nil)
  }

  @Test func aPackageIsBuiltFromTheModulesThatNothingElseInItImports() throws {
    let workspace = try workspace
    #expect(BuildPlan.topModules(of: try workspace.member("NHF"), in: workspace) == ["BenchmarkWorkloads"])
    let steps = BuildPlan.steps(for: [try workspace.member("KernelFlows")], isolated: false, in: workspace)
    #expect(
      steps.map(\.command) == [["swift", "build", "-c", "release", "--scratch-path", ".build/libraries", "--target", "KernelFlowWorkload"]])
    let alone = BuildPlan.steps(for: [try workspace.member("NHF")], isolated: true, in: workspace)
    #expect(alone.map(\.command) == [["swift", "build", "-c", "release", "--package-path", "Packages/NHF"]])
  }

  @Test func aStepThatFailsIsToldAndTheOthersRun() throws {
    let folder = TemporaryFolder()
    let steps = [
      WorkSteps.Step(name: "first", command: ["false"]), WorkSteps.Step(name: "second", command: ["touch", "\(folder.path)/made"]),
    ]
    #expect(throws: EarlyExit(code: 1)) { try WorkSteps(folder: folder.path).run(steps, doing: "build") }
    #expect(FileAccess.exists("\(folder.path)/made"))
  }

  @Test func publicSymbolsWithoutADocstringAreFound() {
    let library = """
      /// Described.
      public protocol Shape {
        func area() -> Double
      }
      public struct Square: Shape {
        public let side: Double
        public init(side: Double) { self.side = side }
        public func area() -> Double { side * side }
        /// Described, with an attribute below.
        @inlinable
        public func perimeter() -> Double { 4 * side }
        public static func == (a: Square, b: Square) -> Bool { a.side == b.side }
        @inlinable public static func unit() -> Square { Square(side: 1) }
        func hidden() {}
      }
      """
    let found = SilentSymbols(protocolsIn: [library]).findings(in: library, file: "S.swift")
    #expect(found.map(\.line) == [5, 13])
    #expect(found.last?.declaration == "@inlinable public static func unit() -> Square { Square(side: 1) }")
  }

  @Test func aLedgerWithoutAMethodIsStale() {
    let ledger = "| Method | Order |\n| --- | --- |\n| leapfrog | 2 | 2.00 |\n| rotation and kick, tripleJump4 | 4 | 3.99 |\n"
    let source = "a(\"leapfrog\", order: 2, x) b(\"tripleJump4\", order: 4) c(\n\"new6\", order: 6) d(\"leapfrog\", order: 3)"
    #expect(
      LedgerCheck.complaints(ledger: ledger, path: "LEDGER.md", sources: [source]) == [
        "LEDGER.md: no row for new6 of order 6; 'swift run -c release ledger LEDGER.md' in its package writes it anew",
        "LEDGER.md: no row for leapfrog of order 3; 'swift run -c release ledger LEDGER.md' in its package writes it anew",
      ])
  }

  @Test func thisWorkspaceIsDescribedAndItsLedgerComplete() throws {
    let doctor = try Doctor(workspace)
    let findings = doctor.docstrings() + doctor.ledgers()
    #expect(findings.map(\.topic) == ["docstrings", "ledger"])
    #expect(findings.filter { $0.state == .bad } == [])
  }

  @Test func measurementsBelongToPackages() throws {
    #expect(
      try BenchPlan.commands(for: ["NHF"], options: ["--rounds", "1"], isNamed: true) == [
        ["python3", "Benchmarks/compare.py", "--workloads", "nhf-gmm2d,nhf-gmm2d-learned,nhf-digits", "--rounds", "1"]
      ])
    #expect(try BenchPlan.commands(for: ["NHF", "DataIO"], options: [], isNamed: false).count == 3)
    #expect(try BenchPlan.commands(for: ["EDG"], options: [], isNamed: false).isEmpty)
    #expect(
      complaint { _ = try BenchPlan.commands(for: ["EDG"], options: [], isNamed: true) }?.sentence
        == "bench: nothing measures EDG; there are measurements of Autodiff, NHF, DataIO, Integrators")
  }

  @Test func theOldestRunsGoAndTheNewestOfEachRecipeStay() throws {
    let folder = TemporaryFolder()
    for (index, name) in ["a-1", "a-2", "a-3", "b-1"].enumerated() {
      try folder.write("{}", to: "\(name)/recipe.json")
      try folder.write("{\"recipe\": \"\(name.prefix(1))\"}", to: "\(name)/environment.json")
      let date = Date(timeIntervalSince1970: 1000 + Double(index))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(folder.path)/\(name)/recipe.json")
    }
    func old(_ keep: Int) -> [String] { Leftovers.runs(below: folder.path, keep: keep).map { FileAccess.stem($0.path) } }
    #expect(old(1) == ["a-1", "a-2"] && old(3) == [] && old(0) == ["a-1", "a-2", "a-3", "b-1"])
    #expect(Leftovers.size(of: folder.path) > 0 && Leftovers.text(12_345_678) == "12 MB" && Leftovers.text(1_234_567) == "1.2 MB")
  }

  @Test func buildProductsAreListedAndTheToolKeepsItsOwn() throws {
    let folder = TemporaryFolder()
    for path in [".build/x", "Packages/A/.build/x", "Tools/flowctl/.build/x", "Packages/B/Sources/x"] { try folder.write("1", to: path) }
    func member(_ path: String) -> Workspace.Member {
      Workspace.Member(name: FileAccess.stem(path), path: path, layer: 0, version: "1.0.0")
    }
    let workspace = Workspace(
      folder: folder.path, members: ["Packages/A", "Packages/B", "Tools/flowctl"].map(member), recipes: "R/*.json", swift: "6.3")
    func names(withTool: Bool) -> [String] {
      Leftovers.builds(of: workspace, withTool: withTool).map { String($0.path.dropFirst(folder.path.count + 1)) }
    }
    #expect(names(withTool: false) == [".build", "Packages/A/.build"])
    #expect(names(withTool: true) == [".build", "Packages/A/.build", "Tools/flowctl/.build"])
  }

  @Test func everyCommandOfTheTutorialIsUnderstood() throws {
    let folder = TemporaryFolder()
    let steps = Tutorial(folder: folder.path).steps
    #expect(steps.count >= 6 && steps.last?.arguments.isEmpty == true)
    for step in steps where !step.arguments.isEmpty { #expect(throws: Never.self) { _ = try FlowctlCommand.parseAsRoot(step.arguments) } }
    try folder.write("", to: "tutorial-1-short/x")
    #expect(Tutorial(folder: folder.path).steps[0].arguments.last == "\(folder.path)/tutorial-2-short")
  }

  @Test func theSiteHasAPageForEveryLibrary() throws {
    let site = try DocumentationSite(workspace)
    let modules = site.libraries.map(\.module)
    #expect(["Autodiff", "Probability", "ModelIO", "NHF", "KernelFlows"].allSatisfy(modules.contains))
    #expect(!modules.contains("ledger") && !modules.contains("CAutodiff"))
    let page = DocumentationIndex(site: site, base: "flows/").page
    #expect(page.contains("<a href=\"/flows/documentation/kernelflows/\">KernelFlows</a>"))
    #expect(DocumentationIndex.firstParagraph(of: "# T\n\nA `b` of [c](d)\n**and** e.\n\nMore") == "A b of c and e.")
  }
}
