import HDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows of an array whose first axis varies fastest, as Fortran keeps it: every row is scattered over the whole file.
///
/// A window of rows is gathered from the pieces of all columns in it. Where those pieces are short, or the bytes are packed, the array is
/// first copied to a nameless file in which several columns lie side by side: two passes, whatever the size.
final class ColumnMajorRows: RowSource {
  let rowShape: [Int]
  let elementType: ElementType
  var rowCount: Int? { count }
  private let isBigEndian: Bool
  private let count: Int
  private let columnCount: Int
  private let input: InputBytes
  /// The file where its numbers can be read where they lie, and where they begin.
  private let direct: (path: String, start: Int)?
  private let scratchFolder: String
  private let windowByteCount: Int
  private var slabs: ColumnSlabs?
  /// Rows in memory, and the first of them not handed on yet.
  private var window: (rows: Range<Int>, bytes: [UInt8]) = (0..<0, [])
  private var position = 0

  /// Pieces of columns from this size on are read where they lie.
  static let shortPiece = 4096

  /// `input` stands at the first number. A nameless file, if one is needed, is made in `scratchFolder`.
  init(_ input: InputBytes, _ header: NPYHeader, direct: (path: String, start: Int)?, scratchFolder: String, windowByteCount: Int) throws {
    let rowBytes = try FileRows.checkedRowBytes(header.shape, header.type, input)
    (rowShape, elementType, isBigEndian) = (Array(header.shape.dropFirst()), header.type, header.isBigEndian)
    (self.input, self.direct, self.scratchFolder) = (input, direct, scratchFolder)
    count = header.shape[0]
    columnCount = rowBytes / header.type.byteCount
    self.windowByteCount = max(windowByteCount, rowBytes)
  }

  private var rowBytes: Int { columnCount * elementType.byteCount }
  private var windowRows: Int { min(count, windowByteCount / rowBytes) }

  func next(_ count: Int) throws -> HostArray? {
    let rows = position..<min(position + count, self.count)
    guard !rows.isEmpty else { return nil }
    if slabs == nil { slabs = try makeSlabs() }
    var bytes: [UInt8] = []
    while position < rows.upperBound {
      if position == window.rows.upperBound {
        let next = position..<min(position + windowRows, self.count)
        window = (next, try slabs!.rows(next, rowShape))
      }
      let part = position..<min(rows.upperBound, window.rows.upperBound)
      let first = window.rows.lowerBound
      bytes += window.bytes[(part.lowerBound - first) * rowBytes..<(part.upperBound - first) * rowBytes]
      position = part.upperBound
    }
    try FileRows.checkBooleans(bytes, elementType, input)
    return HostArray(elementType, shape: [rows.count] + rowShape, swapping: bytes[...], bigEndian: isBigEndian)
  }

  private func makeSlabs() throws -> ColumnSlabs {
    let (columnBytes, elementBytes) = (count * elementType.byteCount, elementType.byteCount)
    let perSlab = max(1, min(columnCount, windowByteCount / columnBytes))
    if let direct, windowRows == count || windowRows * elementBytes >= ColumnMajorRows.shortPiece || perSlab == 1 {
      let file = try ScratchFile(reading: direct.path, name: input.name)
      guard file.byteCount == direct.start + count * rowBytes else {
        throw input.damaged("\(file.byteCount - direct.start) bytes of numbers", "\(count * rowBytes)")
      }
      return ColumnSlabs(
        file: file, start: direct.start, rowCount: count, columnCount: columnCount, perSlab: 1, elementBytes: elementBytes, name: input.name
      )
    }
    let file = try ScratchFile(in: scratchFolder)
    for first in stride(from: 0, to: columnCount, by: perSlab) {
      let columns = min(perSlab, columnCount - first)
      if columns == 1 {
        for start in stride(from: 0, to: columnBytes, by: windowByteCount) {
          try file.append(try input.take(min(windowByteCount, columnBytes - start)))
        }
      } else {
        let slab = HostArray(elementType: elementType, shape: [columns, count], bytes: try input.take(columns * columnBytes))
        try file.append(slab.transposed().bytes)
      }
    }
    try input.requireEnd()
    return ColumnSlabs(
      file: file, start: 0, rowCount: count, columnCount: columnCount, perSlab: perSlab, elementBytes: elementBytes, name: input.name)
  }
}

