import CZLIB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Deflated bytes back to plain ones.
///
/// Whole blocks of known size go through libdeflate where it is installed, which is 2 to 4 times as fast, and through zlib elsewhere;
/// both give the same bytes.
public enum Inflate {
  /// `libdeflate` or `zlib`: which one inflates the chunks of data sets.
  public static var libraryName: String { Libdeflate.shared == nil ? "zlib" : "libdeflate" }

  /// Fills `destination` from a block in zlib's frame; false when the block is damaged or has another size.
  static func zlibFrame(_ source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer) -> Bool {
    if let library = Libdeflate.shared { return library.inflate(source, into: destination) }
    return throughZlib(source, into: destination, windowBits: 15)
  }

  /// Fills `destination` from one block; `windowBits` as zlib takes them. False when the block is damaged or has another size.
  static func throughZlib(_ source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer, windowBits: Int32) -> Bool {
    var stream = z_stream()
    guard czlib_inflate_start(&stream, windowBits) == Z_OK else { return false }
    defer { inflateEnd(&stream) }
    var read = 0
    var written = 0
    while true {
      let input = min(source.count - read, 1 << 30)
      let output = min(destination.count - written, 1 << 30)
      stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: ($0 + read).assumingMemoryBound(to: Bytef.self)) }
      stream.avail_in = uInt(input)
      stream.next_out = destination.baseAddress.map { ($0 + written).assumingMemoryBound(to: Bytef.self) }
      stream.avail_out = uInt(output)
      let status = inflate(&stream, Z_NO_FLUSH)
      read += input - Int(stream.avail_in)
      written += output - Int(stream.avail_out)
      if status == Z_STREAM_END { return written == destination.count }
      guard status == Z_OK, stream.avail_in < uInt(input) || stream.avail_out < uInt(output) else { return false }
    }
  }

  /// The contents of a gzip file, all its members; throws when it is damaged or unpacks to more than `limit` bytes.
  static func gzip(_ source: [UInt8], limit: Int, file: String) throws -> [UInt8] {
    var stream = z_stream()
    guard czlib_inflate_start(&stream, 15 + 32) == Z_OK else { throw damaged(file, "it cannot be unpacked") }
    defer { inflateEnd(&stream) }
    var plain: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var read = 0
    while true {
      let input = min(source.count - read, 1 << 30)
      var status: Int32 = Z_OK
      var produced = 0
      source.withUnsafeBytes { bytes in
        piece.withUnsafeMutableBytes { room in
          stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress.map { ($0 + read).assumingMemoryBound(to: Bytef.self) })
          stream.avail_in = uInt(input)
          stream.next_out = room.baseAddress!.assumingMemoryBound(to: Bytef.self)
          stream.avail_out = uInt(room.count)
          status = inflate(&stream, Z_NO_FLUSH)
          read += input - Int(stream.avail_in)
          produced = room.count - Int(stream.avail_out)
        }
      }
      guard plain.count + produced <= limit else { throw damaged(file, "more than \(limit) bytes when unpacked") }
      plain.append(contentsOf: piece[..<produced])
      if status == Z_STREAM_END {
        if read == source.count { return plain }
        guard source[read] == 0x1F, inflateReset(&stream) == Z_OK else { throw damaged(file, "bytes after the end of the gzip stream") }
      } else {
        guard status == Z_OK, produced > 0 || read < source.count else { throw damaged(file, "a gzip stream that is cut or damaged") }
      }
    }
  }

  private static func damaged(_ file: String, _ found: String) -> DataFileError {
    DataFileError(.damaged, file: file, found: found, expected: "a gzip file", remedy: "get the file again")
  }
}

/// The three functions of libdeflate that are needed, found at run time: nobody has to install it.
struct Libdeflate: Sendable {
  private typealias Allocate = @convention(c) @Sendable () -> UnsafeMutableRawPointer?
  private typealias Release = @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void
  private typealias Decompress =
    @convention(c) @Sendable (
      UnsafeMutableRawPointer, UnsafeRawPointer, Int, UnsafeMutableRawPointer, Int, UnsafeMutablePointer<Int>?
    ) -> Int32

  static let shared: Libdeflate? = Libdeflate()

  private let allocate: Allocate
  private let release: Release
  private let decompress: Decompress

  private init?() {
    let names = ["libdeflate.so.0", "libdeflate.0.dylib", "/opt/homebrew/lib/libdeflate.0.dylib"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
      let allocate = dlsym(library, "libdeflate_alloc_decompressor"), let release = dlsym(library, "libdeflate_free_decompressor"),
      let decompress = dlsym(library, "libdeflate_zlib_decompress")
    else { return nil }
    self.allocate = unsafeBitCast(allocate, to: Allocate.self)
    self.release = unsafeBitCast(release, to: Release.self)
    self.decompress = unsafeBitCast(decompress, to: Decompress.self)
  }

  /// Fills `destination` from a block in zlib's frame; false when the block is damaged or has another size.
  func inflate(_ source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer) -> Bool {
    guard let input = source.baseAddress, let output = destination.baseAddress, let state = allocate() else { return false }
    defer { release(state) }
    return decompress(state, input, source.count, output, destination.count, nil) == 0
  }
}
