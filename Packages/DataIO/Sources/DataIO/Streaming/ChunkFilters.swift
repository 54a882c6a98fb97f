import CDigest
import HDF5

/// Undoes what HDF5's filters did to a chunk, so that chunks can be decoded on all cores: the library itself works on one.
struct ChunkFilters: Sendable {
  /// In the order in which the writer applied them.
  let filters: [StorageReport.Filter]
  let elementBytes: Int

  /// Nil where a filter is not among deflate, shuffle and fletcher32.
  init?(_ filters: [StorageReport.Filter], elementBytes: Int) {
    if filters.contains(where: { if case .other = $0 { true } else { false } }) { return nil }
    // Deflate inside shuffle or twice has no use and no fixed size between; such a chunk is left to the library.
    guard filters.filter({ $0 == .deflate }).count <= 1, filters.filter({ $0 == .shuffle }).count <= 1 else { return nil }
    if let deflate = filters.firstIndex(of: .deflate), let shuffle = filters.firstIndex(of: .shuffle), shuffle > deflate { return nil }
    if let deflate = filters.firstIndex(of: .deflate), let checksum = filters.firstIndex(of: .fletcher32), checksum < deflate { return nil }
    self.filters = filters
    self.elementBytes = elementBytes
  }

  /// Fills `chunk` from `stored`; bit i of `skipped` says that filter i was not applied. Returns what is wrong, or nil.
  func decode(_ stored: UnsafeRawBufferPointer, skipped: UInt32, into chunk: UnsafeMutableRawBufferPointer) -> String? {
    var bytes = stored
    var scratch: UnsafeMutableRawBufferPointer?
    defer { scratch?.deallocate() }
    for (index, filter) in filters.enumerated().reversed() where skipped & (1 << UInt32(index)) == 0 {
      switch filter {
      case .fletcher32:
        guard let checked = ChunkFilters.withoutChecksum(bytes) else { return ChunkFilters.wrongChecksum }
        bytes = checked
      case .deflate:
        let shuffled = filters.firstIndex(of: .shuffle).map { skipped & (1 << UInt32($0)) == 0 } ?? false
        let target: UnsafeMutableRawBufferPointer
        if shuffled && elementBytes > 1 {
          target = .allocate(byteCount: chunk.count, alignment: 16)
          scratch = target
        } else {
          target = chunk
        }
        guard Inflate.zlibFrame(bytes, into: target) else { return "a chunk that does not inflate to its size" }
        bytes = UnsafeRawBufferPointer(target)
      case .shuffle:
        guard elementBytes > 1 else { continue }
        guard bytes.count == chunk.count else { return "a chunk of \(bytes.count) bytes in place of \(chunk.count)" }
        ChunkFilters.unshuffle(bytes, into: chunk, elementBytes: elementBytes)
        return nil
      case .other: return "a filter that is not read"
      }
    }
    guard bytes.count == chunk.count else { return "a chunk of \(bytes.count) bytes in place of \(chunk.count)" }
    if bytes.baseAddress != UnsafeRawPointer(chunk.baseAddress) { chunk.copyMemory(from: bytes) }
    return nil
  }

  static let wrongChecksum = "a chunk whose checksum does not match"

  /// Fletcher's checksum of 16-bit words, high byte first, as HDF5 appends it; nil when it does not match.
  static func withoutChecksum(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard bytes.count >= 4 else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    let found = bytes.loadUnaligned(fromByteOffset: body.count, as: UInt32.self)
    return UInt32(littleEndian: found) == fletcher32(body) ? body : nil
  }

  static func fletcher32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return cdigest_fletcher32(base.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// Puts byte j of every element, stored one after the other, back to place j of its element.
  static func unshuffle(_ bytes: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer, elementBytes: Int) {
    let count = bytes.count / elementBytes
    guard let source = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
      let target = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return }
    func planes<Word: FixedWidthInteger>(_: Word.Type, _ target: UnsafeMutableRawPointer) {
      let words = target.assumingMemoryBound(to: Word.self)
      for index in 0..<count {
        var word: Word = 0
        for byte in 0..<MemoryLayout<Word>.size { word |= Word(truncatingIfNeeded: source[byte * count + index]) &<< Word(8 * byte) }
        words[index] = Word(littleEndian: word)
      }
    }
    switch (elementBytes, Int(bitPattern: target) % elementBytes) {
    case (2, 0): planes(UInt16.self, target)
    case (4, 0): planes(UInt32.self, target)
    case (8, 0): planes(UInt64.self, target)
    default:
      for index in 0..<count { for byte in 0..<elementBytes { target[index * elementBytes + byte] = source[byte * count + index] } }
    }
    for index in count * elementBytes..<bytes.count { target[index] = source[index] }
  }
}
