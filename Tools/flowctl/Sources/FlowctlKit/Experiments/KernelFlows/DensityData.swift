import Autodiff
import DataIO
import Foundation
import HDF5
import Probability

/// Rows to learn a density from: training, validation and test, standardised by the moments of the training rows.
struct DensityData {
  let names: [String]
  /// `[rows, d]`, float64, standardised.
  let train: Tensor
  let validation: Tensor
  let test: Tensor
  let mean: [Double]
  let deviation: [Double]
  /// For checkpoints and reports.
  let source: String
  /// Sentences that a user should read before training.
  var warnings: [String] = []
  /// The mean log-likelihood, in units of the data, that no model can surpass, where it is known.
  var best: Double?

  /// `log|det|` of the standardisation: what turns a density of standardised rows into one of the data.
  var logVolume: Double { -deviation.reduce(0) { $0 + log($1) } }

  /// Points of the plane: `count` to train on, a tenth of it at most 5,000 to validate, and 10,000 to test.
  static func planar(_ section: PlanarDataSection, key: Key) throws -> DensityData {
    let draw = { (count: Int, stream: Int) -> NumberTable in
      NumberTable(names: ["x", "y"], values: section.name.sample(count, key: key.folded(stream), dtype: .float64).doubles)
    }
    var data = try DensityData(
      draw(section.count, 0), draw(max(100, min(5_000, section.count / 10)), 1), draw(10_000, 2),
      source: "the density \(section.name.rawValue)")
    data.best = section.name.bestLogLikelihood
    return data
  }

  /// A table from a file; `key` chooses the training rows where fewer than all are asked for.
  static func table(_ section: TableDataSection, path: String, key: Key) throws -> DensityData {
    let shown = FileAccess.display(path)
    var parts = try splits(path, dropIncomplete: section.dropIncomplete)
    for index in parts.indices { parts[index] = try parts[index].dropping(separated(section.drop), shown) }
    if section.rows > 0 && section.rows < parts[0].count {
      let order = Tensor.permutation(parts[0].count, key: key).scalars(Int32.self)
      parts[0] = parts[0].rows(order.prefix(section.rows).map { Int($0) })
    }
    try refuseDegenerateColumns(parts[0], shown)
    var data = try DensityData(parts[0], parts[1], parts[2], source: shown)
    let dropped = parts.reduce(0) { $0 + $1.incompleteRows }
    if dropped > 0 { data.warnings.append("\(shown): left out \(dropped) rows with missing or infinite numbers") }
    return data
  }

  private init(_ train: NumberTable, _ validation: NumberTable, _ test: NumberTable, source: String) throws {
    let d = train.names.count
    guard d >= 2 else {
      throw UserError.failure(
        "\(source): rows have \(d) column, expected at least 2; a coupling flow changes some coordinates given others, so for one column "
          + "use a histogram or a mixture")
    }
    names = train.names
    self.source = source
    let columns = (0..<d).map(train.column)
    let means = columns.map { $0.reduce(0, +) / Double($0.count) }
    let deviations = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)).squareRoot()
    }
    (mean, deviation) = (means, deviations)
    let standardized = { (table: NumberTable) in
      Tensor(table.values.enumerated().map { ($1 - means[$0 % d]) / deviations[$0 % d] }, shape: [table.count, d])
    }
    (self.train, self.validation, self.test) = (standardized(train), standardized(validation), standardized(test))
  }

  /// Training, validation and test rows: as the file has them, or 81, 9 and 10 % of its rows in an order that never changes
  /// (the proportions of Papamakarios, Pavlakou and Murray 2017).
  private static func splits(_ path: String, dropIncomplete: Bool) throws -> [NumberTable] {
    let all: NumberTable
    if path.hasSuffix(".csv") {
      all = try NumberTable.csv(path, dropIncomplete: dropIncomplete)
    } else {
      try File.checkSignature(path)
      let file = try File.open(path)
      let names = try NumberTable.names(of: file)
      let read = { (dataset: String) in
        try NumberTable.hdf5(file, dataset, names: names, path: path, dropIncomplete: dropIncomplete)
      }
      let parts = ["train/x", "validation/x", "test/x"]
      if try parts.allSatisfy({ try file.root.contains($0) }) { return try parts.map(read) }
      guard let dataset = try ["train/x", "x"].first(where: { try file.root.contains($0) }) else {
        throw UserError.failure("\(FileAccess.display(path)): no /train/x and no /x; write rows as FORMAT.md, section 4, says")
      }
      all = try read(dataset)
    }
    guard all.count >= 10 else {
      throw UserError.failure("\(FileAccess.display(path)): \(all.count) rows, expected at least 10 to split into three parts")
    }
    let order = Tensor.permutation(all.count, key: Key(seed: 0)).scalars(Int32.self).map { Int($0) }
    let testCount = max(1, all.count / 10)
    let validationCount = max(1, (all.count - testCount) / 10)
    let trainCount = all.count - testCount - validationCount
    var parts = [
      all.rows(Array(order[..<trainCount])), all.rows(Array(order[trainCount..<trainCount + validationCount])),
      all.rows(Array(order[(trainCount + validationCount)...])),
    ]
    // What was left out is counted once.
    (parts[1].incompleteRows, parts[2].incompleteRows) = (0, 0)
    return parts
  }

  /// A density of constant or equal columns is infinite.
  private static func refuseDegenerateColumns(_ table: NumberTable, _ shown: String) throws(UserError) {
    let columns = table.names.indices.map(table.column)
    for (index, column) in columns.enumerated() where column.allSatisfy({ $0 == column[0] }) {
      throw .failure(
        "\(shown): column '\(table.names[index])' is constant in the training rows, so it has no density; leave it out with "
          + "--set data.drop=\(table.names[index])")
    }
    for (index, column) in columns.enumerated() {
      for earlier in 0..<index where columns[earlier] == column {
        throw .failure(
          "\(shown): columns '\(table.names[earlier])' and '\(table.names[index])' are equal in every training row, so they have no joint "
            + "density; leave one out with --set data.drop=\(table.names[index])")
      }
    }
  }
}
