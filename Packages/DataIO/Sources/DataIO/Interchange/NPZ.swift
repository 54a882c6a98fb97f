import CZLIB
import HDF5

/// NumPy's format for several arrays: a ZIP archive of NPY files, stored or deflated.
public enum NPZ {
  /// The arrays of an archive by name; members that are not NPY files are refused. `file` names the archive in errors.
  public static func read(_ contents: [UInt8], file: String) throws -> [String: HostArray] {
    var arrays: [String: HostArray] = [:]
    for entry in try ZIPEntry.entries(of: contents, file: file) {
      guard entry.name.hasSuffix(".npy") else {
        throw DataFileError(.wrongKind, file: file, place: entry.name, found: "another kind of member", expected: "NPY files")
      }
      let name = String(entry.name.dropLast(4))
      guard arrays[name] == nil else {
        throw DataFileError(.inconsistent, file: file, place: entry.name, found: "the name twice", expected: "each name once")
      }
      arrays[name] = try NPY.read(try entry.contents(in: contents, file: file), file: "\(file):\(entry.name)")
    }
    return arrays
  }

  /// An archive of `arrays`, stored, in the order given, without times: the same arrays give the same bytes.
  public static func contents(_ arrays: [(name: String, array: HostArray)], file: String) throws -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, array) in arrays {
      let body = NPY.contents(array)
      guard body.count < UInt32.max, archive.count < UInt32.max, arrays.count < UInt16.max else {
        throw DataFileError(.refused, file: file, place: name, found: "\(body.count) bytes", expected: "less than 4 GiB in all")
      }
      let member = Array("\(name).npy".utf8)
      let checksum = UInt32(truncatingIfNeeded: body.withUnsafeBytes { czlib_crc32($0.baseAddress, $0.count) })
      // Version 2.0, UTF-8 names, stored, 1 January 1980.
      let common =
        little(UInt16(20)) + little(UInt16(0x800)) + little(UInt16(0)) + little(UInt16(0)) + little(UInt16(0x21)) + little(checksum)
        + little(UInt32(body.count)) + little(UInt32(body.count)) + little(UInt16(member.count)) + little(UInt16(0))
      directory += little(ZIPEntry.directorySignature) + little(UInt16(20)) + common
      directory += [UInt8](repeating: 0, count: 10) + little(UInt32(archive.count)) + member
      archive += little(ZIPEntry.localSignature) + common + member + body
    }
    let start = UInt32(archive.count)
    archive += directory
    archive += little(ZIPEntry.endSignature) + little(UInt32(0)) + little(UInt16(arrays.count)) + little(UInt16(arrays.count))
    return archive + little(UInt32(directory.count)) + little(start) + little(UInt16(0))
  }

  private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}

/// One member of a ZIP archive, as its central directory lists it.
struct ZIPEntry {
  var name: String
  var method: UInt16
  var checksum: UInt32
  var storedByteCount: Int
  var byteCount: Int
  var headerPosition: Int

  static let localSignature: UInt32 = 0x0403_4B50
  static let directorySignature: UInt32 = 0x0201_4B50
  static let endSignature: UInt32 = 0x0605_4B50
  private static let wideEndSignature: UInt32 = 0x0606_4B50
  private static let wideLocatorSignature: UInt32 = 0x0706_4B50

  static func entries(of contents: [UInt8], file: String) throws -> [ZIPEntry] {
    var reader = ByteReader(contents, file: file)
    let (first, count) = try directory(&reader)
    reader.position = first
    var entries: [ZIPEntry] = []
    for _ in 0..<count {
      guard try reader.integer(UInt32.self) == directorySignature else {
        throw reader.damaged("no entry at byte \(reader.position - 4)", expected: "an entry of the directory")
      }
      entries.append(try entry(&reader))
    }
    return entries
  }

  /// Position and length of the central directory; it is announced at the end of the file, in either of two forms.
  private static func directory(_ reader: inout ByteReader) throws -> (position: Int, count: Int) {
    let bytes = reader.bytes
    var end = bytes.count - 22
    // A comment of up to 64 KiB may follow.
    while end >= 0, end > bytes.count - 22 - 65_536, !isSignature(endSignature, bytes, end) { end -= 1 }
    guard end >= 0, isSignature(endSignature, bytes, end) else {
      throw DataFileError(.wrongKind, file: reader.file, found: "no directory at its end", expected: "an NPZ file, which is a ZIP archive")
    }
    reader.position = end + 10
    let count = Int(try reader.integer(UInt16.self))
    reader.position = end + 16
    let position = Int(try reader.integer(UInt32.self))
    guard count == Int(UInt16.max) || position == Int(UInt32.max), end >= 20, isSignature(wideLocatorSignature, bytes, end - 20) else {
      return (try inside(position, reader), count)
    }
    reader.position = end - 20 + 8
    reader.position = try inside(Int(clamping: try reader.integer(UInt64.self)), reader)
    guard try reader.integer(UInt32.self) == wideEndSignature else {
      throw reader.damaged("no wide directory", expected: "the directory of a large archive")
    }
    reader.position += 28
    let wideCount = Int(clamping: try reader.integer(UInt64.self))
    _ = try reader.integer(UInt64.self)
    let widePosition = try inside(Int(clamping: try reader.integer(UInt64.self)), reader)
    guard wideCount <= bytes.count / 46 else { throw reader.damaged("\(wideCount) members", expected: "fewer than the file has room for") }
    return (widePosition, wideCount)
  }

