#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The first bytes of a file, read before the C library sees it, so that the common accidents have clear names.
enum Superblock {
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Throws when `path` is missing, unreadable, not HDF5, or shorter than it says.
  static func check(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? HDF5Error.missingFile(path) : HDF5Error.unreadable(path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw HDF5Error.unreadable(path, reason: String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw HDF5Error.unreadable(path, reason: "it is a folder") }
    let size = Int(status.st_size)
    guard size > 0 else { throw HDF5Error.notHDF5(path, reason: "it is empty") }

    // A user block may precede the superblock, which then starts at 512, 1024, 2048, ...
    var offset = 0
    while offset + signature.count <= size {
      let head = try bytes(descriptor, at: offset, count: 48, path)
      if head.starts(with: signature) { return try checkLength(head, size, path) }
      offset = offset == 0 ? 512 : offset * 2
    }
    throw HDF5Error.notHDF5(path, reason: "\(size) bytes without the signature")
  }

  private static func checkLength(_ head: [UInt8], _ size: Int, _ path: String) throws {
    guard head.count == 48 else { throw HDF5Error.truncated(path, found: size, expected: 48) }
    let version = head[8]
    // The end-of-file address follows the base (and, in versions 0 and 1, the free-space) address of 8 bytes each.
    let position: Int? =
      switch version {
      case 0 where head[13] == 8: 40
      case 2...3 where head[9] == 8: 28
      default: nil
      }
    guard let position else { return }
    let end = (0..<8).reduce(UInt64(0)) { $0 | UInt64(head[position + $1]) << (8 * UInt64($1)) }
    if end > UInt64(size) { throw HDF5Error.truncated(path, found: size, expected: Int(clamping: end)) }
  }

  private static func bytes(_ descriptor: Int32, at offset: Int, count: Int, _ path: String) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let read = pread(descriptor, buffer.baseAddress! + initialized, count - initialized, off_t(offset + initialized))
        if read < 0 && errno == EINTR { continue }
        guard read >= 0 else { throw HDF5Error.unreadable(path, reason: String(cString: strerror(errno))) }
        if read == 0 { break }
        initialized += read
      }
    }
  }
}
