/// The bytes of a file in the making: what the library writes is copied into pages, whole chunks of arrays are only referred to.
///
/// Used under the library's lock until the file is complete.
final class FileImage: @unchecked Sendable {
  /// Part of an array that lies at `address`, uncopied.
  private struct Borrowed {
    let address: Int
    let array: [UInt8]
    let range: Range<Int>
    var end: Int { address + range.count }
  }

  private static let pageByteCount = 1 << 16

  private var pages: [UnsafeMutableRawPointer?] = []
  private var borrowed: [Borrowed] = []
  /// A chunk on its way through the library: the part of an array, and the bytes that follow it in the file.
  private var lent: (array: [UInt8], range: Range<Int>, rest: [UInt8])?
  /// End of what the library has allotted.
  var end = 0
  /// End of what it has written.
  private(set) var writtenEnd = 0

  deinit { for page in pages { page?.deallocate() } }

  /// Runs `write`, which passes one chunk of `range.count + rest.count` bytes at `token` to the library; what arrives is `range` of
  /// `array`, and `rest`. False when the library wrote something else.
  func lending(_ array: [UInt8], _ range: Range<Int>, _ rest: [UInt8], _ write: (_ token: UnsafeRawPointer) throws -> Void) rethrows -> Bool
  {
    lent = (array, range, rest)
    defer { lent = nil }
    let before = borrowed.count
    try write(FileImage.token)
    return borrowed.count == before + 1
  }

  /// Stands for the lent chunk; nobody reads there.
  private nonisolated(unsafe) static let token = UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64))

  /// Takes `count` bytes for `address`; false for a chunk that was not lent so.
  func write(_ bytes: UnsafeRawPointer, _ count: Int, at address: Int) -> Bool {
    writtenEnd = max(writtenEnd, address + count)
    guard bytes == FileImage.token else {
      copy(bytes, count, to: address)
      return true
    }
    guard let lent, lent.range.count + lent.rest.count == count else { return false }
    borrowed.append(Borrowed(address: address, array: lent.array, range: lent.range))
    lent.rest.withUnsafeBytes { rest in
      if let base = rest.baseAddress { copy(base, rest.count, to: address + lent.range.count) }
    }
    return true
  }

  /// Gives back what was copied; false inside of arrays that were not.
  func read(_ target: UnsafeMutableRawPointer, _ count: Int, at address: Int) -> Bool {
    if borrowed.contains(where: { $0.address < address + count && address < $0.end }) { return false }
    forEachPiece(address, count) { number, offset, first, count in
      if number < pages.count, let page = pages[number] {
        (target + first).copyMemory(from: page + offset, byteCount: count)
      } else {
        (target + first).initializeMemory(as: UInt8.self, repeating: 0, count: count)
      }
    }
    return true
  }

  /// All bytes up to the end in their order, piece by piece.
  func pieces() -> [ImagePiece] {
    var pieces: [ImagePiece] = []
    var position = 0
    func append(copiedUpTo limit: Int) {
      forEachPiece(position, limit - position) { number, offset, first, count in
        let page = number < pages.count ? pages[number] : nil
        let bytes = page.map { Array(UnsafeRawBufferPointer(start: $0 + offset, count: count)) }
        pieces.append(ImagePiece(address: position + first, bytes: bytes ?? Array(repeating: 0, count: count), range: 0..<count))
      }
    }
    for part in borrowed.sorted(by: { $0.address < $1.address }) {
      append(copiedUpTo: part.address)
      pieces.append(ImagePiece(address: part.address, bytes: part.array, range: part.range))
      position = part.end
    }
    append(copiedUpTo: end)
    return pieces
  }

  private func copy(_ bytes: UnsafeRawPointer, _ count: Int, to address: Int) {
    forEachPiece(address, count) { number, offset, first, count in
      while pages.count <= number { pages.append(nil) }
      if pages[number] == nil {
        let page = UnsafeMutableRawPointer.allocate(byteCount: FileImage.pageByteCount, alignment: 64)
        page.initializeMemory(as: UInt8.self, repeating: 0, count: FileImage.pageByteCount)
        pages[number] = page
      }
      (pages[number]! + offset).copyMemory(from: bytes + first, byteCount: count)
    }
  }

  /// Parts `count` bytes from `address` on by pages: page, offset in it, bytes before, bytes in it.
  private func forEachPiece(_ address: Int, _ count: Int, _ body: (Int, Int, Int, Int) -> Void) {
    var done = 0
    while done < count {
      let (number, offset) = (address + done).quotientAndRemainder(dividingBy: FileImage.pageByteCount)
      let part = min(FileImage.pageByteCount - offset, count - done)
      body(number, offset, done, part)
      done += part
    }
  }
}

/// Some bytes of a file in the making.
public struct ImagePiece: Sendable {
  /// Place in the file.
  public let address: Int
  private let bytes: [UInt8]
  private let range: Range<Int>

  public init(address: Int, bytes: [UInt8], range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "ImagePiece: \(range) of \(bytes.count) bytes")
    self.address = address
    self.bytes = bytes
    self.range = range
  }

  public var count: Int { range.count }
  public var end: Int { address + range.count }

  /// The bytes, for as long as `body` runs.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
