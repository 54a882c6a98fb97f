import Autodiff
import Probability

/// `V` on a regular grid of two coordinates: what the flow has learned, made visible.
///
/// `V` is defined up to a constant, and up to the gauge `T -> cT, V -> V/c²`.
public struct PotentialLandscape: Sendable {
  /// Grid lines of the first coordinate.
  public let x: [Double]
  /// Grid lines of the second coordinate.
  public let y: [Double]
  /// `V`, `[y][x]`
  public let values: [[Double]]

  /// Evaluates `V` in one batch; coordinates beyond the two of the grid are taken from `base`.
  public init(
    of potential: some Energy, x xRange: ClosedRange<Double>, y yRange: ClosedRange<Double>, resolution: Int,
    axes: (Int, Int) = (0, 1), through base: [Double]? = nil, dtype: DType
  ) {
    let d = potential.eventShape[0]
    let center = base ?? [Double](repeating: 0, count: d)
    require(
      resolution > 1 && center.count == d && 0 <= axes.0 && axes.0 < d && 0 <= axes.1 && axes.1 < d && axes.0 != axes.1,
      "PotentialLandscape: resolution \(resolution), axes \(axes), base of \(center.count) for V of dimension \(d); give resolution > 1, two distinct axes below \(d), a base of \(d)"
    )
    let lines: (ClosedRange<Double>) -> [Double] = { range in
      (0..<resolution).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(resolution - 1) }
    }
    (x, y) = (lines(xRange), lines(yRange))
    var points: [Double] = []
    points.reserveCapacity(resolution * resolution * d)
    for row in y {
      for column in x {
        var point = center
        (point[axes.0], point[axes.1]) = (column, row)
        points += point
      }
    }
    let flat = potential(Tensor(points, shape: [resolution * resolution, d], dtype: dtype)).doubles
    values = (0..<resolution).map { Array(flat[$0 * resolution..<($0 + 1) * resolution]) }
  }

  /// Interior grid points lower than their eight neighbours: one for each mode of a well-learned target.
  public var localMinima: [(x: Double, y: Double, value: Double)] {
    var minima: [(x: Double, y: Double, value: Double)] = []
    for i in y.indices.dropFirst().dropLast() {
      for j in x.indices.dropFirst().dropLast() {
        let neighbours = (i - 1...i + 1).flatMap { row in (j - 1...j + 1).map { (row, $0) } }.filter { $0 != (i, j) }
        if neighbours.allSatisfy({ values[$0.0][$0.1] > values[i][j] }) { minima.append((x[j], y[i], values[i][j])) }
      }
    }
    return minima
  }
}

extension HamiltonianFlow {
  /// `V` over the first two coordinates, others 0.
  public func potentialLandscape(x: ClosedRange<Double>, y: ClosedRange<Double>, resolution: Int = 101) -> PotentialLandscape {
    PotentialLandscape(of: potential, x: x, y: y, resolution: resolution, dtype: dtype)
  }
}
