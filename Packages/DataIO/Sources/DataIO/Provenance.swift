import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Who wrote a file, when, and what else its root attributes say.
public struct Provenance: Sendable, Equatable {
  public var software: String
  public var softwareVersion: String
  /// ISO 8601, UTC: `2026-05-04T12:34:56Z`.
  public var created: String
  /// Other root attributes, such as `commit` and `machine`; kept from file to file.
  public var additional: [String: AttributeValue]

  public init(software: String, softwareVersion: String, created: String = Provenance.now(), additional: [String: AttributeValue] = [:]) {
    self.software = software
    self.softwareVersion = softwareVersion
    self.created = created
    self.additional = additional
  }

  /// The present second in UTC.
  public static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}

/// The three kinds of file of FORMAT.md.
public enum FileKind: String, Sendable { case checkpoint, dataset, samples }
