/// A semantic version, `MAJOR.MINOR.PATCH`.
package struct VersionNumber: Comparable, CustomStringConvertible, Sendable {
  package enum Part: String, CaseIterable, Sendable { case major, minor, patch }

  package let major: Int
  package let minor: Int
  package let patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int) { (self.major, self.minor, self.patch) = (major, minor, patch) }

  /// Nil when `text` is not three whole numbers with points between them.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let major = parts[0], let minor = parts[1], let patch = parts[2], min(major, minor, patch) >= 0 else {
      return nil
    }
    self.init(major, minor, patch)
  }

  package var description: String { "\(major).\(minor).\(patch)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }

  package func bumped(_ part: Part) -> VersionNumber {
    switch part {
    case .major: VersionNumber(major + 1, 0, 0)
    case .minor: VersionNumber(major, minor + 1, 0)
    case .patch: VersionNumber(major, minor, patch + 1)
    }
  }

  /// Whether users of `earlier` may be broken by this one: a larger first number, or before 1.0.0 a larger second one.
  package func allowsBreakingChanges(since earlier: VersionNumber) -> Bool {
    major > earlier.major || (major == 0 && earlier.major == 0 && minor > earlier.minor)
  }

  /// The part to raise for a change that breaks users.
  package var breakingPart: Part { major == 0 ? .minor : .major }
}
