/// The bytes of an open file are marked "open for writing"; those of a file on disk are not.
extension Superblock {
  /// Bytes of a superblock of version 2.
  static let byteCount = 48

  /// Clears that mark in the version-2 superblock at the start of `image`, and gives it the checksum of its 44 bytes.
  static func markClosed(_ image: inout [UInt8]) {
    precondition(
      image.count >= byteCount && image[8] == 2 && image[9] == 8, "the image starts with a version-2 superblock of 8-byte offsets")
    image[11] = 0
    let words = image.withUnsafeBytes { bytes in
      (0..<11).map { UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
    }
    let checksum = lookup3(words)
    image.withUnsafeMutableBytes { $0.storeBytes(of: checksum.littleEndian, toByteOffset: 44, as: UInt32.self) }
  }

  /// Bob Jenkins, lookup3 (2006), `hashlittle` with initial value 0, of whole 32-bit words.
  private static func lookup3(_ words: [UInt32]) -> UInt32 {
    var a = 0xDEAD_BEEF &+ UInt32(words.count * 4)
    var b = a
    var c = a
    var position = 0
    while words.count - position > 3 {
      a &+= words[position]
      b &+= words[position + 1]
      c &+= words[position + 2]
      a = (a &- c) ^ rotate(c, 4)
      c &+= b
      b = (b &- a) ^ rotate(a, 6)
      a &+= c
      c = (c &- b) ^ rotate(b, 8)
      b &+= a
      a = (a &- c) ^ rotate(c, 16)
      c &+= b
      b = (b &- a) ^ rotate(a, 19)
      a &+= c
      c = (c &- b) ^ rotate(b, 4)
      b &+= a
      position += 3
    }
    let rest = words.count - position
    if rest > 0 { a &+= words[position] }
    if rest > 1 { b &+= words[position + 1] }
    if rest > 2 { c &+= words[position + 2] }
    c = (c ^ b) &- rotate(b, 14)
    a = (a ^ c) &- rotate(c, 11)
    b = (b ^ a) &- rotate(a, 25)
    c = (c ^ b) &- rotate(b, 16)
    a = (a ^ c) &- rotate(c, 4)
    b = (b ^ a) &- rotate(a, 14)
    c = (c ^ b) &- rotate(b, 24)
    return c
  }

  private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
}
