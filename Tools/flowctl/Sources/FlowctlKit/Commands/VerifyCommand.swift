import ArgumentParser
import DataIO

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check files to the last byte: digests, checksums, and everything a reader refuses.",
    discussion: """
      One line per file; exit code 1 when one of them fails.
        flowctl verify runs/*/checkpoints/*.h5
      """)

  @Argument(help: "Files, or run folders.", completion: .file()) var files: [String]

  func run() throws {
    var failures = 0
    for name in files {
      do {
        let path = try DataFiles.path(of: name)
        let result = try FileVerification.verify(path)
        let seal = result.isSealed ? "the seal matches" : "no seal"
        Terminal.print(
          "\(FileAccess.display(path)): \(result.kind.rawValue), format \(result.version), \(seal), \(result.arrayCount) arrays read, "
            + "\(result.checksummedCount) of them with checksums")
      } catch {
        failures += 1
        Terminal.note("flowctl: \(DataFiles.printable("\(error)"))")
      }
    }
    if failures > 0 { throw EarlyExit(code: 1) }
  }
}
