import Foundation
import Testing

@testable import FlowctlKit

@Suite struct PublishingTests {
  @Test func versionsAreReadComparedAndRaised() {
    #expect(VersionNumber("0.10.2") == VersionNumber(0, 10, 2) && VersionNumber("1.2") == nil && VersionNumber("1.2.x") == nil)
    #expect(VersionNumber("1..2") == nil && VersionNumber("-1.0.0") == nil)
    #expect(VersionNumber(0, 9, 9) < VersionNumber(0, 10, 0) && VersionNumber(0, 10, 0) < VersionNumber(1, 0, 0))
    #expect(VersionNumber.Part.allCases.map { VersionNumber(1, 2, 3).bumped($0).description } == ["2.0.0", "1.3.0", "1.2.4"])
    #expect(VersionNumber(0, 3, 0).allowsBreakingChanges(since: VersionNumber(0, 2, 9)))
    #expect(!VersionNumber(0, 2, 1).allowsBreakingChanges(since: VersionNumber(0, 2, 0)))
    #expect(!VersionNumber(1, 3, 0).allowsBreakingChanges(since: VersionNumber(1, 2, 0)))
    #expect(VersionNumber(2, 0, 0).allowsBreakingChanges(since: VersionNumber(1, 2, 0)))
  }

  private let manifest = """
    // swift-tools-version: 6.2
    import PackageDescription
    let package = Package(name: "Upper", products: [.library(name: "Upper", targets: ["Upper"])],
      dependencies: [.package(path: "../Lower")],
      targets: [.target(name: "Upper", dependencies: [.product(name: "Lower", package: "Lower")])])
    """

  /// A workspace of two packages in a git repository.
  private func workspace(_ folder: TemporaryFolder, lower: String = "0.3.1", needs: String = "0.3.1..<0.4.0") throws -> Workspace {
    try folder.write(
      """
      {"swift": "6.3", "recipes": "Recipes/*.json", "members": [
        {"name": "Lower", "path": "Packages/Lower", "layer": 0, "version": "\(lower)"},
        {"name": "Upper", "path": "Packages/Upper", "layer": 1, "version": "0.1.0", "needs": {"Lower": "\(needs)"}}]}
      """, to: "workspace.json")
    try folder.write("Apache", to: "LICENSE")
    try folder.write(manifest, to: "Packages/Upper/Package.swift")
    try folder.write("import Lower\n", to: "Packages/Upper/Sources/Upper/Upper.swift")
    try folder.write("# Changes\n\n## Unreleased\n\n- It does more.\n\n## 0.1.0\n\n- First.\n", to: "Packages/Upper/CHANGELOG.md")
    try folder.write("# Changes\n\n## \(lower)\n\n- First.\n", to: "Packages/Lower/CHANGELOG.md")
    for arguments in [["init", "-q"], ["add", "."]] { #expect(try Subprocess(["git"] + arguments, folder: folder.path).run().succeeded) }
    return try Workspace.read(folder: folder.path)
  }

  @Test func aPublishedManifestNamesVersionsInsteadOfFolders() throws {
    let folder = TemporaryFolder()
    let early = try StandalonePackage(workspace(folder).member("Upper"), in: workspace(folder)).manifest(base: "https://example.org")
    #expect(early.contains(".package(url: \"https://example.org/Lower\", \"0.3.1\"..<\"0.4.0\")") && !early.contains("path:"))
    let stable = try workspace(folder, lower: "2.0.0", needs: "2.0.0..<3.0.0")
    #expect(
      try StandalonePackage(stable.member("Upper"), in: stable).manifest(base: "b").contains(
        ".package(url: \"b/Lower\", \"2.0.0\"..<\"3.0.0\")"))
  }

