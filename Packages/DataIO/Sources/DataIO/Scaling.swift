import HDF5

/// Moments of the training rows, by which a column becomes `(x - mean) / deviation`.
public struct Scaling: Sendable, Equatable {
  /// `[features]`
  public var mean: [Double]
  /// `[features]`; 1 where the column is constant.
  public var deviation: [Double]

  public init(mean: [Double], deviation: [Double]) {
    precondition(mean.count == deviation.count, "Scaling: \(mean.count) means and \(deviation.count) deviations")
    self.mean = mean
    self.deviation = deviation.map { $0 == 0 ? 1 : $0 }
  }

  /// Mean and population deviation of the columns of `x`, `[N, ...]`.
  public init(of x: HostArray) {
    var moments = ColumnMoments(width: x.rowLength)
    moments.add(x)
    self.init(moments)
  }

  init(_ moments: ColumnMoments) {
    self.init(mean: moments.mean, deviation: moments.square.map { ($0 / Double(max(moments.count, 1))).squareRoot() })
  }

  /// `(x - mean) / deviation`, for `x` of shape `[N, ...]`; float64 stays float64, all else becomes float32.
  public func standardised(_ x: HostArray) -> HostArray { mapped(x) { value, column in (value - mean[column]) / deviation[column] } }

  /// `x deviation + mean`: what the model gives, in physical units.
  public func physical(_ x: HostArray) -> HostArray { mapped(x) { value, column in value * deviation[column] + mean[column] } }

  private func mapped(_ x: HostArray, _ body: (Double, Int) -> Double) -> HostArray {
    precondition(x.rowLength == mean.count, "Scaling: rows of \(x.rowLength) numbers, expected \(mean.count)")
    let width = mean.count
    let values = x.doubles.enumerated().map { body($1, $0 % width) }
    return HostArray(values, shape: x.shape).cast(to: x.elementType == .float64 ? .float64 : .float32)
  }

  /// What group `path` holds; nil when it holds none.
  init?(_ tree: SafeTree, _ path: String) throws {
    guard let mean = tree.datasets[path + "/mean"], let deviation = tree.datasets[path + "/std"] else { return nil }
    let values = (mean: try mean.read(Double.self), deviation: try deviation.read(Double.self))
    guard values.mean.count == values.deviation.count, (values.mean + values.deviation).allSatisfy({ $0.isFinite }) else {
      throw DataFileError(
        .inconsistent, file: tree.file.path, place: "/\(path)", found: "\(values.mean.count) means, \(values.deviation.count) deviations",
        expected: "as many of each, all finite")
    }
    self.init(mean: values.mean, deviation: values.deviation)
  }
}

/// Mean of columns and sum of squares about it, from rows that come piece by piece.
struct ColumnMoments {
  private(set) var count = 0
  private(set) var mean: [Double]
  private(set) var square: [Double]

  init(width: Int) { (mean, square) = (Array(repeating: 0, count: width), Array(repeating: 0, count: width)) }

  mutating func add(_ x: HostArray) {
    let (width, values) = (mean.count, x.doubles)
    for row in 0..<x.rowCount {
      count += 1
      for column in 0..<width {
        // Welford's update loses nothing where the mean is large.
        let before = values[row * width + column] - mean[column]
        mean[column] += before / Double(count)
        square[column] += before * (values[row * width + column] - mean[column])
      }
    }
  }
}
