/// A block of memory that holds the elements of one evaluated tensor, row-major and contiguous.
///
/// Written once, before anyone else can see it, and never again; only donation to a compiled step moves the memory to a new owner.
final class Storage: @unchecked Sendable {
  static let alignment = 64

  /// The next multiple of the alignment.
  static func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) & ~(alignment - 1) }

  private(set) var pointer: UnsafeMutableRawPointer?
  let byteCount: Int
  /// Set when a program keeps the address as a constant: donation then copies.
  var isPinned = false

  init(byteCount: Int) {
    self.byteCount = byteCount
    pointer = .allocate(byteCount: max(byteCount, 1), alignment: Storage.alignment)
  }

  private init(adopting pointer: UnsafeMutableRawPointer, byteCount: Int) {
    self.pointer = pointer
    self.byteCount = byteCount
  }

  /// The memory, for reading.
  var address: UnsafeMutableRawPointer {
    guard let pointer else {
      misuse(
        "a tensor was read after it had been donated to a compiled function; use the value which that function returned")
    }
    return pointer
  }

  var isDonated: Bool { pointer == nil }

  /// Moves the memory into a new owner; this storage can no longer be read.
  func donated() -> Storage {
    let moved = Storage(adopting: address, byteCount: byteCount)
    pointer = nil
    return moved
  }

  deinit { pointer?.deallocate() }
}
