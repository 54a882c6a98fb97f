extension DatasetFile {
  /// The rows of a data set without splits, shuffled by `key` and parted: the first rows validate, the next test, the rest train.
  ///
  /// `validation` and `test` are fractions of the rows, rounded down; a split of no rows is left out.
  public static func splitting(_ rows: DataSplit, validation: Double = 0, test: Double = 0, key: KeyWords) -> DatasetFile {
    precondition(
      validation >= 0 && test >= 0 && validation + test < 1,
      "DatasetFile.splitting: fractions \(validation) and \(test) leave nothing to train on; their sum must be below 1")
    let count = rows.rowCount
    let order = Shuffle.permutation(count: count, key: key)
    let validationCount = Int(validation * Double(count))
    let testCount = Int(test * Double(count))
    func part(_ range: Range<Int>) -> DataSplit? { range.isEmpty ? nil : rows.rows(Array(order[range])) }
    return DatasetFile(
      train: rows.rows(Array(order[(validationCount + testCount)...])), validation: part(0..<validationCount),
      test: part(validationCount..<validationCount + testCount))
  }
}
