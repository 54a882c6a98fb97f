/// An address below which each package has a repository.
struct RemotePlace: Sendable {
  /// Without a slash at the end.
  let address: String

  /// Nil when `text` is a folder of this machine.
  init?(_ text: String) {
    guard text.contains("://") || text.contains(/^[\w.-]+@[\w.-]+:/) else { return nil }
    address = text.trimmingSuffix("/")
  }

  /// A fresh copy of the repository of `name`, which may be empty. Throws when there is none.
  func fetch(_ name: String, into folder: String) throws(UserError) {
    if FileAccess.exists(folder) { _ = try Subprocess(["rm", "-rf", folder]).run() }
    try FileAccess.createFolder(String(folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)]))
    let clone = Subprocess(["git", "clone", "-q", "\(address)/\(name)", folder], environment: ["GIT_TERMINAL_PROMPT": "0"])
    Terminal.note("$ \(clone.typed)")
    let result = try clone.run(merged: true)
    guard result.succeeded else {
      let reason = result.output.split(separator: "\n").last { $0.hasPrefix("fatal:") } ?? "git gave no reason"
      throw .failure("\(address)/\(name): cannot be cloned (\(reason.trimmed)); make an empty repository of that name there first")
    }
    _ = try Subprocess(["git", "checkout", "-q", "-B", "main"], folder: folder).run()
  }

  /// Sends the branch and the tag of a version.
  func push(_ version: VersionNumber, from folder: String) throws(UserError) {
    let push = Subprocess(
      ["git", "push", "-q", "origin", "main", "refs/tags/\(version)"], folder: folder, environment: ["GIT_TERMINAL_PROMPT": "0"])
    Terminal.note("$ \(push.typed)")
    let result = try push.run(merged: true)
    if !result.succeeded { throw .failure("`\(push.typed)` failed: \(result.output.split(separator: "\n").joined(separator: " "))") }
  }
}
