/// What a change touches: files that differ from a commit, and the parts of the workspace that they belong to.
public struct ChangedFiles: Sendable {
  /// Paths relative to the workspace.
  public let paths: [String]

  public init(paths: [String]) { self.paths = paths }

  /// Files that differ from `reference`, committed or not, and files that git does not know yet.
  public init(since reference: String, in workspace: Workspace) throws(UserError) {
    func lines(_ command: [String]) throws(UserError) -> [String]? {
      let result = try Subprocess(["git", "-c", "core.quotePath=false"] + command, folder: workspace.folder).run()
      return result.succeeded ? result.output.split(separator: "\n").map(String.init) : nil
    }
    guard try lines(["rev-parse", "--verify", "--quiet", reference + "^{commit}"]) != nil else {
      throw .usage("--affected \(reference): git knows no such commit here; give a commit, a branch, or a tag, for instance HEAD or main")
    }
    guard let changed = try lines(["diff", "--name-only", reference]), let new = try lines(["ls-files", "--others", "--exclude-standard"])
    else { throw .failure("git cannot compare \(FileAccess.display(workspace.folder)) with \(reference)") }
    paths = changed + new
  }

  /// Packages whose own files changed.
  func touched(in workspace: Workspace) -> Set<String> {
    Set(workspace.members.filter { member in paths.contains { $0.hasPrefix(member.path + "/") && !ChangedFiles.isProse($0) } }.map(\.name))
  }

  /// Whether something changed that belongs to no package but to all: the root manifest, the launcher, the list of members.
  var touchesEverything: Bool { paths.contains { ["Package.swift", "workspace.json", "flowctl"].contains($0) } }

  /// Whether tests that span packages, or what they read, changed.
  var touchesCrossTests: Bool {
    paths.contains { path in ["Tests/", "Recipes/", "Data/"].contains { path.hasPrefix($0) } && !ChangedFiles.isProse(path) }
  }

  /// Text that no build and no test reads; pages of a documentation catalogue are compiled.
  static func isProse(_ path: String) -> Bool { path.hasSuffix(".md") && !path.contains(".docc/") }
}
