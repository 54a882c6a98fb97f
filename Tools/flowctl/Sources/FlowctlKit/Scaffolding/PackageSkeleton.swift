/// The files of a new package of a model family: manifest, one energy as an example, its test, read-me file, change log.
package struct PackageSkeleton: Sendable {
  /// One file, its path relative to the workspace.
  package struct File: Equatable, Sendable {
    package let path: String
    package let text: String
  }

  package let name: String
  /// Libraries of `Autodiff` that the example imports.
  static let libraries = ["Autodiff", "Probability"]

  /// Throws a usage error when `name` cannot be the name of a module, or is one already.
  package init(_ name: String, in workspace: Workspace) throws(UserError) {
    guard name.wholeMatch(of: /[A-Z][A-Za-z0-9]*/) != nil else {
      throw .usage(
        "new package \(name): a package is a Swift module; give letters and digits that begin with a capital, for instance RingFlows")
    }
    let modules = workspace.members.flatMap { FileAccess.names(in: "\(workspace.folder(of: $0))/Sources") + [$0.name] }
    if let taken = (modules + PackageSkeleton.reserved).first(where: { $0.lowercased() == name.lowercased() }) {
      throw .usage("new package \(name): there is a module '\(taken)' already; give another name")
    }
    if PackageSkeleton.keywords.contains(RootManifest.constantName(name)) {
      throw .usage("new package \(name): '\(RootManifest.constantName(name))' is a word of Swift; give another name")
    }
    if FileAccess.exists("\(workspace.folder)/Packages/\(name)") {
      throw .failure("\(FileAccess.display("\(workspace.folder)/Packages/\(name)")): exists already; give another name")
    }
    self.name = name
  }

  private static let reserved = ["Swift", "Foundation", "Testing", "XCTest", "Glibc", "Darwin", "Package", "PackageDescription"]
  private static let keywords = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum", "extension",
    "fallthrough", "false", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
    "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "var", "where", "while",
  ]

  /// The member's entry in `workspace.json`: a model family, which reads and writes no files.
  private func entry(in workspace: Workspace) throws(UserError) -> JSONValue {
    let engine = try StandalonePackage(workspace.member("Autodiff"), in: workspace).version
    return .record([
      "name": .text(name), "path": .text("Packages/\(name)"), "layer": .integer(2), "version": .text("0.1.0"),
      "mayNotImport": .list([.text("HDF5"), .text("DataIO"), .text("ModelIO")]),
      "needs": .record(["Autodiff": .text("\(VersionRange(from: engine))")]),
    ])
  }

  /// New files, and with their new text `workspace.json` and the root manifest.
  package func files(in workspace: Workspace) throws(UserError) -> [File] {
    let list = "\(workspace.folder)/workspace.json"
    let document: JSONValue
    do { document = try JSONParser.parse(FileAccess.readText(list)) } catch { throw .failure("\(FileAccess.display(list)): \(error)") }
    let root = "\(workspace.folder)/Package.swift"
    let manifest = try RootManifest.adding(
      name, importing: PackageSkeleton.libraries, to: FileAccess.readText(root), source: FileAccess.display(root))
    return [
      File(path: "Packages/\(name)/Package.swift", text: self.manifest),
      File(path: "Packages/\(name)/Sources/\(name)/HarmonicWell.swift", text: energy),
      File(path: "Packages/\(name)/Tests/\(name)Tests/HarmonicWellTests.swift", text: tests),
      File(path: "Packages/\(name)/README.md", text: readme),
      File(path: "Packages/\(name)/CHANGELOG.md", text: "# Changes of \(name)\n\n## 0.1.0\n\n- `HarmonicWell`, the energy of a spring.\n"),
      File(path: "workspace.json", text: try listing(entry(in: workspace), in: document).pretty),
      File(path: "Package.swift", text: manifest),
    ]
  }

  /// The entry after the last package, before the tools that use packages.
  private func listing(_ entry: JSONValue, in document: JSONValue) -> JSONValue {
    .object(
      (document.members ?? []).map { member in
        guard member.name == "members", var list = member.value.list else { return member }
        let place = list.lastIndex { $0["path"]?.text?.hasPrefix("Packages/") == true }.map { $0 + 1 } ?? list.endIndex
        list.insert(entry, at: place)
        return JSONMember(name: "members", value: .list(list))
      })
  }

  private var manifest: String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

    let libraries: [Target.Dependency] = [
      \(PackageSkeleton.libraries.map { ".product(name: \"\($0)\", package: \"Autodiff\")," }.joined(separator: "\n  "))
    ]

    let package = Package(
      name: "\(name)",
      platforms: [.macOS(.v15)],
      products: [.library(name: "\(name)", targets: ["\(name)"])],
      dependencies: [.package(path: "../Autodiff")],
      targets: [
        .target(name: "\(name)", dependencies: libraries, swiftSettings: strict),
        .testTarget(name: "\(name)Tests", dependencies: ["\(name)"] + libraries, swiftSettings: strict),
      ],
      swiftLanguageModes: [.v6]
    )

    """
  }

  private var energy: String {
    """
    import Autodiff
    import Probability

    /// The energy of a spring, `U(x) = k |x|² / 2`; at temperature 1 its density is normal with variance `1/k`.
    public struct HarmonicWell: Energy {
      public let dimension: Int
      /// `k`
      public let stiffness: Double

      public var eventShape: [Int] { [dimension] }

      public init(dimension: Int, stiffness: Double = 1) {
        precondition(
          dimension >= 1 && stiffness > 0,
          "HarmonicWell: dimension \\(dimension), stiffness \\(stiffness); give at least one dimension and a positive stiffness")
        self.dimension = dimension
        self.stiffness = stiffness
      }

      /// `[batch..., dimension] -> [batch...]`
      public func callAsFunction(_ x: Tensor) -> Tensor { square(x).sum(axis: -1) * (0.5 * stiffness) }
    }

    """
  }

  private var tests: String {
    let imports = (PackageSkeleton.libraries + [name, "Testing"]).sorted().map { "import \($0)" }.joined(separator: "\n")
    return """
      \(imports)

      @Suite struct HarmonicWellTests {
        private let points = Tensor([1, -2, 0.5, 3, 0, -1], shape: [2, 3], dtype: .float64)
        private let well = HarmonicWell(dimension: 3, stiffness: 4)

        @Test func energyAndForceAreThoseOfTheFormula() {
          #expect(well(points).doubles == [10.5, 20])
          #expect(well.gradient(points).doubles == [4, -8, 2, 12, 0, -4])
        }

        @Test func aPointAndItsMirrorImageAreAlike() {
          #expect(well(-points).doubles == well(points).doubles)
          #expect(well.score(-points, temperature: 2).doubles == (-well.score(points, temperature: 2)).doubles)
        }
      }

      """
  }

  private var readme: String {
    """
    # \(name)

    What it is, in a sentence, with its source (authors, year, arXiv number).

    ```swift
    .package(path: "../\(name)")                     // in Package.swift
    .product(name: "\(name)", package: "\(name)")    // in the target
    ```

    ```swift
    import Autodiff
    import \(name)

    let well = HarmonicWell(dimension: 2, stiffness: 4)
    let energies = well(Tensor([1, 0, 0, 2], shape: [2, 2]))  // [2, 8]
    ```

    ```
    ./flowctl test --package \(name)
    ./flowctl publish \(name) --to ../packages
    ```

    """
  }
}
