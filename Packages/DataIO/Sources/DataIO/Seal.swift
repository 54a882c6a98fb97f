import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The last 96 bytes of a file written here: a line with a digest of all bytes before it. See FORMAT.md, "Seal".
///
/// HDF5 checksums its headers and fletcher32 the arrays, but nothing covers variable-length strings, and the C library
/// is not safe against damage there. The seal is checked before the C library sees the file.
enum Seal: CaseIterable {
  /// SHA-256 of the bytes, as format 1.0 and 1.1 wrote it.
  case whole
  /// SHA-256 of the digests of blocks, since 1.2.
  case tree

  static let byteCount = 96

  var prefix: String {
    switch self {
    case .whole: "\nhamiltonian-flows seal sha256 "
    case .tree: "\nhamiltonian-flows tree sha256 "
    }
  }

  /// The line that seals a file of this digest.
  func line(_ digits: String) -> [UInt8] { Array((prefix + digits + "\n").utf8) }

  /// The kind of seal that the file carries, or nil; throws when it is broken.
  static func verify(_ path: String) throws -> Seal? {
    try withSealLine(path) { descriptor, bodySize, line in
      guard let seal = kind(of: line) else { return nil }
      guard line == seal.line(try seal.digest(descriptor, bodySize, path)) else {
        throw DataFileError(
          .damaged, file: path, found: "bytes that do not match its seal", expected: "the bytes that were written",
          remedy: "copy the file again or use an older one")
      }
      return seal
    }
  }

  /// The seal by the form of the file's end; the digits are not checked.
  static func present(in path: String) throws -> Seal? { try withSealLine(path) { _, _, line in kind(of: line) } }

  private static func kind(of line: [UInt8]) -> Seal? { allCases.first { line.starts(with: $0.prefix.utf8) } }

  private func digest(_ descriptor: Int32, _ size: Int, _ path: String) throws -> String {
    switch self {
    case .whole:
      var hash = SHA256()
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
      defer { buffer.deallocate() }
      for start in stride(from: 0, to: size, by: buffer.count) {
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - start)])
        try RawFile.read(descriptor, at: start, into: part, path)
        hash.update(UnsafeRawBufferPointer(part))
      }
      return hash.hexadecimal()
    case .tree:
      return try TreeDigest.hexadecimal(byteCount: size, threads: Parallel.coreCount) { start, target in
        try RawFile.read(descriptor, at: start, into: target, path)
      }
    }
  }

  private static func withSealLine<R>(_ path: String, _ body: (_ descriptor: Int32, _ bodySize: Int, _ line: [UInt8]) throws -> R?) throws
    -> R?
  {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw HDF5Error.unreadable(path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    guard size > byteCount else { return nil }
    var line = [UInt8](repeating: 0, count: byteCount)
    try line.withUnsafeMutableBytes { try RawFile.read(descriptor, at: size - byteCount, into: $0, path) }
    return try body(descriptor, size - byteCount, line)
  }
}

/// Bytes of an open file, read past the C library.
enum RawFile {
  /// Fills `target` from byte `start` on; several threads may read one file.
  static func read(_ descriptor: Int32, at start: Int, into target: UnsafeMutableRawBufferPointer, _ path: String) throws {
    var done = 0
    while done < target.count {
      let count = pread(descriptor, target.baseAddress! + done, min(target.count - done, 1 << 30), off_t(start + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw HDF5Error.unreadable(path, reason: count == 0 ? "it shrank" : String(cString: strerror(errno))) }
      done += count
    }
  }
}
