import Foundation

/// Version of the tool, as `workspace.json` has it.
public let flowctlVersion = "0.3.0"

/// What a run was made with, so that it can be made again.
public enum RunEnvironment {
  public static func document(recipe: String, arguments: [String], threads: Int, workspaceFolder: String) -> JSONValue {
    .record([
      "recipe": .text(recipe),
      "command": .text(Subprocess(["flowctl"] + arguments).typed),
      "started": .text(Formatting.timestamp()),
      "flowctl": .text(flowctlVersion),
      "commit": commit(workspaceFolder),
      "swift": swiftVersion(),
      "system": .text(ProcessInfo.processInfo.operatingSystemVersionString),
      "architecture": .text(architecture),
      "processor": processor(),
      "cores": .integer(ProcessInfo.processInfo.activeProcessorCount),
      "threads": .integer(threads),
    ])
  }

  /// The commit of the workspace, with a mark when files differ from it; null outside git.
  private static func commit(_ folder: String) -> JSONValue {
    let head = try? Subprocess(["git", "rev-parse", "HEAD"], folder: folder).run()
    guard let head, head.succeeded else { return .null }
    let status = try? Subprocess(["git", "status", "--porcelain", "--untracked-files=no"], folder: folder).run()
    let isClean = status?.output.isEmpty ?? true
    return .text(head.output.split(separator: "\n").joined() + (isClean ? "" : " with changes"))
  }

  static func swiftVersion() -> JSONValue {
    guard let result = try? Subprocess(["swift", "--version"]).run(), result.succeeded else { return .null }
    let words = result.output.split(whereSeparator: \.isWhitespace)
    guard let index = words.firstIndex(of: "version"), index + 1 < words.count else { return .null }
    return .text(String(words[index + 1]))
  }

  private static var architecture: String {
    var names = utsname()
    uname(&names)
    return withUnsafeBytes(of: &names.machine) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func processor() -> JSONValue {
    guard let text = try? FileAccess.readText("/proc/cpuinfo") else { return .null }
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    guard let name = line?.split(separator: ":").last else { return .null }
    return .text(name.trimmingCharacters(in: .whitespaces))
  }
}
