import DataIO
import HDF5

/// Reads rows from the formats in which data sets are handed around.
struct DatasetSource {
  /// Column or array of labels, where the caller named one.
  let label: String?
  private(set) var featureNames: [String] = []

  init(label: String?) { self.label = label }

  /// Rows of one file; an NPZ file may hold all splits.
  mutating func read(_ path: String, labels: String?) throws -> (train: DataSplit, validation: DataSplit?, test: DataSplit?) {
    let shown = FileAccess.display(path)
    let y = try labels.map { try array($0) }
    let contents = try DataFiles.contents(of: path)
    if contents.starts(with: [0x50, 0x4B]) {
      guard y == nil else { throw UserError.usage("--labels: an NPZ file brings its own labels") }
      return try archive(NPZ.read(contents, file: shown), shown)
    }
    var split: DataSplit
    if isText(path) {
      guard y == nil else { throw UserError.usage("--labels: a table brings its own; name the column with --label") }
      split = try table(CSVTable.read(contents, file: shown), shown)
    } else {
      if let label { throw UserError.usage("--label \(label): only tables and NPZ files have names; give --labels a file") }
      split = DataSplit(x: try HostArray(fileContents: contents, path: path), y: y)
    }
    split.x = try withRows(split.x, shown)
    if let y = split.y, y.rowCount != split.rowCount {
      throw UserError.failure("\(shown): \(split.rowCount) rows, but \(y.rowCount) labels; give files that belong together")
    }
    return (split, nil, nil)
  }

  private func isText(_ path: String) -> Bool { ["csv", "tsv", "txt", "dat"].contains(DataFiles.suffix(of: path)) }

  private func array(_ path: String) throws -> HostArray {
    try HostArray(fileContents: DataFiles.contents(of: path), path: path)
  }

  private func withRows(_ x: HostArray, _ shown: String) throws -> HostArray {
    guard !x.shape.isEmpty else { throw UserError.failure("\(shown): one number, expected rows") }
    return x.shape.count == 1 ? x.reshaped([x.shape[0], 1]) : x
  }

  private mutating func table(_ table: CSVTable, _ shown: String) throws -> DataSplit {
    let x = HostArray(table.values, shape: [table.rowCount, table.columnCount])
    guard let label else {
      featureNames = table.names
      return DataSplit(x: x)
    }
    guard let column = table.names.firstIndex(of: label) else {
      let nearest = Suggestion.sentence(Suggestion.nearest(to: label, among: table.names))
      throw UserError.failure(
        "\(shown): no column '\(label)'\(nearest.isEmpty ? "; it has \(table.names.joined(separator: ", "))" : nearest)")
    }
    guard table.columnCount > 1 else { throw UserError.failure("\(shown): '\(label)' is the only column, and nothing is left for x") }
    featureNames = table.names.filter { $0 != label }
    let width = table.columnCount
    let rest = table.values.enumerated().filter { $0.offset % width != column }.map(\.element)
    let y = stride(from: column, to: table.values.count, by: width).map { table.values[$0] }
    return DataSplit(x: HostArray(rest, shape: [table.rowCount, width - 1]), y: HostArray(y))
  }

  /// `x`, `x_train`, or `train_x`, and the like.
  private func archive(_ arrays: [String: HostArray], _ shown: String) throws -> (DataSplit, DataSplit?, DataSplit?) {
    func find(_ item: String, _ split: String) -> HostArray? {
      arrays["\(item)_\(split)"] ?? arrays["\(split)_\(item)"] ?? (split == "train" ? arrays[item] : nil)
    }
    func part(_ split: String) throws -> DataSplit? {
      guard let x = find("x", split) else { return nil }
      let y = find(label ?? "y", split)
      if let y, y.rowCount != x.rowCount {
        throw UserError.failure("\(shown): \(x.rowCount) rows to \(split), but \(y.rowCount) labels")
      }
      return DataSplit(x: try withRows(x, shown), y: y)
    }
    guard let train = try part("train") else {
      let names = arrays.keys.sorted().joined(separator: ", ")
      throw UserError.failure("\(shown): no array x, x_train, or train_x; it has \(names.isEmpty ? "none" : names)")
    }
    return (train, try part("validation"), try part("test"))
  }
}

extension HostArray {
  /// An array from an IDX or NPY file, told apart by their first bytes.
  init(fileContents contents: [UInt8], path: String) throws {
    let shown = FileAccess.display(path)
    if contents.starts(with: [0x93]) {
      self = try NPY.read(contents, file: shown)
    } else if contents.starts(with: [0x1F, 0x8B]) || contents.starts(with: [0, 0]) {
      self = try IDX.read(contents, file: shown)
    } else {
      throw UserError.failure("\(shown): neither IDX, NPY, NPZ, nor a .csv file; convert it to one of them")
    }
  }
}
