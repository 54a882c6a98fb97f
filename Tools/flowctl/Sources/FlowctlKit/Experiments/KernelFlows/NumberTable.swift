import Autodiff
import DataIO
import Foundation
import HDF5

/// Rows of numbers with the names of their columns, as a file holds them.
struct NumberTable {
  var names: [String]
  /// `[rows, names.count]`, row after row.
  var values: [Double]
  /// Rows left out because a number was missing.
  var incompleteRows = 0

  var count: Int { values.count / max(1, names.count) }

  func column(_ index: Int) -> [Double] { stride(from: index, to: values.count, by: names.count).map { values[$0] } }

  /// Rows of a CSV file with a line of names or without, in which an empty field, `NA`, `nan` or `inf` is a missing number.
  static func csv(_ path: String, dropIncomplete: Bool) throws -> NumberTable {
    let shown = FileAccess.display(path)
    let lines = try FileAccess.readText(path).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let incomplete = lines.indices.filter { isIncomplete(lines[$0]) }
    if let first = incomplete.first, !dropIncomplete {
      throw UserError.failure(
        "\(shown): \(incomplete.count) \(incomplete.count == 1 ? "row holds" : "rows hold") a missing or infinite number, the first is line \(first + 1); correct them, or leave them "
          + "out: --set data.dropIncomplete=true for training, --drop-incomplete for scores")
    }
    // An empty line in the place of each keeps the numbers of the others.
    var kept = lines
    for index in incomplete { kept[index] = "" }
    let table = try CSVTable.read(Array(kept.joined(separator: "\n").utf8), file: shown)
    let names = table.names.isEmpty ? (0..<table.columnCount).map { "column \($0 + 1)" } : table.names
    return NumberTable(names: names, values: table.values, incompleteRows: incomplete.count)
  }

  private static func isIncomplete(_ line: Substring) -> Bool {
    let fields = line.split(omittingEmptySubsequences: false) { ",;\t".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }
    let missing: Set<String> = ["", "na", "nan", "?", "inf", "-inf", "+inf", "infinity", "-infinity"]
    return fields.count > 1 && fields.contains { missing.contains($0.lowercased()) }
  }

  /// One dataset `[rows, columns]` of an HDF5 file.
  static func hdf5(_ file: File, _ dataset: String, names: [String], path: String, dropIncomplete: Bool) throws -> NumberTable {
    let array = try HostArray(try file.root.dataset(dataset))
    guard array.shape.count >= 2, array.rowLength > 0 else {
      throw UserError.failure("\(FileAccess.display(path)), \(dataset): shape \(array.shape), expected [rows, columns]")
    }
    let known = names.count == array.rowLength ? names : (0..<array.rowLength).map { "column \($0 + 1)" }
    return try NumberTable(names: known, values: array.doubles).complete("\(FileAccess.display(path)), \(dataset)", dropIncomplete)
  }

  /// Names of the columns where the root says them.
  static func names(of file: File) throws -> [String] {
    guard try file.root.attributes.contains("feature_names") else { return [] }
    return try file.root.attributes.string("feature_names").split(separator: ",").map(String.init)
  }

  /// Without rows that hold a number which is not finite; they are counted, and refused unless they are to be dropped.
  private func complete(_ shown: String, _ dropIncomplete: Bool) throws(UserError) -> NumberTable {
    let width = names.count
    let good = (0..<count).filter { row in values[row * width..<(row + 1) * width].allSatisfy { $0.isFinite } }
    if good.count == count { return self }
    guard dropIncomplete else {
      let first = (0..<count).first { row in !values[row * width..<(row + 1) * width].allSatisfy { $0.isFinite } } ?? 0
      throw .failure(
        "\(shown): \(count - good.count) of \(count) rows hold a missing or infinite number, the first is row \(first + 1); correct them, or "
          + "leave them out: --set data.dropIncomplete=true for training, --drop-incomplete for scores")
    }
    if good.isEmpty { throw .failure("\(shown): every row holds a missing or infinite number") }
    return NumberTable(
      names: names, values: good.flatMap { values[$0 * width..<($0 + 1) * width] }, incompleteRows: count - good.count)
  }

  /// Without the columns called `names`.
  func dropping(_ unwanted: [String], _ shown: String) throws(UserError) -> NumberTable {
    for name in unwanted where !names.contains(name) {
      throw .failure(
        "data.drop: \(shown) has no column '\(name)'\(Suggestion.sentence(Suggestion.nearest(to: name, among: names))); it has "
          + names.joined(separator: ", "))
    }
    let kept = names.indices.filter { !unwanted.contains(names[$0]) }
    return NumberTable(
      names: kept.map { names[$0] }, values: (0..<count).flatMap { row in kept.map { values[row * names.count + $0] } },
      incompleteRows: incompleteRows)
  }

  func rows(_ indices: [Int]) -> NumberTable {
    let width = names.count
    return NumberTable(
      names: names, values: indices.flatMap { values[$0 * width..<($0 + 1) * width] }, incompleteRows: incompleteRows)
  }
}
