import FlowctlKit
import Foundation

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/flowctl-test-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let file = "\(path)/\(name)"
    try FileAccess.createFolder(URL(fileURLWithPath: file).deletingLastPathComponent().path)
    try FileAccess.write(text, to: file)
  }

  func read(_ name: String) throws -> String { try FileAccess.readText("\(path)/\(name)") }
}

/// The root of the workspace this test belongs to.
let workspaceFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../..")
  .standardizedFileURL.path

/// The sentence and exit code of the `UserError` that `work` throws.
func complaint(of work: () throws -> Void) -> (sentence: String, code: Int32)? {
  do {
    try work()
    return nil
  } catch let error as UserError {
    return (error.description, error.exitCode)
  } catch {
    return ("\(error)", -1)
  }
}
