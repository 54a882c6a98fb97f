import HDF5

/// The arrays of a split that a stream reads: `x` window by window; what is small, such as labels, once and whole.
struct StreamColumns: Sendable {
  let path: String
  let split: String
  let file: File
  /// `x` first.
  let streamed: [(name: String, reader: BlockReader)]
  let resident: [(name: String, array: HostArray)]

  /// Arrays beside `x` stay in memory up to this size together.
  static let residentByteCount = 32 << 20
  /// A block is read as a whole.
  static let largestBlock = 64 << 20

  init(_ path: String, split: String, verifyingSeal: Bool) throws {
    let tree = try FormatFile.open(path, verifyingSeal: verifyingSeal)
    self.path = path
    self.split = split
    file = tree.file
    let x = try BlockReader(try tree.dataset(split + "/x"))
    let rows = x.dataset.shape[0]
    guard rows > 0, x.rowBytes > 0 else {
      throw DataFileError(
        .wrongShape, file: path, place: "/\(split)/x", found: "shape \(x.dataset.shape)",
        expected: "[rows, features] with at least one of each")
    }
    var streamed = [("x", x)]
    var resident: [(String, HostArray)] = []
    var residentBytes = 0
    for (name, dataset) in tree.datasets(in: split) where name != "x" && name != "cov" && dataset.elementType != nil {
      guard dataset.shape.first == rows else {
        throw DataFileError(
          .wrongShape, file: path, place: "/\(split)/\(name)", found: "shape \(dataset.shape)", expected: "\(rows) rows as in x")
      }
      let reader = try BlockReader(dataset)
      residentBytes += rows * reader.rowBytes
      if residentBytes <= StreamColumns.residentByteCount {
        resident.append((name, try HostArray(dataset)))
      } else {
        streamed.append((name, reader))
      }
    }
    self.streamed = streamed.map { (name: $0.0, reader: $0.1) }
    self.resident = resident.map { (name: $0.0, array: $0.1) }
  }

  private var x: BlockReader { streamed[0].reader }

  /// The layout of windows: that of an earlier run, or blocks of one chunk each, or of about 1 MiB.
  func order(continuing earlier: WindowedOrder?, windowBytes: Int) throws -> WindowedOrder {
    let rows = x.dataset.shape[0]
    if let earlier {
      guard earlier.rowCount == rows else {
        throw DataFileError(
          .inconsistent, file: path, place: "/\(split)/x", found: "\(rows) rows", expected: "\(earlier.rowCount), as when the run began",
          remedy: "resume with the same data")
      }
      return earlier
    }
    let chunk = try x.dataset.chunkShape()?.first ?? 1
    let blockRows = x.chunkRows ?? max(1, (1 << 20) / x.rowBytes / chunk) * chunk
    guard blockRows.multipliedReportingOverflow(by: x.rowBytes).partialValue <= StreamColumns.largestBlock else {
      throw DataFileError(
        .refused, file: path, place: "/\(split)/x", found: "chunks of \(blockRows) rows of \(x.rowBytes) bytes",
        expected: "chunks of at most \(StreamColumns.largestBlock >> 20) MiB", remedy: "write it in smaller chunks, of about 1 MiB")
    }
    let order = WindowedOrder(rowCount: rows, blockRows: min(blockRows, rows), windowBlocks: 1)
    let blocks = max(1, min(order.blockCount, windowBytes / (order.blockRows * x.rowBytes)))
    return WindowedOrder(rowCount: rows, blockRows: order.blockRows, windowBlocks: blocks)
  }

  /// Fills `window` with its blocks, on several threads.
  func fill(_ window: StreamWindow, _ order: WindowedOrder, threads: Int) throws {
    var firsts: [Int] = []
    var total = 0
    for block in window.blocks {
      firsts.append(total)
      total += order.rows(ofBlock: block).count
    }
    let starts = firsts
    let blocks = window.blocks
    let columns = self
    try Parallel.forEach(blocks.count, threads: threads) { index in
      let rows = order.rows(ofBlock: blocks[index])
      for (number, column) in columns.streamed.enumerated() {
        let reader = column.reader
        let target = window.bytes(ofColumn: number, rows: starts[index]..<starts[index] + rows.count)
        try reader.read(rows, into: target)
        if let element = NonFinite.firstIndex(UnsafeRawBufferPointer(target), reader.elementType) {
          throw DataFileError(
            .notFinite, file: columns.path,
            place: "\(reader.dataset.location.object), row \(rows.lowerBound + element * reader.elementType.byteCount / reader.rowBytes)",
            found: "a number that is not finite", expected: "a finite number", remedy: "correct or remove the row")
        }
      }
    }
  }

  func batch(capacity: Int) -> BatchAssembly { BatchAssembly(self, capacity: capacity) }
}

/// Finds numbers that are not finite without unpacking them.
public enum NonFinite {
  /// Place of the first NaN or infinity among elements of `type`.
  public static func firstIndex(_ bytes: UnsafeRawBufferPointer, _ type: ElementType) -> Int? {
    switch type {
    case .float32: firstIndex(bytes.bindMemory(to: UInt32.self), exponent: 0x7F80_0000)
    case .float64: firstIndex(bytes.bindMemory(to: UInt64.self), exponent: 0x7FF0_0000_0000_0000)
    default: nil
    }
  }

  private static func firstIndex<Word: FixedWidthInteger>(_ words: UnsafeBufferPointer<Word>, exponent: Word) -> Int? {
    var found: Word = 0
    // The whole array first, without branches; its place only when there is one.
    for word in words { found |= (word & exponent) == exponent ? 1 : 0 }
    return found == 0 ? nil : words.firstIndex { $0 & exponent == exponent }
  }
}
