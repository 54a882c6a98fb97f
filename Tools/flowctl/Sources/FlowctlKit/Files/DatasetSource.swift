import DataIO
import HDF5

/// Rows and what belongs to each, from the formats in which data sets are handed around; read piece by piece.
final class DatasetSource {
  /// Names of the columns of `x`, where the file has them.
  let featureNames: [String]
  private let shown: String
  private let rows: any RowSource
  private let labels: (any RowSource)?
  /// Column of the rows that holds the labels.
  private let labelColumn: Int?

  /// Rows are read in pieces of about this size.
  private static let pieceByteCount = 1 << 22

  /// `labels` is a file of their own, `label` the name of a column. What does not fit into memory in the order it comes in is put in
  /// order in a file in `scratchFolder`.
  init(_ path: String, labels: String? = nil, label: String? = nil, scratchFolder: String) throws {
    shown = FileAccess.display(path)
    let isText = ["csv", "tsv", "txt", "dat"].contains(DataFiles.suffix(of: path))
    if isText && labels != nil { throw UserError.usage("--labels: a table brings its own; name the column with --label") }
    if !isText, let label { throw UserError.usage("--label \(label): only tables and NPZ files have names; give --labels a file") }
    rows = try isText ? TableRows(path, name: shown) : DatasetSource.numbers(path, scratchFolder)
    self.labels = try labels.map { try DatasetSource.numbers($0, scratchFolder) }
    if let labels = self.labels, labels.rowCount != rows.rowCount {
      throw UserError.failure("\(shown): \(rows.rowCount ?? 0) rows, but \(labels.rowCount ?? 0) labels; give files that belong together")
    }
    let (names, shown) = (rows.columnNames, shown)
    let column = try label.map { try DatasetSource.column($0, names, shown) }
    labelColumn = column
    featureNames = names.enumerated().filter { $0.offset != column }.map(\.element)
  }

  /// Arrays of an archive.
  private init(_ rows: any RowSource, labels: (any RowSource)?, shown: String) {
    (self.rows, self.labels, self.shown, featureNames, labelColumn) = (rows, labels, shown, [], nil)
  }

  var rowCount: Int? { rows.rowCount }

  /// Some more rows, `[rows, ...]`, and their labels; nil after the last.
  func next() throws -> (x: HostArray, y: HostArray?)? {
    let rowBytes = rows.rowShape.reduce(rows.elementType.byteCount, *)
    let count = max(1, DatasetSource.pieceByteCount / max(1, rowBytes))
    guard var x = try rows.next(count) else {
      _ = try labels?.next(1)
      return nil
    }
    if x.shape.count == 1 { x = x.reshaped([x.rowCount, 1]) }
    if let labels {
      guard let y = try labels.next(x.rowCount), y.rowCount == x.rowCount else {
        throw UserError.failure("\(shown): fewer labels than rows; give files that belong together")
      }
      return (x, y)
    }
    guard let labelColumn else { return (x, nil) }
    let (width, values) = (x.rowLength, x.doubles)
    let rest = values.enumerated().filter { $0.offset % width != labelColumn }.map(\.element)
    let y = stride(from: labelColumn, to: values.count, by: width).map { values[$0] }
    return (HostArray(rest, shape: [x.rowCount, width - 1]), HostArray(y))
  }

  /// The number of rows, found by reading them all where the file does not tell.
  func countedRows() throws -> Int {
    if let count = rows.rowCount { return count }
    var count = 0
    while let (x, _) = try next() { count += x.rowCount }
    return count
  }

  /// Rows of an IDX or NPY file, told apart by their first bytes.
  private static func numbers(_ path: String, _ scratchFolder: String) throws -> any RowSource {
    let shown = FileAccess.display(path)
    let head = try DataFiles.head(of: path, 2)
    if head.starts(with: [0x93]) { return try FileRows.npy(path, name: shown, scratchFolder: scratchFolder) }
    if head == [0x1F, 0x8B] || head == [0, 0] { return try FileRows.idx(path, name: shown) }
    throw UserError.failure("\(shown): neither IDX, NPY, NPZ, nor a .csv file; convert it to one of them")
  }

  private static func column(_ label: String, _ names: [String], _ shown: String) throws -> Int {
    guard let column = names.firstIndex(of: label) else {
      let nearest = Suggestion.sentence(Suggestion.nearest(to: label, among: names))
      throw UserError.failure("\(shown): no column '\(label)'\(nearest.isEmpty ? "; it has \(names.joined(separator: ", "))" : nearest)")
    }
    guard names.count > 1 else { throw UserError.failure("\(shown): '\(label)' is the only column, and nothing is left for x") }
    return column
  }

  /// The splits of an NPZ file: `x`, `x_train`, or `train_x`, and the like.
  static func archive(_ path: String, label: String?, scratchFolder: String) throws -> [(name: String, source: DatasetSource)] {
    let shown = FileAccess.display(path)
    let archive = try NPZArchive(path, name: shown)
    func find(_ item: String, _ split: String) throws -> (any RowSource)? {
      let names = ["\(item)_\(split)", "\(split)_\(item)"] + (split == "train" ? [item] : [])
      return try names.first(where: archive.names.contains).map { try archive.rows(of: $0, scratchFolder: scratchFolder) }
    }
    let splits = try ["train", "validation", "test"].compactMap { split -> (String, DatasetSource)? in
      guard let x = try find("x", split) else { return nil }
      let y = try find(label ?? "y", split)
      if let y, y.rowCount != x.rowCount {
        throw UserError.failure("\(shown): \(x.rowCount ?? 0) rows to \(split), but \(y.rowCount ?? 0) labels")
      }
      return (split, DatasetSource(x, labels: y, shown: shown))
    }
    guard splits.first?.0 == "train" else {
      let names = archive.names.joined(separator: ", ")
      throw UserError.failure("\(shown): no array x, x_train, or train_x; it has \(names.isEmpty ? "none" : names)")
    }
    return splits
  }
}
