/// A value of a configuration that cannot be used: where it stands, what it is, and what to give instead.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Key path as in the recipe, for example `potential.activation`.
  public let path: String
  public let found: String
  public let expected: String

  public init(path: String, found: String, expected: String) {
    self.path = path
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(path) is \(found); give \(expected)" }
}
