import HDF5

/// Shuffled minibatches of a data set that need not fit into memory.
///
/// A thread in the background reads window after window (`WindowedOrder`), each chunk of the file once per epoch, decoded on all cores,
/// while the batches of the window before are used: memory holds three windows, whatever the size of the file. The order is a function
/// of the key, the epoch and the layout alone, and `position` resumes anywhere in it.
public final class RowStream {
  public let order: WindowedOrder
  public let batchSize: Int
  public let remainder: Batches.Remainder
  public private(set) var position: BatchPosition
  /// Seconds that `next` has waited for the background thread, the first window left out.
  public private(set) var stallSeconds = 0.0
  /// Stored chunks, or blocks where the file has no chunks, that were read so far.
  public var blocksRead: Int { producer.blocksRead }

  private let columns: StreamColumns
  private let producer: WindowProducer
  private var window: StreamWindow?
  private var hasStarted = false

  /// Opens `/<split>` of the data set at `path`. Chunk checksums are verified as chunks come, the seal only when `verifyingSeal`.
  /// `order` is that of an earlier run to go on with; otherwise windows are of about `windowBytes`.
  public init(
    contentsOf path: String, split: String = "train", batchSize: Int, position: BatchPosition, continuing order: WindowedOrder? = nil,
    windowBytes: Int = 32 << 20, threads: Int = Parallel.coreCount, remainder: Batches.Remainder = .straddles, verifyingSeal: Bool = false
  ) throws {
    precondition(batchSize > 0 && windowBytes > 0 && threads > 0, "RowStream: batches of \(batchSize), windows of \(windowBytes) bytes")
    columns = try StreamColumns(path, split: split, verifyingSeal: verifyingSeal)
    self.order = try columns.order(continuing: order, windowBytes: windowBytes)
    guard position.epoch >= 0, position.cursor >= 0, position.cursor <= self.order.rowCount else {
      throw DataFileError(
        .inconsistent, file: path, place: "/\(split)/x", found: "\(self.order.rowCount) rows",
        expected: "room for row \(position.cursor) of epoch \(position.epoch)", remedy: "resume with the data the run began with")
    }
    self.batchSize = batchSize
    self.remainder = remainder
    self.position = position
    producer = WindowProducer(columns, self.order, position, threads: threads)
  }

  deinit { producer.stop() }

  public var rowCount: Int { order.rowCount }

  /// The next batch; an error of the background thread is thrown when its window would be used.
  public func next() throws -> DataSplit {
    let batch = columns.batch(capacity: batchSize)
    repeat {
      if position.cursor == order.rowCount { position = BatchPosition(key: position.key, epoch: position.epoch + 1) }
      let window = try currentWindow()
      let first = position.cursor - window.firstRow
      let end = min(first + batchSize - batch.rowCount, window.permutation.count)
      batch.append(from: window, first..<end)
      position.cursor += end - first
      if end == window.permutation.count {
        producer.recycle(window)
        self.window = nil
      }
    } while batch.rowCount < batchSize && (remainder == .straddles || position.cursor < order.rowCount)
    return batch.split()
  }

  private func currentWindow() throws -> StreamWindow {
    if let window { return window }
    let (next, waited) = try producer.take()
    if hasStarted { stallSeconds += waited }
    hasStarted = true
    window = next
    return next
  }
}

extension CheckpointFile.Data {
  private static let names = (order: "order", rows: "rows", blockRows: "block_rows", windowBlocks: "window_blocks")

  /// Where a stream of rows stands, with what its order depends on.
  public init(source: String, sha256: String = "", stream: RowStream, scaling: Scaling? = nil) {
    let names = Self.names
    self.init(
      source: source, sha256: sha256, position: stream.position,
      attributes: [
        names.order: .string("windows"), names.rows: .integer(Int64(stream.order.rowCount)),
        names.blockRows: .integer(Int64(stream.order.blockRows)), names.windowBlocks: .integer(Int64(stream.order.windowBlocks)),
      ], scaling: scaling)
  }

  /// The order of a stream of rows that was saved here; nil when rows were shuffled as a whole.
  public var windowedOrder: WindowedOrder? {
    let names = Self.names
    guard attributes[names.order] == .string("windows"), case .integer(let rows) = attributes[names.rows],
      case .integer(let blockRows) = attributes[names.blockRows], case .integer(let windowBlocks) = attributes[names.windowBlocks],
      rows > 0, blockRows > 0, windowBlocks > 0
    else { return nil }
    return WindowedOrder(rowCount: Int(rows), blockRows: Int(blockRows), windowBlocks: Int(windowBlocks))
  }
}