  private static func inside(_ position: Int, _ reader: ByteReader) throws -> Int {
    guard position >= 0, position <= reader.bytes.count else {
      throw reader.damaged("a directory at byte \(position)", expected: "a place inside the file")
    }
    return position
  }

  private static func isSignature(_ signature: UInt32, _ bytes: [UInt8], _ position: Int) -> Bool {
    position + 4 <= bytes.count && (0..<4).allSatisfy { bytes[position + $0] == UInt8(truncatingIfNeeded: signature >> (8 * UInt32($0))) }
  }

  private static func entry(_ reader: inout ByteReader) throws -> ZIPEntry {
    _ = try reader.take(6)
    let method = try reader.integer(UInt16.self)
    _ = try reader.take(4)
    let checksum = try reader.integer(UInt32.self)
    var stored = UInt64(try reader.integer(UInt32.self))
    var plain = UInt64(try reader.integer(UInt32.self))
    let nameLength = Int(try reader.integer(UInt16.self))
    let extraLength = Int(try reader.integer(UInt16.self))
    let commentLength = Int(try reader.integer(UInt16.self))
    _ = try reader.take(8)
    var position = UInt64(try reader.integer(UInt32.self))
    let name = String(decoding: try reader.take(nameLength), as: UTF8.self)
    var extra = ByteReader(Array(try reader.take(extraLength)), file: reader.file)
    while extra.remaining >= 4 {
      let tag = try extra.integer(UInt16.self)
      var field = ByteReader(Array(try extra.take(Int(try extra.integer(UInt16.self)))), file: reader.file)
      guard tag == 1 else { continue }
      // Sizes of large members, those that did not fit above, in this order.
      if plain == UInt64(UInt32.max) { plain = try field.integer() }
      if stored == UInt64(UInt32.max) { stored = try field.integer() }
      if position == UInt64(UInt32.max) { position = try field.integer() }
    }
    _ = try reader.take(commentLength)
    return ZIPEntry(
      name: name, method: method, checksum: checksum, storedByteCount: Int(clamping: stored), byteCount: Int(clamping: plain),
      headerPosition: Int(clamping: position))
  }

  /// The bytes of the member, unpacked and checked.
  func contents(in archive: [UInt8], file: String) throws -> [UInt8] {
    var reader = ByteReader(archive, file: "\(file):\(name)", position: min(headerPosition, archive.count))
    guard try reader.integer(UInt32.self) == ZIPEntry.localSignature else { throw reader.damaged("no member", expected: "its header") }
    _ = try reader.take(22)
    let nameLength = Int(try reader.integer(UInt16.self))
    let extraLength = Int(try reader.integer(UInt16.self))
    _ = try reader.take(nameLength + extraLength)
    let stored = try reader.take(storedByteCount)
    let plain: [UInt8]
    switch method {
    case 0 where byteCount == storedByteCount: plain = Array(stored)
    case 8:
      // Deflate shrinks data at most 1032 times.
      guard byteCount / 1100 <= storedByteCount else {
        throw reader.damaged("\(byteCount) bytes declared", expected: "what the file stores")
      }
      var isWhole = false
      plain = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initialized in
        isWhole = stored.withUnsafeBytes { Inflate.throughZlib($0, into: UnsafeMutableRawBufferPointer(buffer), windowBits: -15) }
        initialized = isWhole ? byteCount : 0
      }
      guard isWhole else { throw reader.damaged("deflated bytes that are damaged", expected: "\(byteCount) bytes") }
    default: throw reader.damaged("compression \(method)", expected: "stored or deflated")
    }
    guard UInt32(truncatingIfNeeded: plain.withUnsafeBytes { czlib_crc32($0.baseAddress, $0.count) }) == checksum else {
      throw reader.damaged("another checksum", expected: "the bytes that were written")
    }
    return plain
  }
}
