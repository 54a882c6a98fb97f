import Autodiff
import DataIO
import Foundation
import ModelIO

/// Rows of a file and the coordinates in which they are learned.
struct RowData: Sendable {
  let name: String
  let dimension: Int
  /// Grey levels, or 0 for rows as they are.
  let levels: Int
  /// Number of classes whose labels the model sees, or 0.
  let classes: Int
  /// Training rows as stored, one after the other: all, or a sample of those of a streamed file.
  let train: [Double]
  /// Training rows of the file.
  let trainCount: Int
  let isStreamed: Bool
  let trainLabels: [Int]?
  let heldLabels: [Int]?
  /// Held-out rows as stored, `[rows, dimension]`.
  let held: Tensor
  let featureNames: [String]
  let imageSide: Int?
  /// Standard deviation of all coordinates of the encoded training rows about their mean.
  let scale: Double
  private let center: Double
  private let path: String

  init(_ section: RowDataSection, path: String, split: RowEvaluationSection.Split) throws {
    (self.path, isStreamed) = (path, section.streamed)
    name = FileAccess.display(path)
    let survey = section.streamed ? try RowSurvey(path, held: split.rawValue, levels: section.levels) : nil
    let file = try survey?.sample ?? DatasetFile(contentsOf: path)
    trainCount = survey?.rowCount ?? file.train.rowCount
    guard let held = split == .test ? file.test : file.validation else {
      throw UserError.failure("\(name): there is no /\(split.rawValue); give a file with that split, or --set evaluation.split")
    }
    dimension = file.train.x.rowLength
    let (levels, train) = (section.levels, file.train.x.doubles)
    (self.levels, self.train) = (levels, train)
    if let index = train.firstIndex(where: { !$0.isFinite }) {
      throw UserError.failure("\(name): /train/x holds \(train[index]) in row \(index / dimension); give finite numbers")
    }
    if levels > 0, let value = train.first(where: { $0 < 0 || $0 > Double(levels - 1) || $0 != $0.rounded() }) {
      throw UserError.failure("\(name): /train/x holds \(value); data.levels = \(levels) needs whole numbers from 0 to \(levels - 1)")
    }
    self.held = Tensor(held.x.doubles, shape: [held.rowCount, dimension])
    trainLabels = try RowData.labels(file.train, name)
    heldLabels = try RowData.labels(held, name)
    classes = section.labels ? survey?.classes ?? (trainLabels?.max() ?? -1) + 1 : 0
    if section.labels && classes == 0 { throw UserError.failure("\(name): no classes in /train/y; use --set data.labels=false") }
    let side = Int(Double(dimension).squareRoot().rounded())
    imageSide = levels > 0 && side * side == dimension ? side : nil
    featureNames = file.featureNames.count == dimension ? file.featureNames : (0..<dimension).map { "x\($0)" }
    guard levels > 0 else {
      (scale, center) = (1, 0)
      return
    }
    let unit = 2 / Double(levels)
    let mean = survey?.mean ?? train.reduce(0, +) / Double(train.count)
    let variance = (survey?.variance ?? train.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(train.count)) + 1 / 12.0
    (scale, center) = (unit * variance.squareRoot(), mean + 0.5)
  }

  private static func labels(_ split: DataSplit, _ name: String) throws -> [Int]? {
    guard let y = split.y, y.count == split.rowCount else { return nil }
    let values = y.doubles
    guard values.allSatisfy({ $0 >= 0 && $0 < 1_000 && $0 == $0.rounded() }) else { return nil }
    return values.map { Int($0) }
  }

  /// What the training step draws its batches from.
  func trainingRows(key: KeyWords, _ recipe: Recipe) throws -> any TrainingRows {
    if isStreamed {
      return try StreamedRows(path, key: key, recipe) { [self] batch in
        withLabels(batch.x, classes > 0 ? batch.y.map { $0.doubles.map { Int($0) } } : nil)
      }
    }
    let all = HostArray(train, shape: [trainCount, dimension])
    return try ResidentRows(withLabels(all, classes > 0 ? trainLabels : nil), source: name, key: key, recipe)
  }

  /// Rows with unit vectors of their labels behind them where there are any.
  private func withLabels(_ x: HostArray, _ labels: [Int]?) -> HostArray {
    guard let labels else { return x.reshaped([x.rowCount, dimension]) }
    let numbers = x.doubles
    var values: [Double] = []
    values.reserveCapacity(labels.count * (dimension + classes))
    for row in labels.indices {
      values += numbers[row * dimension..<(row + 1) * dimension]
      values += (0..<classes).map { $0 == labels[row] ? 1.0 : 0.0 }
    }
    return HostArray(values, shape: [labels.count, dimension + classes])
  }

  /// `[batch, dimension]` rows as stored, in the model's coordinates: grey levels with noise of one level, centred, in units of half
  /// the range.
  func encoded(_ stored: Tensor, key: Key) -> Tensor {
    let rows = stored.reshaped([-1, dimension])
    guard levels > 0 else { return rows }
    return (rows + Tensor.uniform(rows.shape, key: key, dtype: rows.dtype) - center) * (2 / Double(levels))
  }

  /// The nearest stored values of coordinates.
  func decoded(_ x: Tensor) -> Tensor {
    guard levels > 0 else { return x.cast(to: .float64) }
    let grey = x.cast(to: .float64) * (Double(levels) / 2) + (center - 0.5)
    return clamp(round(grey), 0, Double(levels - 1))
  }

  /// What a log density in coordinates lacks to be one in grey levels.
  var logJacobian: Double { Double(dimension) * log(2 / Double(max(levels, 1))) }
}
