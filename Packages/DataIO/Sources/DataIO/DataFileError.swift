/// A file that is not what it should be: what, where, found, expected and the remedy, in one sentence.
public struct DataFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, for programs.
  public enum Problem: String, Sendable {
    case missing, damaged, wrongKind, wrongVersion, wrongShape, wrongType, notFinite, refused, inconsistent, notWritten
  }

  public var problem: Problem
  public var file: String
  /// The group, dataset or attribute; empty for the file as a whole.
  public var place: String
  public var found: String
  public var expected: String
  public var remedy: String

  public init(_ problem: Problem, file: String, place: String = "", found: String, expected: String, remedy: String = "") {
    self.problem = problem
    self.file = file
    self.place = place
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  public var description: String {
    if problem == .notWritten { return "\(file): cannot be written: \(found)" + (remedy.isEmpty ? "" : "; \(remedy)") }
    return (place.isEmpty ? file : "\(file):\(place)") + ": found \(found), expected \(expected)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}