  @Test func aPackageBecomesARepositoryWithItsTag() throws {
    let folder = TemporaryFolder()
    let workspace = try workspace(folder)
    let upper = try StandalonePackage(workspace.member("Upper"), in: workspace)
    let target = folder.path + "/out/Upper"
    setenv("GIT_AUTHOR_NAME", "t", 0)
    setenv("GIT_AUTHOR_EMAIL", "t@example.org", 0)
    setenv("GIT_COMMITTER_NAME", "t", 0)
    setenv("GIT_COMMITTER_EMAIL", "t@example.org", 0)
    #expect(try upper.write(to: target, base: "file:///packages"))
    #expect(StandalonePackage.versions(in: target) == [VersionNumber(0, 1, 0)])
    #expect(FileAccess.exists(target + "/Sources/Upper/Upper.swift") && FileAccess.exists(target + "/LICENSE"))
    #expect(!FileAccess.exists(target + "/Packages"))
    let again = complaint { _ = try upper.write(to: target, base: "file:///packages") }
    #expect(again?.sentence == "\(target): has the tag 0.1.0 already; 'flowctl version bump Upper PART' comes first")
    #expect(
      complaint { _ = try upper.write(to: folder.path + "/Packages", base: "") }?.sentence.hasSuffix("holds files but is no git repository")
        == true)
  }

  @Test func aBumpNeedsEntriesAndWritesTheVersionEverywhere() throws {
    let folder = TemporaryFolder()
    let workspace = try workspace(folder)
    let edits = try VersionBump.edits(of: workspace.member("Upper"), to: VersionNumber(0, 2, 0), in: workspace)
    #expect(edits.count == 2 && edits[0].text.contains("## 0.2.0\n\n- It does more.") && !edits[0].text.contains("Unreleased"))
    try FileAccess.write(edits[1].text, to: edits[1].path)
    let after = try Workspace.read(folder: folder.path)
    #expect(try after.member("Upper").version == "0.2.0" && after.member("Lower").version == "0.3.1")
    let found = complaint { _ = try VersionBump.edits(of: workspace.member("Lower"), to: VersionNumber(0, 4, 0), in: workspace) }
    #expect(
      found?.sentence
        == "\(folder.path)/Packages/Lower/CHANGELOG.md: no entries under '## Unreleased'; write what a user notices in 0.4.0 first")
  }

  @Test func rangesAreReadAndHoldTheirVersions() throws {
    let range = try #require(VersionRange("0.3.1..<0.4.0"))
    #expect(
      range == VersionRange(from: VersionNumber(0, 3, 1)) && "\(range)" == "0.3.1..<0.4.0" && range.manifest == "\"0.3.1\"..<\"0.4.0\"")
    #expect(range.contains(VersionNumber(0, 3, 1)) && range.contains(VersionNumber(0, 3, 9)))
    #expect(!range.contains(VersionNumber(0, 3, 0)) && !range.contains(VersionNumber(0, 4, 0)))
    #expect("\(VersionRange(from: VersionNumber(2, 1, 0)))" == "2.1.0..<3.0.0")
    for text in ["0.3.1", "0.3.1..<0.3.1", "0.4.0..<0.3.0", "0.3..<0.4", "..<0.4.0", "0.3.1...0.4.0"] {
      #expect(VersionRange(text) == nil, "\(text)")
    }
  }

  @Test func aBumpGivesThePackagesThatUseItItsNewRange() throws {
    let folder = TemporaryFolder()
    let workspace = try workspace(folder)
    try folder.write("# Changes\n\n## Unreleased\n\n- Less.\n\n## 0.3.1\n\n- First.\n", to: "Packages/Lower/CHANGELOG.md")
    func write(_ version: VersionNumber) throws -> (needs: String?, log: String) {
      for edit in try VersionBump.edits(of: workspace.member("Lower"), to: version, in: workspace) {
        if edit.path.hasSuffix("Lower/CHANGELOG.md") { continue }
        try FileAccess.write(edit.text, to: edit.path)
      }
      let after = try Workspace.read(folder: folder.path)
      #expect(try VersionRange.complaints(about: after.member("Upper"), in: after) == [])
      return try (after.member("Upper").needs["Lower"], FileAccess.readText("\(folder.path)/Packages/Upper/CHANGELOG.md"))
    }
    // Users of what is published take a version that breaks nobody by themselves.
    let patch = try write(VersionNumber(0, 3, 2))
    #expect(patch.needs == "0.3.2..<0.4.0" && !patch.log.contains("Needs"))
    let minor = try write(VersionNumber(0, 4, 0))
    #expect(minor.needs == "0.4.0..<0.5.0" && minor.log.contains("- It does more.\n- Needs Lower 0.4.0..<0.5.0.\n\n## 0.1.0"))
    let major = try write(VersionNumber(1, 0, 0))
    #expect(major.needs == "1.0.0..<2.0.0" && major.log.contains("- It does more.\n- Needs Lower 1.0.0..<2.0.0.\n\n## 0.1.0"))
    #expect(
      VersionBump.need(of: "Lower", VersionRange(from: VersionNumber(1, 0, 0)), in: "# Changes\n\n## 0.1.0\n\n- First.\n")
        == "# Changes\n\n## Unreleased\n\n- Needs Lower 1.0.0..<2.0.0.\n\n## 0.1.0\n\n- First.\n")
  }

  @Test(arguments: [
    ("", "workspace.json: Upper needs Lower '', in which its version 0.3.1 is not; expected 0.3.1..<0.4.0"),
    ("0.2.0..<0.3.0", "workspace.json: Upper needs Lower '0.2.0..<0.3.0', in which its version 0.3.1 is not; expected 0.3.1..<0.4.0"),
  ])
  func aRangeWithoutThePresentVersionIsRefused(_ needs: String, _ sentence: String) throws {
    let folder = TemporaryFolder()
    let workspace = try workspace(folder, needs: needs)
    let upper = try workspace.member("Upper")
    #expect(VersionRange.complaints(about: upper, in: workspace) == [sentence])
    #expect(complaint { _ = try StandalonePackage(upper, in: workspace).manifest(base: "b") }?.sentence == sentence)
  }

  @Test func aRangeThatIsMissingOrOfAStrangerIsFound() throws {
    let folder = TemporaryFolder()
    let workspace = try workspace(folder)
    let upper = Workspace.Member(name: "Upper", path: "Packages/Upper", layer: 1, version: "0.1.0", needs: ["Middle": "0.1.0..<0.2.0"])
    #expect(
      VersionRange.complaints(about: upper, in: workspace) == [
        "workspace.json: Upper has no range for Lower, which its manifest names; give it \"needs\": {\"Lower\": \"0.3.1..<0.4.0\"}",
        "workspace.json: Upper needs Middle, which its manifest does not name",
      ])
  }

  private static let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]

  @Test func theCommitThatBeganAVersionIsFound() throws {
    let folder = TemporaryFolder()
    func git(_ arguments: String...) throws -> String {
      let result = try Subprocess(["git"] + Self.identity + arguments, folder: folder.path).run()
      #expect(result.succeeded)
      return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    var commits: [String] = []
    _ = try git("init", "-q")
    for (lower, note) in [("0.1.0", "a"), ("0.2.0", "b"), ("0.2.0", "c")] {
      try folder.write(
        "{\"swift\": \"6.3\", \"recipes\": \"R/\(note).json\", \"members\": [{\"name\": \"Lower\", \"path\": \"L\", \"layer\": 0, \"version\": \"\(lower)\"}]}",
        to: "workspace.json")
      _ = try git("add", ".")
      _ = try git("commit", "-q", "-m", note)
      commits.append(try git("rev-parse", "HEAD"))
    }
    let workspace = try Workspace.read(folder: folder.path)
    #expect(try VersionHistory.commit(of: workspace.member("Lower"), in: workspace) == commits[1])
    let future = Workspace.Member(name: "Lower", path: "L", layer: 0, version: "0.3.0")
    #expect(try VersionHistory.commit(of: future, in: workspace) == nil)
  }

  @Test func breakagesAreTold() throws {
    let output = "Building\n1 breaking change detected in X:\n  💔 API breakage: func f() has been removed\n"
    #expect(BreakingChanges.breakages(in: output) == ["💔 API breakage: func f() has been removed"])
    #expect(VersionNumber(0, 3, 1).breakingPart == .minor && VersionNumber(1, 0, 1).breakingPart == .major)
  }

  @Test func aPlaceWithAnAddressIsClonedAndPushedTo() throws {
    #expect(RemotePlace("../packages") == nil && RemotePlace("git@example.org:flows")?.address == "git@example.org:flows")
    let folder = TemporaryFolder()
    let remote = try #require(RemotePlace("file://\(folder.path)/remote/"))
    let copy = "\(folder.path)/copies/Lower"
    #expect(
      complaint { try remote.fetch("Lower", into: copy) }?.sentence.hasSuffix("make an empty repository of that name there first") == true)
    #expect(try Subprocess(["git", "init", "-q", "--bare", "-b", "main", "\(folder.path)/remote/Lower"]).run().succeeded)
    try remote.fetch("Lower", into: copy)
    try folder.write("1", to: "copies/Lower/a.txt")
    for arguments in [["add", "."], ["commit", "-q", "-m", "one"], ["tag", "0.1.0"]] {
      #expect(try Subprocess(["git"] + Self.identity + arguments, folder: copy).run().succeeded)
    }
    try remote.push(VersionNumber(0, 1, 0), from: copy)
    try remote.fetch("Lower", into: copy)
    #expect(StandalonePackage.versions(in: copy) == [VersionNumber(0, 1, 0)] && FileAccess.exists("\(copy)/a.txt"))
  }
}
