import HDF5

/// Numbers recorded during training: one column per metric, one row per recorded step.
public struct MetricsHistory: Sendable, Equatable {
  public private(set) var steps: [Int] = []
  public private(set) var columns: [String: [Double]] = [:]

  public init() {}

  /// Adds a row; a metric without a value there holds NaN.
  public mutating func append(step: Int, _ values: [String: Double]) {
    for name in values.keys where columns[name] == nil { columns[name] = Array(repeating: .nan, count: steps.count) }
    steps.append(step)
    for name in columns.keys { columns[name]!.append(values[name] ?? .nan) }
  }

  /// Equal steps and equal bits, so that a NaN equals itself.
  public static func == (a: MetricsHistory, b: MetricsHistory) -> Bool {
    a.steps == b.steps && a.columns.mapValues { $0.map(\.bitPattern) } == b.columns.mapValues { $0.map(\.bitPattern) }
  }

  func write(to group: Group) throws {
    let count = [steps.count]
    let step = try group.write(steps.map(Int64.init), to: "step", storage: .checksummed(count, .int64))
    try step.makeScale(named: "step")
    for (name, values) in columns.sorted(by: { $0.key < $1.key }) {
      try group.write(values, to: name, storage: .checksummed(count, .float64)).attach(step, to: 0)
    }
  }

  init(_ tree: SafeTree, _ path: String) throws {
    for (name, dataset) in tree.datasets(in: path) {
      if name == "step" {
        steps = try dataset.read(Int64.self).map { Int($0) }
      } else {
        columns[name] = try dataset.read(Double.self)
      }
    }
    for (name, values) in columns where values.count != steps.count {
      throw DataFileError(
        .inconsistent, file: tree.file.path, place: "/\(path)/\(name)", found: "\(values.count) values",
        expected: "\(steps.count), as many as steps")
    }
  }
}
