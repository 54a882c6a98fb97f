import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The arrays of an NPZ file, to be read row by row; stored members and deflated ones pass through memory piece by piece.
public struct NPZArchive {
  private let path: String
  private let archive: ArchiveBytes
  private let members: [String: ZIPEntry]
  private let descriptor: OpenFile

  /// Reads the list of members; `name` stands for the file in errors.
  public init(_ path: String, name: String) throws {
    self.path = path
    let file = try OpenFile(path, name: name)
    descriptor = file
    archive = ArchiveBytes(file.descriptor, byteCount: file.byteCount, name: name)
    members = try NPZ.members(of: archive)
  }

  /// The names of the arrays, in alphabetical order.
  public var names: [String] { members.keys.sorted() }

  /// The rows of the array `name`, which must be one of `names`.
  public func rows(of name: String, scratchFolder: String) throws -> any RowSource {
    guard let member = members[name] else {
      throw DataFileError(
        .missing, file: archive.name, found: "no array '\(name)'", expected: "one of \(names.joined(separator: ", "))")
    }
    return try FileRows.numPy(try InputBytes(path, member: member, in: archive), path: nil, scratchFolder: scratchFolder)
  }

  /// Closed with the last value that refers to it.
  private final class OpenFile {
    let descriptor: Int32

    init(_ path: String, name: String) throws {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw InputBytes.cannotOpen(name) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var byteCount: Int { Int(lseek(descriptor, 0, SEEK_END)) }
  }
}
