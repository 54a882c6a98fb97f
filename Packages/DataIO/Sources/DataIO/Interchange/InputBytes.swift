import CZLIB
import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a file in their order, unpacked where it is packed with gzip; memory holds a piece of them.
final class InputBytes {
  private static let pieceByteCount = 1 << 18

  /// For messages.
  let name: String
  private let descriptor: Int32
  private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceByteCount, alignment: 64)
  /// What of the piece was not handed on yet.
  private var pending = 0..<0
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let isPacked: Bool
  private var isMemberAtEnd = false

  init(_ path: String, name: String) throws {
    self.name = name
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      piece.deallocate()
      stream.deallocate()
      throw errno == ENOENT ? HDF5Error.missingFile(name) : HDF5Error.unreadable(name, reason: String(cString: strerror(errno)))
    }
    stream.initialize(to: z_stream())
    let count = readBytes(descriptor, piece.baseAddress!, piece.count)
    isPacked = count >= 2 && piece[0] == 0x1F && piece[1] == 0x8B
    pending = 0..<max(0, count)
    if isPacked, czlib_inflate_start(stream, 15 + 32) != Z_OK { throw damaged("it cannot be unpacked", "a gzip file") }
  }

  deinit {
    if isPacked { inflateEnd(stream) }
    close(descriptor)
    piece.deallocate()
    stream.deallocate()
  }

  /// The next `count` bytes; fewer only at the end.
  func read(upTo count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        if pending.isEmpty { try refill() }
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
        let done = try isPacked ? unpack(into: rest) : copy(into: rest)
        if done == 0 && pending.isEmpty { break }
        initialized += done
      }
    }
  }

  /// The next `count` bytes, all of them.
  func take(_ count: Int) throws -> [UInt8] {
    let bytes = try read(upTo: count)
    guard bytes.count == count else { throw damaged("an end \(count - bytes.count) bytes too early", "\(count) bytes more") }
    return bytes
  }

  func requireEnd() throws {
    guard try read(upTo: 1).isEmpty else { throw damaged("bytes after the last number", "none") }
  }

  func damaged(_ found: String, _ expected: String) -> DataFileError {
    DataFileError(.damaged, file: name, found: found, expected: expected, remedy: "get the file again")
  }

  private func refill() throws {
    while true {
      let count = readBytes(descriptor, piece.baseAddress!, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw HDF5Error.unreadable(name, reason: String(cString: strerror(errno))) }
      pending = 0..<count
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
      guard piece[next] == 0x1F, inflateReset(stream) == Z_OK else { throw damaged("bytes after the end of the gzip stream", "none") }
      isMemberAtEnd = false
    }
    guard !pending.isEmpty else { throw damaged("a gzip stream that is cut or damaged", "a gzip file") }
    stream.pointee.next_in = (piece.baseAddress! + pending.lowerBound).assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = uInt(pending.count)
    stream.pointee.next_out = target.baseAddress!.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_out = uInt(min(target.count, 1 << 30))
    let room = stream.pointee.avail_out
    let status = inflate(stream, Z_NO_FLUSH)
    let (left, done) = (Int(stream.pointee.avail_in), Int(room - stream.pointee.avail_out))
    guard status == Z_STREAM_END || (status == Z_OK && (done > 0 || left < pending.count)) else {
      throw damaged("a gzip stream that is cut or damaged", "a gzip file")
    }
    pending = pending.upperBound - left..<pending.upperBound
    isMemberAtEnd = status == Z_STREAM_END
    return done
  }
}

private func readBytes(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, target, count) }
