import Foundation

/// The plane of the two directions along which rows, centred at 0, spread most: by power iteration from a fixed start.
struct PrincipalPlane {
  /// Two orthogonal unit vectors.
  let directions: [[Double]]

  /// `rows` in order, `[count, dimension]`.
  init(_ rows: [Double], dimension: Int, iterations: Int = 300) {
    var matrix = [Double](repeating: 0, count: dimension * dimension)
    for start in stride(from: 0, to: rows.count, by: dimension) {
      for a in 0..<dimension {
        for b in 0..<dimension { matrix[a * dimension + b] += rows[start + a] * rows[start + b] }
      }
    }
    var found: [[Double]] = []
    for index in 0..<2 {
      var vector = (0..<dimension).map { cos(Double(($0 + 1) * (index + 1))) }
      for _ in 0..<iterations {
        var next = (0..<dimension).map { row in (0..<dimension).reduce(0.0) { $0 + matrix[row * dimension + $1] * vector[$1] } }
        for known in found {
          let overlap = zip(next, known).reduce(0) { $0 + $1.0 * $1.1 }
          next = zip(next, known).map { $0 - overlap * $1 }
        }
        let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else { break }
        vector = next.map { $0 / length }
      }
      found.append(vector)
    }
    directions = found
  }

  /// Coordinates in the plane of each row.
  func projected(_ rows: [Double]) -> (x: [Double], y: [Double]) {
    let dimension = directions[0].count
    let coordinates = directions.map { direction in
      stride(from: 0, to: rows.count, by: dimension).map { start in
        (0..<dimension).reduce(0.0) { $0 + rows[start + $1] * direction[$1] }
      }
    }
    return (coordinates[0], coordinates[1])
  }

  /// Points of a square grid in the plane, row by row, `[points * points, dimension]`.
  func grid(_ range: ClosedRange<Double>, points: Int) -> [Double] {
    let node = { (index: Int) in range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(points - 1) }
    return (0..<points * points).flatMap { index in
      let (x, y) = (node(index % points), node(index / points))
      return zip(directions[0], directions[1]).map { x * $0 + y * $1 }
    }
  }
}