/// An array on disk in slabs of `perSlab` columns, one after the other, each row by row; in Fortran's order slabs are of one column.
private struct ColumnSlabs {
  let file: ScratchFile
  let start: Int
  let rowCount: Int
  let columnCount: Int
  let perSlab: Int
  let elementBytes: Int
  let name: String

  /// The bytes of `rows`, row-major, where a row has the shape `rowShape`, of which columns are numbered first axis fastest.
  func rows(_ rows: Range<Int>, _ rowShape: [Int]) throws -> [UInt8] {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: rows.count * min(perSlab, columnCount) * elementBytes, alignment: 16)
    defer { piece.deallocate() }
    var places = RowMajorPlaces(rowShape)
    return try [UInt8](unsafeUninitializedCapacity: rows.count * columnCount * elementBytes) { target, initialized in
      for first in stride(from: 0, to: columnCount, by: perSlab) {
        let columns = min(perSlab, columnCount - first)
        let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<(rows.count * columns * elementBytes)])
        try RawFile.read(file.descriptor, at: start + (first * rowCount + rows.lowerBound * columns) * elementBytes, into: part, name)
        for column in 0..<columns {
          scatter(part, column, columns, to: UnsafeMutableRawBufferPointer(target), places.next(), rows.count)
        }
      }
      initialized = target.count
    }
  }

  /// Copies one column of a piece of `width` columns to a column of the rows.
  private func scatter(
    _ piece: UnsafeMutableRawBufferPointer, _ column: Int, _ width: Int, to target: UnsafeMutableRawBufferPointer, _ place: Int, _ rows: Int
  ) {
    func move<Word: FixedWidthInteger>(_ type: Word.Type) {
      let (source, target) = (piece.assumingMemoryBound(to: type), target.assumingMemoryBound(to: type))
      for row in 0..<rows { target[row * columnCount + place] = source[row * width + column] }
    }
    switch elementBytes {
    case 1: move(UInt8.self)
    case 2: move(UInt16.self)
    case 4: move(UInt32.self)
    default: move(UInt64.self)
    }
  }
}

/// Places in row-major order of the elements of an array, met with the first axis fastest.
private struct RowMajorPlaces {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]
  private var place = 0

  init(_ shape: [Int]) {
    self.shape = shape
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    self.strides = strides
    index = shape.map { _ in 0 }
  }

  mutating func next() -> Int {
    defer { advance() }
    return place
  }

  private mutating func advance() {
    for axis in shape.indices {
      index[axis] += 1
      place += strides[axis]
      if index[axis] < shape[axis] { return }
      place -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}

/// An open file: one that is there, or one without a name, which goes when the value goes.
private final class ScratchFile {
  let descriptor: Int32
  private let file: AtomicWrite.TemporaryFile

  init(reading path: String, name: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    file = AtomicWrite.TemporaryFile(descriptor: descriptor, path: name)
    guard descriptor >= 0 else { throw InputBytes.cannotOpen(name) }
  }

  init(in folder: String) throws {
    let path = AtomicWrite.temporaryPath(for: folder + "/columns")
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    file = AtomicWrite.TemporaryFile(descriptor: descriptor, path: folder)
    guard descriptor >= 0 else { throw AtomicWrite.failure(folder, "it cannot take a temporary file", errno) }
    unlink(path)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var byteCount: Int { Int(lseek(descriptor, 0, SEEK_END)) }

  func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try file.append($0) } }
}
