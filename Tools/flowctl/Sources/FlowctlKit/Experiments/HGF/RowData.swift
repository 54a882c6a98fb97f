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
  /// Training rows as stored, one after the other.
  let train: [Double]
  let trainLabels: [Int]?
  let heldLabels: [Int]?
  /// Held-out rows as stored, `[rows, dimension]`.
  let held: Tensor
  let featureNames: [String]
  let imageSide: Int?
  /// Standard deviation of all coordinates of the encoded training rows about their mean.
  let scale: Double
  private let center: Double

  init(_ section: RowDataSection, path: String, split: RowEvaluationSection.Split) throws {
    name = FileAccess.display(path)
    let file = try DatasetFile(contentsOf: path)
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
    classes = section.labels ? (trainLabels?.max() ?? -1) + 1 : 0
    if section.labels && classes == 0 { throw UserError.failure("\(name): no classes in /train/y; use --set data.labels=false") }
    let side = Int(Double(dimension).squareRoot().rounded())
    imageSide = levels > 0 && side * side == dimension ? side : nil
    featureNames = file.featureNames.count == dimension ? file.featureNames : (0..<dimension).map { "x\($0)" }
    guard levels > 0 else {
      (scale, center) = (1, 0)
      return
    }
    let unit = 2 / Double(levels)
    let mean = train.reduce(0, +) / Double(train.count)
    let variance = train.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(train.count) + 1 / 12.0
    (scale, center) = (unit * variance.squareRoot(), mean + 0.5)
  }

  private static func labels(_ split: DataSplit, _ name: String) throws -> [Int]? {
    guard let y = split.y, y.count == split.rowCount else { return nil }
    let values = y.doubles
    guard values.allSatisfy({ $0 >= 0 && $0 < 1_000 && $0 == $0.rounded() }) else { return nil }
    return values.map { Int($0) }
  }

  /// Training rows with unit vectors of their labels behind them where the model sees labels.
  var trainWithLabels: HostArray {
    let rowCount = train.count / dimension
    guard classes > 0, let labels = trainLabels else { return HostArray(train, shape: [rowCount, dimension]) }
    var values: [Double] = []
    for row in 0..<rowCount {
      values += train[row * dimension..<(row + 1) * dimension]
      values += (0..<classes).map { $0 == labels[row] ? 1.0 : 0.0 }
    }
    return HostArray(values, shape: [rowCount, dimension + classes])
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
