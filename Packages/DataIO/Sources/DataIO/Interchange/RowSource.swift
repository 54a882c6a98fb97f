import HDF5

/// Rows of a file, piece by piece, so that the file need not fit into memory.
public protocol RowSource: AnyObject {
  /// Shape of one row; empty where rows are single numbers.
  var rowShape: [Int] { get }
  var elementType: ElementType { get }
  /// Nil where only reading tells.
  var rowCount: Int? { get }
  /// Names of the columns, where the file has them.
  var columnNames: [String] { get }

  /// The next rows, at most `count`; nil after the last.
  func next(_ count: Int) throws -> HostArray?
}

extension RowSource {
  public var columnNames: [String] { [] }
}

/// Rows of an IDX file, plain or packed, or of an NPY file.
public final class FileRows: RowSource {
  public let rowShape: [Int]
  public let elementType: ElementType
  public var rowCount: Int? { count }
  private let input: InputBytes
  private let isBigEndian: Bool
  private let count: Int
  private let rowBytes: Int
  private var position = 0

  private init(_ input: InputBytes, _ type: ElementType, shape: [Int], isBigEndian: Bool) throws {
    rowBytes = try FileRows.checkedRowBytes(shape, type, input)
    (self.input, elementType, self.isBigEndian, count) = (input, type, isBigEndian, shape[0])
    rowShape = Array(shape.dropFirst())
  }

  /// The size of a packed file tells nothing: what is asked for at once has a limit of its own.
  static func checkedRowBytes(_ shape: [Int], _ type: ElementType, _ input: InputBytes) throws -> Int {
    guard !shape.isEmpty, byteCount(of: shape, type.byteCount) != nil,
      let rowBytes = byteCount(of: Array(shape.dropFirst()), type.byteCount), (1...StreamColumns.largestBlock).contains(rowBytes)
    else {
      throw input.damaged(
        "the shape \(shape)", "rows of numbers along the first axis, of at most \(StreamColumns.largestBlock >> 20) MiB each")
    }
    return rowBytes
  }

  static func checkBooleans(_ bytes: [UInt8], _ type: ElementType, _ input: InputBytes) throws {
    if type == .bool, let value = bytes.first(where: { $0 > 1 }) { throw input.damaged("a boolean of value \(value)", "0 or 1") }
  }

  /// `name` stands for the file in errors.
  public static func idx(_ path: String, name: String) throws -> FileRows {
    let input = try InputBytes(path, name: name)
    let head = ByteReader(try input.take(4), file: name)
    let (type, rank) = try IDX.header(head)
    var extents = ByteReader(try input.take(4 * rank), file: name)
    let shape = try (0..<rank).map { _ in Int(try extents.integer(UInt32.self, bigEndian: true)) }
    return try FileRows(input, type, shape: shape, isBigEndian: true)
  }

  /// An NPY file in either order. For Fortran's order a temporary file of the array's size may be needed, which is made in
  /// `scratchFolder` and has no name.
  public static func npy(_ path: String, name: String, scratchFolder: String) throws -> any RowSource {
    try numPy(try InputBytes(path, name: name), path: path, scratchFolder: scratchFolder)
  }

  /// `input` stands at the beginning of an NPY file; `path` is that file where it is one of its own.
  static func numPy(_ input: InputBytes, path: String?, scratchFolder: String, windowByteCount: Int = 32 << 20) throws -> any RowSource {
    var start = 8
    let header = try NPY.header(ByteReader(try input.take(8), file: input.name)) {
      start += $0
      return try input.take($0)
    }
    guard header.isFortranOrder, header.shape.count > 1, !header.shape.contains(0) else {
      return try FileRows(input, header.type, shape: header.shape, isBigEndian: header.isBigEndian)
    }
    return try ColumnMajorRows(
      input, header, direct: input.isPacked ? nil : path.map { ($0, start) }, scratchFolder: scratchFolder, windowByteCount: windowByteCount
    )
  }

  public func next(_ count: Int) throws -> HostArray? {
    let rows = min(count, self.count - position, StreamColumns.largestBlock / rowBytes)
    guard rows > 0 else {
      try input.requireEnd()
      return nil
    }
    position += rows
    let bytes = try input.take(rows * rowBytes)
    try FileRows.checkBooleans(bytes, elementType, input)
    return HostArray(elementType, shape: [rows] + rowShape, swapping: bytes[...], bigEndian: isBigEndian)
  }
}

/// Rows of a table in text, float64.
public final class TableRows: RowSource {
  public var rowShape: [Int] { [table.columnCount] }
  public var elementType: ElementType { .float64 }
  public var rowCount: Int? { nil }
  public var columnNames: [String] { table.names }
  private let input: InputBytes
  private var table = CSVTable(names: [], values: [], columnCount: 0)
  private var parser = CSVTable.LineParser()
  private var begunLine: [UInt8] = []
  private var isAtEnd = false

  private static let longestLine = 1 << 26

  /// Reads up to the first numbers; `name` stands for the file in errors.
  public init(_ path: String, name: String) throws {
    input = try InputBytes(path, name: name)
    try fill(1)
    guard table.rowCount > 0 else { throw DataFileError(.missing, file: name, found: "no numbers", expected: "a table of numbers") }
  }

  public func next(_ count: Int) throws -> HostArray? {
    try fill(count)
    let rows = min(count, table.rowCount)
    guard rows > 0 else { return nil }
    let width = table.columnCount
    defer { table.values.removeFirst(rows * width) }
    return HostArray(Array(table.values[..<(rows * width)]), shape: [rows, width])
  }

  private func fill(_ rows: Int) throws {
    while table.rowCount < rows && !isAtEnd {
      let piece = try input.read(upTo: 1 << 18)
      isAtEnd = piece.isEmpty
      var rest = piece[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        try take(begunLine + rest[..<end])
        begunLine.removeAll(keepingCapacity: true)
        rest = rest[(end + 1)...]
      }
      begunLine += rest
      guard begunLine.count <= TableRows.longestLine else {
        throw input.damaged("a line of over \(TableRows.longestLine) bytes", "a table")
      }
      if isAtEnd { try take(begunLine) }
    }
  }

  private func take(_ line: [UInt8]) throws {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw DataFileError(.wrongKind, file: input.name, found: "bytes that are not UTF-8", expected: "a table of numbers in text")
    }
    try parser.take(text[...].utf8, into: &table, input.name)
  }
}
