extension DatasetFile {
  /// The rows of a data set without splits, parted by `key`; in each part rows keep their order.
  ///
  /// `validation` and `test` are fractions of the rows, rounded down; a split of no rows is left out.
  public static func splitting(_ rows: DataSplit, validation: Double = 0, test: Double = 0, key: KeyWords) -> DatasetFile {
    let parts = parts(rows.rowCount, validation: validation, test: test, key: key)
    func part(_ split: Int) -> DataSplit? {
      let members = parts.indices.filter { parts[$0] == split }
      return members.isEmpty ? nil : rows.rows(members)
    }
    return DatasetFile(train: part(0)!, validation: part(1), test: part(2))
  }

  /// For each of `count` rows whether it trains (0), validates (1) or tests (2); chosen by `key`.
  public static func parts(_ count: Int, validation: Double = 0, test: Double = 0, key: KeyWords) -> [UInt8] {
    precondition(
      validation >= 0 && test >= 0 && validation + test < 1,
      "DatasetFile.splitting: fractions \(validation) and \(test) leave nothing to train on; their sum must be below 1")
    var parts = [UInt8](repeating: 0, count: count)
    let order = Shuffle.permutation(count: count, key: key)
    let validationCount = Int(validation * Double(count))
    for row in order[..<validationCount] { parts[row] = 1 }
    for row in order[validationCount..<validationCount + Int(test * Double(count))] { parts[row] = 2 }
    return parts
  }
}
