/// A table of numbers in text: values parted by commas, semicolons or tabs, with or without a line of names.
public struct CSVTable: Sendable, Equatable {
  /// Empty where the first line already holds numbers.
  public var names: [String]
  /// `[rows, columns]`, row-major.
  public var values: [Double]
  public var columnCount: Int

  public var rowCount: Int { columnCount == 0 ? 0 : values.count / columnCount }

  /// Reads the contents of a file; empty lines and lines that start with `#` are passed over. `file` names it in errors.
  public static func read(_ contents: [UInt8], file: String) throws -> CSVTable {
    guard let text = String(validating: contents, as: UTF8.self) else {
      throw DataFileError(.wrongKind, file: file, found: "bytes that are not UTF-8", expected: "a table of numbers in text")
    }
    var table = CSVTable(names: [], values: [], columnCount: 0)
    var parser = LineParser()
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      try parser.take(line, into: &table, file)
    }
    guard table.rowCount > 0 else { throw DataFileError(.missing, file: file, found: "no numbers", expected: "a table of numbers") }
    return table
  }

  /// What is known of a table while its lines come.
  struct LineParser {
    private var separator: UInt8?
    private var number = 0

    /// Adds the numbers of the next line, without its end.
    mutating func take(_ line: Substring.UTF8View, into table: inout CSVTable, _ file: String) throws {
      number += 1
      let line = trimmed(line)
      if line.isEmpty || line.first == UInt8(ascii: "#") { return }
      let mark = separator ?? CSVTable.separator(of: line)
      separator = mark
      try table.append(fields(line, mark), line: number, file)
    }
  }

  private mutating func append(_ fields: [String], line: Int, _ file: String) throws {
    let numbers = fields.map { Double($0) }
    let isFirst = columnCount == 0
    if isFirst {
      columnCount = fields.count
      if numbers.contains(where: { $0 == nil }) {
        names = fields
        if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $0.value.count > 1 })?.key {
          throw DataFileError(
            .inconsistent, file: file, place: "line \(line)", found: "the name '\(twice)' twice", expected: "each name once")
        }
        return
      }
    }
    guard fields.count == columnCount else {
      throw DataFileError(
        .wrongShape, file: file, place: "line \(line)", found: "\(fields.count) values", expected: "\(columnCount), as in the lines before")
    }
    for (column, value) in numbers.enumerated() {
      guard let value, value.isFinite else {
        let name = names.isEmpty ? "" : " (\(names[column]))"
        throw DataFileError(
          .notFinite, file: file, place: "line \(line), column \(column + 1)\(name)", found: "'\(fields[column].prefix(40))'",
          expected: "a finite number", remedy: "correct or remove the line")
      }
      values.append(value)
    }
  }

  private static func trimmed(_ line: Substring.UTF8View) -> Substring.UTF8View {
    var line = line
    while let last = line.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: " ") { line.removeLast() }
    while line.first == UInt8(ascii: " ") { line.removeFirst() }
    return line
  }

  private static func separator(of line: Substring.UTF8View) -> UInt8 {
    [",", ";", "\t"].map { UInt8(ascii: $0) }.first { line.contains($0) } ?? UInt8(ascii: ",")
  }

  /// Fields of a line; one in double quotes may hold the separator, and `""` there is a quote.
  private static func fields(_ line: Substring.UTF8View, _ separator: UInt8) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    let quote = UInt8(ascii: "\"")
    for byte in line {
      if byte == quote {
        // The second of two quotes inside a quoted field stands for one of them.
        if !isQuoted, field.last == quote { field.removeLast() }
        isQuoted.toggle()
        field.append(quote)
      } else if byte == separator && !isQuoted {
        fields.append(plain(field))
        field.removeAll(keepingCapacity: true)
      } else {
        field.append(byte)
      }
    }
    fields.append(plain(field))
    return fields
  }

  private static func plain(_ field: [UInt8]) -> String {
    var bytes = field[...]
    while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    let quote = UInt8(ascii: "\"")
    if bytes.count >= 2, bytes.first == quote, bytes.last == quote { bytes = bytes.dropFirst().dropLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
