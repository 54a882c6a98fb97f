/// A function of two variables on a regular grid, ends included.
public struct ScalarGrid: Sendable {
  public let x: ClosedRange<Double>
  public let y: ClosedRange<Double>
  public let columns: Int
  public let rows: Int
  /// `[rows, columns]`; the first row is at the lower end of `y`.
  public var values: [Double]

  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int, values: [Double]) {
    precondition(
      columns >= 2 && rows >= 2 && values.count == rows * columns,
      "ScalarGrid: \(values.count) values for [\(rows), \(columns)] nodes; pass rows * columns values, at least [2, 2]")
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
    self.values = values
  }

  /// The grid of `function(x, y)`.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int, function: (Double, Double) -> Double
  ) {
    self.init(x: x, y: y, columns: columns, rows: rows, values: [Double](repeating: 0, count: rows * columns))
    for row in 0..<rows {
      for column in 0..<columns { values[row * columns + column] = function(xNode(column), yNode(row)) }
    }
  }

  public func xNode(_ column: Int) -> Double { x.lowerBound + (x.upperBound - x.lowerBound) * Double(column) / Double(columns - 1) }
  public func yNode(_ row: Int) -> Double { y.lowerBound + (y.upperBound - y.lowerBound) * Double(row) / Double(rows - 1) }
  public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// The same function with each value replaced.
  public func mapped(_ transform: (Double) -> Double) -> ScalarGrid {
    ScalarGrid(x: x, y: y, columns: columns, rows: rows, values: values.map(transform))
  }

  /// The levels above which lie the given fractions of the sum of the values: for a density, the edges of highest-density regions.
  public func credibleLevels(_ fractions: [Double]) -> [Double] {
    let sorted = values.filter { $0.isFinite && $0 > 0 }.sorted(by: >)
    let total = sorted.reduce(0, +)
    return fractions.map { fraction in
      var sum = 0.0
      for value in sorted {
        sum += value
        if sum >= fraction * total { return value }
      }
      return sorted.last ?? 0
    }
  }
}
