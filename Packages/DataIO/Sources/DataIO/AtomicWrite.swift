import CDigest
import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Replaces a file so that a reader, or a power cut, meets the old one or the new one and nothing between.
public enum AtomicWrite {
  /// Writes `parts`, one after the other, as the file at `path`: a temporary file in the same folder, written out with fsync,
  /// renamed, and the folder written out too. On any failure the temporary file is removed and the old file is untouched.
  public static func write(_ parts: [[UInt8]], to path: String) throws {
    try replace(path) { file in for part in parts { try part.withUnsafeBytes { try file.append($0) } } }
  }

  /// Writes the bytes of a file made in memory, sealed. The digest is computed on another thread meanwhile.
  static func writeSealed(_ pieces: [ImagePiece], to path: String) throws {
    try replace(path) { file in
      let digest = BackgroundDigest(pieces)
      for piece in pieces { try piece.withUnsafeBytes { try file.append($0) } }
      // A digest that takes longer than the disk would hold it up.
      if !digest.isReady { try file.flush() }
      try Seal.tree.line(digest.value()).withUnsafeBytes { try file.append($0) }
    }
  }

  /// A name in the folder of `path` that nobody uses.
  static func temporaryPath(for path: String) -> String {
    let (folder, name) = split(path)
    return "\(folder)/.\(name).\(getpid())-\(nextSerial()).tmp"
  }

  /// Seals the file `temporary`, which lies in the folder of `path`, and puts it there; on any failure it is removed.
  static func adoptSealed(_ temporary: String, as path: String) throws {
    let descriptor = open(temporary, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "its temporary file cannot be opened", errno) }
    try finish(temporary, descriptor, path) { file in
      let size = Int(lseek(descriptor, 0, SEEK_END))
      let digits = try TreeDigest.hexadecimal(byteCount: size, threads: Parallel.coreCount) { start, target in
        try RawFile.read(descriptor, at: start, into: target, path)
      }
      try Seal.tree.line(digits).withUnsafeBytes { try file.append($0) }
    }
  }

  private static func replace(_ path: String, _ body: (TemporaryFile) throws -> Void) throws {
    let temporary = temporaryPath(for: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path, "its folder cannot take a new file", errno) }
    try finish(temporary, descriptor, path, body)
  }

  /// Lets `body` write to the open file, flushes it and gives it its name.
  private static func finish(_ temporary: String, _ descriptor: Int32, _ path: String, _ body: (TemporaryFile) throws -> Void) throws {
    var isOpen = true
    do {
      let file = TemporaryFile(descriptor: descriptor, path: path)
      try body(file)
      try file.flush()
      isOpen = false
      guard close(descriptor) == 0 else { throw failure(path, "closing it failed", errno) }
      guard rename(temporary, path) == 0 else { throw failure(path, "it cannot be replaced", errno) }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
    try synchronizeFolder(split(path).folder, path)
  }

  /// Removes temporary files that a killed process left in `folder`; those of living processes stay.
  public static func removeLeftovers(in folder: String) {
    for name in FolderListing.names(in: folder) where name.hasPrefix(".") && name.hasSuffix(".tmp") {
      let serial = name.dropLast(4).split(separator: ".").last?.split(separator: "-")
      guard let serial, serial.count == 2, let owner = pid_t(serial[0]), owner > 0, Int(serial[1]) != nil else { continue }
      if owner != getpid() && kill(owner, 0) != 0 && errno == ESRCH { unlink("\(folder)/\(name)") }
    }
  }

  /// Makes `path` another name of the file `existing`, replacing a file of that name in one step.
  public static func link(_ existing: String, to path: String) throws {
    let temporary = temporaryPath(for: path)
    guard linkFile(existing, temporary) == 0 else { throw failure(path, "it cannot be another name of \(existing)", errno) }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw failure(path, "it cannot be replaced", code)
    }
    // The rename does nothing where both names already are one file.
    unlink(temporary)
    try synchronizeFolder(split(path).folder, path)
  }

  /// An open file that is written from its start on; `path` is what errors name.
  final class TemporaryFile {
    fileprivate let descriptor: Int32
    fileprivate let path: String
    private var sinceHint = 0

    init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
      var done = 0
      while done < bytes.count {
        let count = min(bytes.count - done, 1 << 24)
        let written = writeBytes(descriptor, bytes.baseAddress! + done, count)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw failure(path, "writing it stopped after \(done) bytes", written == 0 ? ENOSPC : errno) }
        done += written
        // The disk sets to work while more is still to come.
        sinceHint += written
        if sinceHint >= 1 << 24 {
          cdigest_begin_writing(descriptor)
          sinceHint = 0
        }
      }
    }

    func flush() throws { guard fsync(descriptor) == 0 else { throw failure(path, "flushing it failed", errno) } }
  }

  private static func synchronizeFolder(_ folder: String, _ path: String) throws {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "its folder cannot be opened", errno) }
    defer { close(descriptor) }
    // Some file systems have no folder to flush and say so.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw failure(path, "flushing its folder failed", errno) }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  static func failure(_ path: String, _ what: String, _ code: Int32) -> DataFileError {
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "free some space or choose another folder; an earlier file of that name is untouched"
      case EACCES, EPERM, EROFS: "choose a folder you may write to"
      case ENOENT: "create the folder first"
      case EISDIR: "give the name of a file"
      default: "an earlier file of that name is untouched"
      }
    return DataFileError(
      .notWritten, file: path, found: "\(what) (\(String(cString: strerror(code))))", expected: "to write it", remedy: remedy)
  }
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(descriptor, bytes, count) }
private func linkFile(_ existing: String, _ path: String) -> Int32 { link(existing, path) }

/// The tree digest of the pieces of a file, computed on a thread of its own where they are large.
private final class BackgroundDigest: @unchecked Sendable {
  /// Up to this size a thread costs more than it brings.
  private static let smallByteCount = 1 << 20

  private let pieces: [ImagePiece]
  private let monitor = Monitor()
  private var digits: String?

  init(_ pieces: [ImagePiece]) {
    self.pieces = pieces
    if pieces.last?.end ?? 0 <= BackgroundDigest.smallByteCount {
      compute()
    } else {
      BackgroundThread { self.compute() }.detach()
    }
  }

  var isReady: Bool { monitor.locked { digits != nil } }

  func value() -> String {
    monitor.locked {
      while digits == nil { monitor.wait() }
      return digits!
    }
  }

  private func compute() {
    let pieces = pieces
    // Copying memory does not fail, and neither does this.
    let result = try! TreeDigest.hexadecimal(byteCount: pieces.last?.end ?? 0, threads: max(1, Parallel.coreCount - 1)) { start, target in
      BackgroundDigest.copy(pieces, from: start, to: target)
    }
    monitor.locked {
      digits = result
      monitor.notify()
    }
  }

  private static func copy(_ pieces: [ImagePiece], from start: Int, to target: UnsafeMutableRawBufferPointer) {
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if pieces[middle].address <= start { low = middle } else { high = middle - 1 }
    }
    var done = 0
    while done < target.count {
      let piece = pieces[low]
      let first = start + done - piece.address
      let count = min(piece.count - first, target.count - done)
      piece.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: target[done...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[first..<first + count]))
      }
      done += count
      low += 1
    }
  }
}
