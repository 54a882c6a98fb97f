/// Compares the root manifest with those of the packages: two lists of targets that must not drift apart.
public enum ManifestCheck {
  /// A target as a manifest declares it.
  public struct Target: Equatable, Sendable {
    public let name: String
    /// Folder of its sources, relative to the workspace.
    public let path: String
    /// Targets and products that its sources may import.
    public let dependencies: [String]

    public init(name: String, path: String, dependencies: [String] = []) {
      self.name = name
      self.path = path
      self.dependencies = dependencies
    }
  }

  /// The targets that the manifest in `folder` declares, as SwiftPM reads it.
  static func targets(of folder: String, prefix: String) throws(UserError) -> [Target] {
    let command = Subprocess(["swift", "package", "dump-package", "--package-path", folder])
    Terminal.note("$ \(command.typed)")
    let result = try command.run()
    guard result.succeeded else { throw .failure("`\(command.typed)` failed") }
    return try targets(inDump: result.output, prefix: prefix)
  }

  /// The targets in the output of `swift package dump-package`; `prefix` is the package's folder in the workspace, empty for the root.
  public static func targets(inDump text: String, prefix: String) throws(UserError) -> [Target] {
    let document: JSONValue
    do { document = try JSONParser.parse(text) } catch {
      throw .failure("swift package dump-package: line \(error.line): not valid JSON: \(error.reason)")
    }
    return (document["targets"]?.list ?? []).compactMap { target in
      guard let name = target["name"]?.text else { return nil }
      let parent = target["type"]?.text == "test" ? "Tests" : "Sources"
      let path = target["path"]?.text ?? "\(parent)/\(name)"
      // {"byName": ["Lower", null]} or {"product": ["Lower", "LowerPackage", null, null]}
      let dependencies = (target["dependencies"]?.list ?? []).compactMap { $0.members?.first?.value.list?.first?.text }
      return Target(name: name, path: prefix.isEmpty ? path : "\(prefix)/\(path)", dependencies: dependencies)
    }
  }

  /// One sentence for every target of a package that the root lacks, places elsewhere, or lets import something else.
  public static func differences(root: [Target], member: String, targets: [Target]) -> [String] {
    targets.compactMap { target in
      guard let declared = root.first(where: { $0.name == target.name }) else {
        return "Package.swift: the target \(target.name) of \(member) is missing; declare it with path \"\(target.path)\""
      }
      if declared.path != target.path {
        return "Package.swift: the target \(target.name) has path \"\(declared.path)\", but \(member) keeps it in \"\(target.path)\""
      }
      let difference = Set(declared.dependencies).symmetricDifference(target.dependencies).sorted()
      if difference.isEmpty { return nil }
      return "Package.swift: the target \(target.name) depends on other modules than in \(member): \(difference.joined(separator: ", "))"
    }
  }
}
