/// Looks for what would stop the workspace from building or from being what it claims.
public struct Doctor {
  public struct Finding: Sendable, Equatable {
    public enum State: String, Sendable {
      case good = "ok"
      case absent = "--"
      case bad = "!!"
    }
    public let state: State
    public let topic: String
    public let detail: String
  }

  private let workspace: Workspace

  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// Every check in order; `absent` is something optional, `bad` something to mend.
  public func findings() -> [Finding] {
    [toolchain()] + libraries() + [python()] + layering() + changelogs() + ranges() + manifests() + docstrings() + ledgers()
  }

  private func toolchain() -> Finding {
    guard let found = RunEnvironment.swiftVersion().text else {
      return Finding(state: .bad, topic: "swift", detail: "not found; get it from https://www.swift.org/install")
    }
    let isNewEnough = Doctor.numbers(found).lexicographicallyPrecedes(Doctor.numbers(workspace.swift)) == false
    let advice = isNewEnough ? "" : "; the workspace needs \(workspace.swift) or newer, from https://www.swift.org/install"
    return Finding(state: isNewEnough ? .good : .bad, topic: "swift", detail: found + advice)
  }

  /// Libraries as pkg-config knows them, with the Debian package of each. macOS has LAPACK in a framework.
  private static let needed: [(library: String, modules: [String], package: String)] = {
    let everywhere = [("hdf5", ["hdf5-serial", "hdf5"], "libhdf5-dev"), ("zlib", ["zlib"], "zlib1g-dev")]
    #if os(macOS)
      return everywhere
    #else
      return everywhere + [("lapack", ["lapack"], "liblapack-dev")]
    #endif
  }()

  private func libraries() -> [Finding] {
    Doctor.needed.map { library, modules, package in
      for module in modules {
        let result = try? Subprocess(["pkg-config", "--modversion", module]).run()
        guard let result, result.succeeded else { continue }
        return Finding(state: .good, topic: library, detail: result.output.split(separator: "\n").joined())
      }
      return Finding(
        state: .bad, topic: library, detail: "not found by pkg-config; on Debian or Ubuntu: apt-get install pkg-config \(package)")
    }
  }

  private func python() -> Finding {
    let script = "import sys, numpy, h5py; print(sys.version.split()[0], 'numpy', numpy.__version__, 'h5py', h5py.__version__)"
    let result = try? Subprocess(["python3", "-c", script]).run()
    if let result, result.succeeded {
      return Finding(state: .good, topic: "python", detail: result.output.split(separator: "\n").joined())
    }
    return Finding(state: .absent, topic: "python", detail: "no python3 with numpy and h5py: the interoperability tests will not run")
  }

  private func layering() -> [Finding] {
    let violations = Layering(workspace).violations()
    if violations.isEmpty { return [Finding(state: .good, topic: "imports", detail: "every import points downwards")] }
    return violations.map { Finding(state: .bad, topic: "imports", detail: $0) }
  }

  /// The version in `workspace.json` must be the newest one in the package's change log.
  private func changelogs() -> [Finding] {
    workspace.members.compactMap { member in
      let path = "\(workspace.folder(of: member))/CHANGELOG.md"
      guard let text = try? FileAccess.readText(path) else {
        return Finding(state: .bad, topic: "versions", detail: "\(member.path)/CHANGELOG.md is missing")
      }
      let heading = text.split(separator: "\n").first { $0.hasPrefix("## ") && $0 != "## Unreleased" } ?? ""
      if heading.contains(member.version) { return nil }
      return Finding(
        state: .bad, topic: "versions",
        detail: "\(member.path)/CHANGELOG.md does not begin with version \(member.version) of workspace.json, after what is unreleased")
    }
  }

  /// Packages use each other in ranges of versions that hold the present ones.
  func ranges() -> [Finding] {
    workspace.members.flatMap { VersionRange.complaints(about: $0, in: workspace) }
      .map { Finding(state: .bad, topic: "versions", detail: $0) }
  }

  private func manifests() -> [Finding] {
    do {
      let root = try ManifestCheck.targets(of: workspace.folder, prefix: "")
      let imports = DeclaredImports(workspace, root: root)
      var complaints: [String] = []
      for member in workspace.members {
        let declared = try ManifestCheck.targets(of: workspace.folder(of: member), prefix: member.path)
        complaints += imports.complaints(of: member, targets: declared)
        if member.path.hasPrefix("Packages/") {
          complaints += ManifestCheck.differences(root: root, member: member.name, targets: declared)
        }
      }
      if complaints.isEmpty {
        let detail = "\(root.count) targets at the root, all packages in step; every import is declared"
        return [Finding(state: .good, topic: "manifests", detail: detail)]
      }
      return complaints.map { Finding(state: .bad, topic: "manifests", detail: $0) }
    } catch {
      return [Finding(state: .bad, topic: "manifests", detail: "\(error)")]
    }
  }

  /// Every type and function that the libraries offer says what it is.
  func docstrings() -> [Finding] {
    let files = workspace.members.filter { $0.path.hasPrefix("Packages/") }.flatMap { member in
      FileAccess.files(under: "\(workspace.folder(of: member))/Sources", extension: "swift")
    }
    let sources = files.map { (path: $0, text: (try? FileAccess.readText($0)) ?? "") }
    let symbols = SilentSymbols(protocolsIn: sources.map(\.text))
    let findings = sources.flatMap { symbols.findings(in: $0.text, file: FileAccess.display($0.path)) }
    if findings.isEmpty { return [Finding(state: .good, topic: "docstrings", detail: "every public type and function has one")] }
    return findings.map {
      Finding(state: .bad, topic: "docstrings", detail: "\($0.file):\($0.line): '\($0.declaration.prefix(60))' has none")
    }
  }

  /// Packages that keep a ledger have every method in it.
  func ledgers() -> [Finding] {
    workspace.members.flatMap { member -> [Finding] in
      let path = "\(workspace.folder(of: member))/LEDGER.md"
      guard let ledger = try? FileAccess.readText(path) else { return [] }
      let sources = FileAccess.files(under: "\(workspace.folder(of: member))/Sources/\(member.name)", extension: "swift")
        .map { (try? FileAccess.readText($0)) ?? "" }
      let complaints = LedgerCheck.complaints(ledger: ledger, path: FileAccess.display(path), sources: sources)
      let count = LedgerCheck.rows(of: ledger).count
      if complaints.isEmpty {
        return [Finding(state: .good, topic: "ledger", detail: "\(member.path)/LEDGER.md has every method, \(count) rows")]
      }
      return complaints.map { Finding(state: .bad, topic: "ledger", detail: $0) }
    }
  }

  static func numbers(_ version: String) -> [Int] { version.split(separator: ".").map { Int($0) ?? 0 } }
}
