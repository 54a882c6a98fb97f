import CZLIB

/// The bytes of an archive, to be read anywhere.
struct ArchiveBytes {
  let name: String
  let count: Int
  private let fetch: (Int, UnsafeMutableRawBufferPointer) throws -> Void

  /// Bytes in memory.
  init(_ contents: [UInt8], name: String) {
    (self.name, count) = (name, contents.count)
    fetch = { start, target in
      contents.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + target.count])) }
    }
  }

  /// Those of an open file.
  init(_ descriptor: Int32, byteCount: Int, name: String) {
    (self.name, count) = (name, byteCount)
    fetch = { start, target in try RawFile.read(descriptor, at: start, into: target, name) }
  }

  /// A reader of `range`, which must lie inside.
  func reader(_ range: Range<Int>, _ file: String? = nil) throws -> ByteReader {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw ByteReader([], file: file ?? name).damaged("\(count) bytes", expected: "some up to byte \(range.upperBound)")
    }
    let bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      try fetch(range.lowerBound, UnsafeMutableRawBufferPointer(buffer))
      initialized = range.count
    }
    return ByteReader(bytes, file: file ?? name)
  }
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
  /// A directory is read as a whole.
  private static let largestDirectory = 64 << 20

  static func entries(of archive: ArchiveBytes) throws -> [ZIPEntry] {
    let (place, count) = try directory(archive)
    var reader = try archive.reader(place)
    var entries: [ZIPEntry] = []
    for _ in 0..<count {
      guard try reader.integer(UInt32.self) == directorySignature else {
        throw reader.damaged("no entry at byte \(place.lowerBound + reader.position - 4)", expected: "an entry of the directory")
      }
      entries.append(try entry(&reader))
    }
    return entries
  }

  /// Place and length of the central directory; it is announced at the end of the file, in either of two forms.
  private static func directory(_ archive: ArchiveBytes) throws -> (place: Range<Int>, count: Int) {
    // A comment of up to 64 KiB may follow the end of the directory, and the locator of a wide one comes before.
    let first = max(0, archive.count - 22 - 65_536 - 20)
    var reader = try archive.reader(first..<archive.count)
    let tail = reader.bytes
    var end = tail.count - 22
    while end >= 0, end > tail.count - 22 - 65_536, !isSignature(endSignature, tail, end) { end -= 1 }
    guard end >= 0, isSignature(endSignature, tail, end) else {
      throw DataFileError(.wrongKind, file: archive.name, found: "no directory at its end", expected: "an NPZ file, which is a ZIP archive")
    }
    reader.position = end + 10
    let count = Int(try reader.integer(UInt16.self))
    reader.position = end + 16
    let position = Int(try reader.integer(UInt32.self))
    guard count == Int(UInt16.max) || position == Int(UInt32.max), end >= 20, isSignature(wideLocatorSignature, tail, end - 20) else {
      return try checked(position, first + end, count, reader)
    }
    reader.position = end - 20 + 8
    let widePlace = Int(clamping: try reader.integer(UInt64.self))
    guard widePlace <= archive.count - 56 else { throw reader.damaged("no wide directory", expected: "the directory of a large archive") }
    var wide = try archive.reader(widePlace..<widePlace + 56)
    guard try wide.integer(UInt32.self) == wideEndSignature else {
      throw wide.damaged("no wide directory", expected: "the directory of a large archive")
    }
    wide.position += 28
    let wideCount = Int(clamping: try wide.integer(UInt64.self))
    _ = try wide.integer(UInt64.self)
    return try checked(Int(clamping: try wide.integer(UInt64.self)), widePlace, wideCount, wide)
  }

  private static func checked(_ start: Int, _ end: Int, _ count: Int, _ reader: ByteReader) throws -> (place: Range<Int>, count: Int) {
    guard start <= end, end - start <= largestDirectory, count <= (end - start) / 46 else {
      throw reader.damaged(
        "a directory of \(count) members from byte \(start) to \(end)",
        expected: "one of at most \(largestDirectory >> 20) MiB inside the file")
    }
    return (start..<end, count)
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

  /// For messages.
  func place(in archive: ArchiveBytes) -> String { "\(archive.name):\(name)" }

  /// Where the member's stored bytes lie; throws where its header is damaged, or it declares more than it can hold.
  func storedBytes(in archive: ArchiveBytes) throws -> Range<Int> {
    let place = place(in: archive)
    guard headerPosition <= archive.count - 30 else { throw ByteReader([], file: place).damaged("no member", expected: "its header") }
    var reader = try archive.reader(headerPosition..<headerPosition + 30, place)
    guard try reader.integer(UInt32.self) == ZIPEntry.localSignature else { throw reader.damaged("no member", expected: "its header") }
    reader.position = 26
    let start = headerPosition + 30 + Int(try reader.integer(UInt16.self)) + Int(try reader.integer(UInt16.self))
    guard start <= archive.count, storedByteCount <= archive.count - start else {
      throw reader.damaged("\(max(0, archive.count - start)) bytes from byte \(start) on", expected: "\(storedByteCount)")
    }
    switch method {
    case 0 where byteCount == storedByteCount: break
    case 8:
      // Deflate shrinks data at most 1032 times.
      guard byteCount / 1100 <= storedByteCount else {
        throw reader.damaged("\(byteCount) bytes declared", expected: "what the file stores")
      }
    default: throw reader.damaged("compression \(method)", expected: "stored or deflated")
    }
    return start..<start + storedByteCount
  }

  /// The bytes of the member, unpacked and checked.
  func contents(in archive: ArchiveBytes) throws -> [UInt8] {
    let reader = try archive.reader(storedBytes(in: archive), place(in: archive))
    var plain = reader.bytes
    if method == 8 {
      var isWhole = false
      plain = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initialized in
        isWhole = reader.bytes.withUnsafeBytes {
          Inflate.throughZlib($0, into: UnsafeMutableRawBufferPointer(buffer), windowBits: -15)
        }
        initialized = isWhole ? byteCount : 0
      }
      guard isWhole else { throw reader.damaged("deflated bytes that are damaged", expected: "\(byteCount) bytes") }
    }
    guard UInt32(truncatingIfNeeded: plain.withUnsafeBytes { czlib_crc32($0.baseAddress, $0.count) }) == checksum else {
      throw reader.damaged("another checksum", expected: "the bytes that were written")
    }
    return plain
  }
}
