/// Where in the stream of shuffled rows the next batch starts; saved in a checkpoint.
public struct BatchPosition: Sendable, Hashable {
  public var key: KeyWords
  /// How many times all rows have been used.
  public var epoch: Int
  /// Rows of this epoch that have been used.
  public var cursor: Int

  public init(key: KeyWords, epoch: Int = 0, cursor: Int = 0) {
    self.key = key
    self.epoch = epoch
    self.cursor = cursor
  }
}

/// Shuffled minibatches of row numbers: every row once per epoch, in an order that only the key decides.
public struct Batches: Sendable {
  /// What happens where the batch size does not divide the number of rows.
  public enum Remainder: String, Sendable {
    /// The batch goes on with the next epoch's rows: all batches have one size.
    case straddles
    /// The last batch of an epoch is shorter.
    case endsShort
  }

  public let rowCount: Int
  public let batchSize: Int
  public let remainder: Remainder
  public private(set) var position: BatchPosition
  private var order: [Int]

  /// Starts at `position`, so that a run resumed in the middle of an epoch sees what the uninterrupted one would.
  public init(rowCount: Int, batchSize: Int, position: BatchPosition, remainder: Remainder = .straddles) {
    precondition(rowCount > 0 && batchSize > 0, "Batches: \(batchSize) of \(rowCount) rows; both must be positive")
    precondition(
      position.epoch >= 0 && position.cursor >= 0 && position.cursor <= rowCount,
      "Batches: epoch \(position.epoch), cursor \(position.cursor) is not a position in \(rowCount) rows")
    self.rowCount = rowCount
    self.batchSize = batchSize
    self.remainder = remainder
    self.position = position
    order = Shuffle.order(count: rowCount, key: position.key, epoch: position.epoch)
  }

  public init(rowCount: Int, batchSize: Int, key: KeyWords, remainder: Remainder = .straddles) {
    self.init(rowCount: rowCount, batchSize: batchSize, position: BatchPosition(key: key), remainder: remainder)
  }

  /// The rows of the next batch.
  public mutating func next() -> [Int] {
    var rows: [Int] = []
    rows.reserveCapacity(batchSize)
    repeat {
      if position.cursor == rowCount { startEpoch(position.epoch + 1) }
      let end = min(position.cursor + batchSize - rows.count, rowCount)
      rows.append(contentsOf: order[position.cursor..<end])
      position.cursor = end
    } while rows.count < batchSize && remainder == .straddles
    return rows
  }

  /// The next batch of `split`, which must have `rowCount` rows.
  public mutating func next(from split: DataSplit) -> DataSplit {
    precondition(split.rowCount == rowCount, "Batches.next: the split has \(split.rowCount) rows, the batches \(rowCount)")
    return split.rows(next())
  }

  private mutating func startEpoch(_ epoch: Int) {
    position.epoch = epoch
    position.cursor = 0
    order = Shuffle.order(count: rowCount, key: position.key, epoch: epoch)
  }
}
