import Foundation

/// Runs other programs.
public struct Subprocess {
  public struct Result: Sendable {
    public let status: Int32
    public let output: String
    public let seconds: Double
    public var succeeded: Bool { status == 0 }
  }

  /// Program and arguments, found through `PATH`.
  public let command: [String]
  public var folder: String?
  public var environment: [String: String] = [:]

  public init(_ command: [String], folder: String? = nil, environment: [String: String] = [:]) {
    self.command = command
    self.folder = folder
    self.environment = environment
  }

  /// The command as one would type it.
  public var typed: String {
    command.map { $0.contains(where: { " '\"$()*?&|;<>".contains($0) }) || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")
  }

  /// Standard output (and standard error, when `merged`) collected; each line also goes to `onLine` as it comes.
  public func run(merged: Bool = false, onLine: (Substring) -> Void = { _ in }) throws(UserError) -> Result {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = merged ? pipe : FileHandle.nullDevice
    if let list = fileList { try? FileManager.default.removeItem(atPath: list) }
    let start = ContinuousClock.now
    do { try process.run() } catch { throw .failure("\(command[0]): cannot be started: \(error.localizedDescription)") }
    var collected = Data()
    var handed = 0
    while case let chunk = pipe.fileHandleForReading.availableData, !chunk.isEmpty {
      collected.append(chunk)
      while let newline = collected[handed...].firstIndex(of: 0x0A) {
        onLine(Substring(decoding: collected[handed..<newline], as: UTF8.self))
        handed = newline + 1
      }
    }
    if handed < collected.count { onLine(Substring(decoding: collected[handed...], as: UTF8.self)) }
    process.waitUntilExit()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Result(
      status: process.terminationStatus, output: String(decoding: collected, as: UTF8.self), seconds: seconds)
  }

  /// Where a build of a package in a folder of its own keeps the names of all source files. While that is there, SwiftPM does not look for
  /// new files in the packages that this one names by path.
  var fileList: String? {
    guard command.starts(with: ["swift", "build"]) || command.starts(with: ["swift", "test"]),
      let place = command.firstIndex(of: "--package-path").map({ $0 + 1 }), place < command.endIndex
    else { return nil }
    return "\(folder ?? ".")/\(command[place])/.build/release.yaml"
  }

  /// True when `program` can be found through `PATH`.
  public static func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }
}
