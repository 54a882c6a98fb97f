/// The rows of one window in memory, and the order in which they are used. Written by the background thread, then read by the other.
final class StreamWindow: @unchecked Sendable {
  private let columns: [(memory: UnsafeMutableRawBufferPointer, rowBytes: Int)]
  private(set) var blocks: [Int] = []
  /// Rows of the file, as they lie in this window.
  private(set) var rows: [Int] = []
  /// Positions in `rows`, in the order of use.
  private(set) var permutation: [Int] = []
  /// Rows of the epoch in the windows before.
  private(set) var firstRow = 0

  init(_ columns: StreamColumns, _ order: WindowedOrder) {
    let capacity = min(order.windowBlocks * order.blockRows, order.rowCount)
    self.columns = columns.streamed.map { column in
      let rowBytes = column.reader.rowBytes
      return (.allocate(byteCount: max(1, capacity * rowBytes), alignment: 64), rowBytes)
    }
  }

  deinit { for column in columns { column.memory.deallocate() } }

  func prepare(blocks: [Int], rows: [Int], permutation: [Int], firstRow: Int) {
    self.blocks = blocks
    self.rows = rows
    self.permutation = permutation
    self.firstRow = firstRow
  }

  func bytes(ofColumn column: Int, rows: Range<Int>) -> UnsafeMutableRawBufferPointer {
    let (memory, size) = columns[column]
    return UnsafeMutableRawBufferPointer(rebasing: memory[rows.lowerBound * size..<rows.upperBound * size])
  }

  /// Copies the rows at `positions` of the order of use to `target`.
  func gather(column: Int, _ positions: Range<Int>, into target: UnsafeMutableRawPointer) {
    let (memory, size) = columns[column]
    guard size > 0 else { return }
    var target = target
    for position in positions {
      target.copyMemory(from: memory.baseAddress! + permutation[position] * size, byteCount: size)
      target += size
    }
  }
}

/// A batch in the making.
final class BatchAssembly {
  private let columns: StreamColumns
  private let capacity: Int
  private var bytes: [[UInt8]]
  private var rows: [Int] = []

  init(_ columns: StreamColumns, capacity: Int) {
    self.columns = columns
    self.capacity = capacity
    bytes = columns.streamed.map { _ in [] }
  }

  var rowCount: Int { rows.count }

  func append(from window: StreamWindow, _ positions: Range<Int>) {
    for (number, column) in columns.streamed.enumerated() {
      let size = column.reader.rowBytes
      if positions.count == capacity {
        bytes[number] = [UInt8](unsafeUninitializedCapacity: capacity * size) { buffer, initialized in
          if let base = buffer.baseAddress { window.gather(column: number, positions, into: base) }
          initialized = capacity * size
        }
      } else {
        let piece = [UInt8](unsafeUninitializedCapacity: positions.count * size) { buffer, initialized in
          if let base = buffer.baseAddress { window.gather(column: number, positions, into: base) }
          initialized = positions.count * size
        }
        bytes[number].append(contentsOf: piece)
      }
    }
    rows.append(contentsOf: positions.map { window.rows[window.permutation[$0]] })
  }

  func split() -> DataSplit {
    var arrays: [String: HostArray] = [:]
    for (number, (name, reader)) in columns.streamed.enumerated() {
      arrays[name] = HostArray(
        elementType: reader.elementType, shape: [rows.count] + reader.dataset.shape.dropFirst(), bytes: bytes[number])
    }
    for (name, array) in columns.resident { arrays[name] = array.rows(rows) }
    let x = arrays.removeValue(forKey: "x")!
    let y = arrays.removeValue(forKey: "y")
    return DataSplit(x: x, y: y, more: arrays)
  }
}
