import CDigest

/// SHA-256 (FIPS 180-4), fed in pieces.
public struct SHA256: Sendable {
  private static let initial: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var state = initial
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  public init() {}

  /// The digest of `bytes` in 64 hexadecimal digits.
  public static func hexadecimal(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hexadecimal()
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount += UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let missing = min(64 - pending.count, rest.count)
      pending.append(contentsOf: rest.prefix(missing))
      rest = rest.dropFirst(missing)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { SHA256.compress(&state, $0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64 * 64
    SHA256.compress(&state, UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// Ends the message and gives the digest in 64 hexadecimal digits.
  public mutating func hexadecimal() -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Ends the message and gives the 32 bytes of the digest.
  mutating func digest() -> [UInt8] {
    let bitCount = byteCount * 8
    var padding: [UInt8] = [0x80]
    padding.append(contentsOf: repeatElement(0, count: (119 - pending.count) % 64))
    for shift in stride(from: 56, through: 0, by: -8) { padding.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift))) }
    padding.withUnsafeBytes { update($0) }
    return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
  }

  /// The digests, 32 bytes each, of the messages of `size` bytes, a multiple of 64, that lie one after the other in `bytes`.
  static func digests(ofEach size: Int, in bytes: UnsafeRawBufferPointer) -> [UInt8] {
    precondition(size > 0 && size % 64 == 0 && bytes.count % size == 0, "SHA256: \(bytes.count) bytes are not messages of \(size)")
    let count = bytes.count / size
    return [UInt8](unsafeUninitializedCapacity: 32 * count) { buffer, initialized in
      if let messages = bytes.baseAddress, let digests = buffer.baseAddress {
        cdigest_sha256_each(messages.assumingMemoryBound(to: UInt8.self), size, count, digests)
      }
      initialized = 32 * count
    }
  }

  private static func compress(_ state: inout [UInt32], _ blocks: UnsafeRawBufferPointer) {
    guard let start = blocks.baseAddress, !blocks.isEmpty else { return }
    cdigest_sha256(&state, start.assumingMemoryBound(to: UInt8.self), blocks.count / 64)
  }
}
