/// SHA-256 of the digests of blocks: unlike that of a whole file it can be computed side by side. See FORMAT.md, section 2.1.
enum TreeDigest {
  static let blockByteCount = 1 << 16
  /// Blocks that are hashed together: few enough for a core's cache.
  private static let groupByteCount = 16 * blockByteCount

  /// The digest of `byteCount` bytes in 64 hexadecimal digits. `fill(start, target)` puts those from `start` on into memory; it is called
  /// on several threads.
  static func hexadecimal(
    byteCount: Int, threads: Int, _ fill: @escaping @Sendable (Int, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws -> String {
    let groupCount = (byteCount - 1) / groupByteCount + 1
    // Each thread takes runs of neighbouring groups.
    let runCount = min(groupCount, 4 * max(1, threads))
    let parts = Parts(runCount)
    try Parallel.forEach(runCount, threads: threads) { run in
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: groupByteCount, alignment: 64)
      defer { memory.deallocate() }
      for group in groupCount * run / runCount..<groupCount * (run + 1) / runCount {
        let start = group * groupByteCount
        let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<min(groupByteCount, byteCount - start)])
        try fill(start, bytes)
        parts.leaves[run] += leaves(UnsafeRawBufferPointer(bytes))
      }
    }
    var root = SHA256()
    for run in 0..<runCount { parts.leaves[run].withUnsafeBytes { root.update($0) } }
    return root.hexadecimal()
  }

  /// The digests of the blocks of `bytes`, the last of which may be shorter.
  private static func leaves(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let whole = bytes.count / blockByteCount * blockByteCount
    let leaves = SHA256.digests(ofEach: blockByteCount, in: UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
    guard whole < bytes.count else { return leaves }
    var hash = SHA256()
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[whole...]))
    return leaves + hash.digest()
  }

  /// Digests of the blocks, run by run; every thread writes runs of its own.
  private final class Parts: @unchecked Sendable {
    let leaves: UnsafeMutableBufferPointer<[UInt8]>

    init(_ count: Int) {
      leaves = .allocate(capacity: count)
      leaves.initialize(repeating: [])
    }

    deinit {
      leaves.deinitialize()
      leaves.deallocate()
    }
  }
}
