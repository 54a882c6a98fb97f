import CZLIB
import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file, or of a member of an archive, in their order, unpacked where they are packed; memory holds a piece of them.
final class InputBytes {
  private enum Packing { case none, gzip, deflate }

  private static let pieceByteCount = 1 << 18

  /// For messages.
  let name: String
  private let descriptor: Int32
  private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceByteCount, alignment: 64)
  /// What of the piece was not handed on yet.
  private var pending = 0..<0
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let packing: Packing
  private var isMemberAtEnd = false
  /// Stored bytes of a member that were not read yet.
  private var storedRest = Int.max
  /// What an archive says of its member, and what was found so far.
  private let declared: (byteCount: Int, checksum: UInt32)?
  private var found: (byteCount: Int, checksum: UInt) = (0, 0)

  var isPacked: Bool { packing != .none }

  init(_ path: String, name: String) throws {
    self.name = name
    declared = nil
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      packing = .none
      throw InputBytes.cannotOpen(name)
    }
    stream.initialize(to: z_stream())
    let count = readBytes(descriptor, piece.baseAddress!, piece.count)
    packing = count >= 2 && piece[0] == 0x1F && piece[1] == 0x8B ? .gzip : .none
    pending = 0..<max(0, count)
    try startUnpacking(windowBits: 15 + 32)
  }

  /// The bytes of `member`, of the archive at `path`; at their end their number and checksum are compared with what the archive says.
  init(_ path: String, member: ZIPEntry, in archive: ArchiveBytes) throws {
    name = member.place(in: archive)
    declared = (member.byteCount, member.checksum)
    packing = member.method == 0 ? .none : .deflate
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputBytes.cannotOpen(name) }
    stream.initialize(to: z_stream())
    try startUnpacking(windowBits: -15)
    let place = try member.storedBytes(in: archive)
    storedRest = place.count
    lseek(descriptor, off_t(place.lowerBound), SEEK_SET)
  }

  static func cannotOpen(_ name: String) -> HDF5Error {
    errno == ENOENT ? .missingFile(name) : .unreadable(name, reason: String(cString: strerror(errno)))
  }

  deinit {
    if isPacked && descriptor >= 0 { inflateEnd(stream) }
    if descriptor >= 0 { close(descriptor) }
    piece.deallocate()
    stream.deallocate()
  }

  /// The next `count` bytes; fewer only at the end.
  func read(upTo count: Int) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        if pending.isEmpty { try refill() }
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
        let done = try isPacked ? unpack(into: rest) : copy(into: rest)
        if done == 0 && pending.isEmpty { break }
        initialized += done
      }
    }
    if declared != nil {
      found.byteCount += bytes.count
      found.checksum = bytes.withUnsafeBytes { czlib_crc32_continued(found.checksum, $0.baseAddress, $0.count) }
    }
    return bytes
  }

  /// The next `count` bytes, all of them.
  func take(_ count: Int) throws -> [UInt8] {
    let bytes = try read(upTo: count)
    guard bytes.count == count else { throw damaged("an end \(count - bytes.count) bytes too early", "\(count) bytes more") }
    return bytes
  }

  func requireEnd() throws {
    guard try read(upTo: 1).isEmpty else { throw damaged("bytes after the last number", "none") }
    guard let declared else { return }
    guard found.byteCount == declared.byteCount, UInt32(truncatingIfNeeded: found.checksum) == declared.checksum else {
      throw damaged("another checksum", "the bytes that were written")
    }
  }

  func damaged(_ found: String, _ expected: String) -> DataFileError {
    DataFileError(.damaged, file: name, found: found, expected: expected, remedy: "get the file again")
  }

  private var cutOrDamaged: DataFileError {
    packing == .gzip
      ? damaged("a gzip stream that is cut or damaged", "a gzip file") : damaged("deflated bytes that are cut or damaged", "whole ones")
  }

  private func startUnpacking(windowBits: Int32) throws {
    if isPacked, czlib_inflate_start(stream, windowBits) != Z_OK { throw damaged("it cannot be unpacked", "packed bytes") }
  }

  private func refill() throws {
    while true {
      let count = readBytes(descriptor, piece.baseAddress!, min(piece.count, storedRest))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw HDF5Error.unreadable(name, reason: String(cString: strerror(errno))) }
      pending = 0..<count
      if declared != nil { storedRest -= count }
      return
    }
  }

  private func copy(into target: UnsafeMutableRawBufferPointer) -> Int {
    let part = pending.prefix(target.count)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[part]))
    pending = part.upperBound..<pending.upperBound
    return part.count
  }

  private func unpack(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    if isMemberAtEnd {
      // A gzip file may be several, one after the other.
      guard let next = pending.first else { return 0 }
      guard packing == .gzip, piece[next] == 0x1F, inflateReset(stream) == Z_OK else {
        throw damaged("bytes after the end of the packed ones", "none")
      }
      isMemberAtEnd = false
    }
    guard !pending.isEmpty else { throw cutOrDamaged }
    stream.pointee.next_in = (piece.baseAddress! + pending.lowerBound).assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = uInt(pending.count)
    stream.pointee.next_out = target.baseAddress!.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_out = uInt(min(target.count, 1 << 30))
    let room = stream.pointee.avail_out
    let status = inflate(stream, Z_NO_FLUSH)
    let (left, done) = (Int(stream.pointee.avail_in), Int(room - stream.pointee.avail_out))
    guard status == Z_STREAM_END || (status == Z_OK && (done > 0 || left < pending.count)) else {
      throw cutOrDamaged
    }
    pending = pending.upperBound - left..<pending.upperBound
    isMemberAtEnd = status == Z_STREAM_END
    return done
  }
}

private func readBytes(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, target, count) }
