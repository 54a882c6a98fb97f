/// A mistake or a mishap told to the user in one sentence: what, where, expected, remedy.
public struct UserError: Error, Equatable, CustomStringConvertible {
  /// Who has to act, and therefore which exit code the tool ends with.
  public enum Kind: Sendable {
    /// The command line is wrong: exit code 64, as `sysexits.h` has it.
    case usage
    /// Files, data, or the work itself failed: exit code 1.
    case failure
  }

  public let kind: Kind
  public let description: String

  public static func usage(_ sentence: String) -> UserError { UserError(kind: .usage, description: sentence) }
  public static func failure(_ sentence: String) -> UserError { UserError(kind: .failure, description: sentence) }

  public var exitCode: Int32 { kind == .usage ? 64 : 1 }
}

/// What ends a verb early without a sentence of its own: its output already says why.
public struct EarlyExit: Error, Equatable {
  public let code: Int32

  public init(code: Int32) { self.code = code }
}
