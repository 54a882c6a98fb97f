import DataIO
import HDF5

/// What has to be known of a file too large for memory before training on it: found in one pass over it, piece by piece.
struct RowSurvey {
  /// Some of the training rows, drawn as a stream draws them, and of the rows that draws are held against.
  let sample: DatasetFile
  let rowCount: Int
  /// One more than the largest label; nil without labels.
  let classes: Int?
  /// Moments of all numbers of the training rows.
  let mean: Double
  let variance: Double

  private static let sampleCount = 20_000
  private static let trainX = "train/x"
  private static let trainY = "train/y"

  init(_ path: String, held: String, levels: Int) throws {
    let tree = try FormatTree(contentsOf: path, verifyingSeal: false)
    let shown = FileAccess.display(path)
    guard let x = tree.items.first(where: { $0.path == RowSurvey.trainX }), let rows = x.shape.first, rows > 0 else {
      throw UserError.failure("\(shown): no rows in /train/x; write data sets as FORMAT.md, section 4, says")
    }
    rowCount = rows
    var moments = ArrayStatistics()
    try tree.forEachBlock(of: RowSurvey.trainX) { block in
      moments.add(block)
      guard levels > 0, let value = block.doubles.first(where: { !($0 >= 0 && $0 <= Double(levels - 1) && $0 == $0.rounded()) }) else {
        return
      }
      throw UserError.failure("\(shown): /train/x holds \(value); data.levels = \(levels) needs whole numbers from 0 to \(levels - 1)")
    }
    guard moments.nonFiniteCount == 0 else {
      throw UserError.failure("\(shown): /train/x holds \(moments.nonFiniteCount) numbers that are not finite; give finite numbers")
    }
    (mean, variance) = (moments.mean, moments.deviation * moments.deviation)
    classes = try RowSurvey.classes(tree, rows)
    let names = tree.text("feature_names")?.split(separator: ",").map(String.init) ?? []
    sample = DatasetFile(
      train: try RowSurvey.rows(path, "train", rows),
      validation: held == "validation" ? try RowSurvey.held(tree, held) : nil,
      test: held == "test" ? try RowSurvey.held(tree, held) : nil, featureNames: names)
  }

  private static func classes(_ tree: FormatTree, _ rows: Int) throws -> Int? {
    guard let y = tree.items.first(where: { $0.path == trainY }), y.shape.reduce(1, *) == rows else { return nil }
    var (largest, isLabel) = (0.0, true)
    try tree.forEachBlock(of: trainY) { block in
      for value in block.doubles {
        isLabel = isLabel && value >= 0 && value < 1_000 && value == value.rounded()
        largest = max(largest, value)
      }
    }
    return isLabel ? Int(largest) + 1 : nil
  }

  private static func held(_ tree: FormatTree, _ split: String) throws -> DataSplit? {
    guard let x = tree.items.first(where: { $0.path == split + "/x" }), let count = x.shape.first, count > 0 else { return nil }
    if count > sampleCount { return try rows(tree.path, split, count) }
    let hasLabels = tree.items.contains { $0.path == split + "/y" }
    return DataSplit(x: try tree.array(split + "/x"), y: hasLabels ? try tree.array(split + "/y") : nil)
  }

  /// At most `sampleCount` rows, in the order of a stream.
  private static func rows(_ path: String, _ split: String, _ count: Int) throws -> DataSplit {
    let position = BatchPosition(key: KeyWords(seed: 0))
    return try RowStream(contentsOf: path, split: split, batchSize: min(count, sampleCount), position: position).next()
  }
}
