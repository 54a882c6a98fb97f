import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The last 96 bytes of a file written here: a line with the SHA-256 of all bytes before it. See FORMAT.md, "Seal".
///
/// HDF5 checksums its headers and fletcher32 the arrays, but nothing covers variable-length strings, and the C library
/// is not safe against damage there. The seal is checked before the C library sees the file.
enum Seal {
  static let prefix = "\nhamiltonian-flows seal sha256 "
  static let byteCount = 96

  /// The line that seals a file of this digest.
  static func line(_ digits: String) -> [UInt8] { Array((prefix + digits + "\n").utf8) }

  /// Whether the file carries a seal; throws when it is broken.
  static func verify(_ path: String) throws -> Bool {
    try withSealLine(path) { descriptor, bodySize, line in
      guard line.starts(with: prefix.utf8) else { return false }
      var hash = SHA256()
      try read(descriptor, from: 0, to: bodySize, path) { hash.update($0) }
      guard line == Array((prefix + hash.hexadecimal() + "\n").utf8) else {
        throw DataFileError(
          .damaged, file: path, found: "bytes that do not match its seal", expected: "the bytes that were written",
          remedy: "copy the file again or use an older one")
      }
      return true
    }
  }

  /// Whether the file ends with the form of a seal; the digits are not checked.
  static func isPresent(_ path: String) throws -> Bool { try withSealLine(path) { _, _, line in line.starts(with: prefix.utf8) } }

  private static func withSealLine(_ path: String, _ body: (_ descriptor: Int32, _ bodySize: Int, _ line: [UInt8]) throws -> Bool) throws
    -> Bool
  {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw HDF5Error.unreadable(path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    guard size > byteCount else { return false }
    var line: [UInt8] = []
    try read(descriptor, from: size - byteCount, to: size, path) { line.append(contentsOf: $0) }
    return try body(descriptor, size - byteCount, line)
  }

  private static func read(
    _ descriptor: Int32, from start: Int, to end: Int, _ path: String, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(1 << 20, end - start), alignment: 16)
    defer { buffer.deallocate() }
    var position = start
    while position < end {
      let count = pread(descriptor, buffer.baseAddress, min(buffer.count, end - position), off_t(position))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw HDF5Error.unreadable(path, reason: count == 0 ? "it shrank" : String(cString: strerror(errno))) }
      body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      position += count
    }
  }
}
