/// Lines of equal value through a grid, by marching squares.
enum Contours {
  /// Closed loops around the region where the grid is above `level`; regions that reach the border are closed just outside it.
  static func loops(of grid: ScalarGrid, level: Double) -> [[Point]] {
    lines(of: padded(grid, level: level), level: level)
  }

  /// The lines themselves, open where they meet the border.
  static func lines(of grid: ScalarGrid, level: Double) -> [[Point]] {
    var neighbours: [Int: [Int]] = [:]
    var places: [Int: Point] = [:]
    for row in 0..<grid.rows - 1 {
      for column in 0..<grid.columns - 1 {
        for (first, second) in segments(grid, row, column, level) {
          neighbours[first, default: []].append(second)
          neighbours[second, default: []].append(first)
          places[first] = crossing(grid, edge: first, level)
          places[second] = crossing(grid, edge: second, level)
        }
      }
    }
    return chains(neighbours).map { $0.compactMap { places[$0] } }
  }

  /// Edges are numbered 2 * node for the one to the right of a node and 2 * node + 1 for the one above it.
  private static func segments(_ grid: ScalarGrid, _ row: Int, _ column: Int, _ level: Double) -> [(Int, Int)] {
    let node = row * grid.columns + column
    let corners = [grid[row, column], grid[row, column + 1], grid[row + 1, column + 1], grid[row + 1, column]]
    guard corners.allSatisfy(\.isFinite) else { return [] }
    let (bottom, right) = (2 * node, 2 * (node + 1) + 1)
    let (top, left) = (2 * (node + grid.columns), 2 * node + 1)
    let pattern = corners.enumerated().reduce(0) { $0 | ($1.element > level ? 1 << $1.offset : 0) }
    switch pattern {
    case 1, 14: return [(left, bottom)]
    case 2, 13: return [(bottom, right)]
    case 4, 11: return [(right, top)]
    case 8, 7: return [(top, left)]
    case 3, 12: return [(left, right)]
    case 6, 9: return [(bottom, top)]
    case 5, 10:
      let centreIsAbove = corners.reduce(0, +) / 4 > level
      let joinsFirst = (pattern == 5) == centreIsAbove
      return joinsFirst ? [(left, top), (bottom, right)] : [(left, bottom), (right, top)]
    default: return []
    }
  }

  private static func crossing(_ grid: ScalarGrid, edge: Int, _ level: Double) -> Point {
    let (row, column) = ((edge / 2) / grid.columns, (edge / 2) % grid.columns)
    let isUpward = edge % 2 == 1
    let start = grid[row, column]
    let end = isUpward ? grid[row + 1, column] : grid[row, column + 1]
    let part = end == start ? 0.5 : (level - start) / (end - start)
    if isUpward {
      return Point(x: grid.xNode(column), y: grid.yNode(row) + part * (grid.yNode(row + 1) - grid.yNode(row)))
    }
    return Point(x: grid.xNode(column) + part * (grid.xNode(column + 1) - grid.xNode(column)), y: grid.yNode(row))
  }

  /// Joins pairs into chains; a loop ends where it began. Edges are visited in order, so the result does not depend on hashing.
  private static func chains(_ neighbours: [Int: [Int]]) -> [[Int]] {
    var unused = neighbours
    var result: [[Int]] = []
    let ends = neighbours.filter { $0.value.count == 1 }.keys.sorted()
    for start in ends + neighbours.keys.sorted() where unused[start]?.isEmpty == false {
      var chain = [start]
      var current = start
      while let next = unused[current]?.first {
        remove(next, from: current, in: &unused)
        remove(current, from: next, in: &unused)
        chain.append(next)
        current = next
      }
      result.append(chain)
    }
    return result
  }

  private static func remove(_ value: Int, from key: Int, in lists: inout [Int: [Int]]) {
    if let index = lists[key]?.firstIndex(of: value) { lists[key]?.remove(at: index) }
  }

  private static func padded(_ grid: ScalarGrid, level: Double) -> ScalarGrid {
    let below = min(grid.values.filter(\.isFinite).min() ?? level, level) - max(abs(level), 1)
    let (dx, dy) = (grid.xNode(1) - grid.xNode(0), grid.yNode(1) - grid.yNode(0))
    var values = [Double](repeating: below, count: (grid.rows + 2) * (grid.columns + 2))
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let value = grid[row, column]
        values[(row + 1) * (grid.columns + 2) + column + 1] = value.isFinite ? value : below
      }
    }
    return ScalarGrid(
      x: (grid.x.lowerBound - dx)...(grid.x.upperBound + dx), y: (grid.y.lowerBound - dy)...(grid.y.upperBound + dy),
      columns: grid.columns + 2, rows: grid.rows + 2, values: values)
  }
}
