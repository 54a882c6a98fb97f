/// Rows of text in aligned columns.
public struct TextTable {
  public let header: [String]
  public private(set) var rows: [[String]] = []
  private let rightAligned: Set<Int>

  /// `rightAligned` holds the columns of numbers.
  public init(_ header: [String], rightAligned: Set<Int> = []) {
    self.header = header
    self.rightAligned = rightAligned
  }

  public mutating func append(_ row: [String]) { rows.append(row) }

  public var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    let lines = all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (rightAligned.contains(column) ? padding + cell : cell + padding)
      }
      return trimmed(line)
    }
    let rule = trimmed(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  private func trimmed(_ line: String) -> String { String(line.reversed().drop { $0 == " " }.reversed()) }
}
