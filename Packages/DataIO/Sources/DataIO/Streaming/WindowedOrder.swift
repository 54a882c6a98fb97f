/// The order of rows when an epoch goes through a file window by window. See FORMAT.md, section 3.5.
///
/// Rows lie in blocks (a chunk of the file each). The blocks are shuffled, taken together in windows of `windowBlocks`, and the rows of
/// each window shuffled: every block is read once in an epoch, and memory holds a few windows.
public struct WindowedOrder: Sendable, Hashable {
  public let rowCount: Int
  public let blockRows: Int
  public let windowBlocks: Int

  public init(rowCount: Int, blockRows: Int, windowBlocks: Int) {
    precondition(
      rowCount > 0 && blockRows > 0 && windowBlocks > 0,
      "WindowedOrder: \(rowCount) rows in blocks of \(blockRows), \(windowBlocks) to a window; all must be positive")
    self.rowCount = rowCount
    self.blockRows = blockRows
    self.windowBlocks = windowBlocks
  }

  public var blockCount: Int { (rowCount - 1) / blockRows + 1 }
  public var windowCount: Int { (blockCount - 1) / windowBlocks + 1 }

  /// The rows of block `block`.
  public func rows(ofBlock block: Int) -> Range<Int> { block * blockRows..<min((block + 1) * blockRows, rowCount) }

  /// The windows of an epoch, each the numbers of its blocks.
  public func windows(key: KeyWords, epoch: Int) -> [[Int]] {
    let blocks = Shuffle.permutation(count: blockCount, key: key.block(UInt64(epoch)).block(0))
    return stride(from: 0, to: blocks.count, by: windowBlocks).map { Array(blocks[$0..<min($0 + windowBlocks, blocks.count)]) }
  }

  /// The order in which the `count` rows of window number `window` come, as positions in the window.
  public func permutation(ofWindow window: Int, count: Int, key: KeyWords, epoch: Int) -> [Int] {
    Shuffle.permutation(count: count, key: key.block(UInt64(epoch)).block(UInt64(window) + 1))
  }

  /// All rows of an epoch in their order.
  public func order(key: KeyWords, epoch: Int) -> [Int] {
    windows(key: key, epoch: epoch).enumerated().flatMap { number, blocks in
      let rows = blocks.flatMap { self.rows(ofBlock: $0) }
      return permutation(ofWindow: number, count: rows.count, key: key, epoch: epoch).map { rows[$0] }
    }
  }
}
