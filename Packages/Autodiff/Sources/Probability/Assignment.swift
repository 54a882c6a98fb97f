import Autodiff

/// The permutation σ that makes `Σ_i costs[i, σ(i)]` least, for `count` rows and columns of costs, row after row.
///
/// Shortest augmenting paths with dual prices, `count³` operations (Jonker and Volgenant 1987).
public func optimalAssignment(costs: [Double], count: Int) -> [Int] {
  require(
    costs.count == count * count && costs.allSatisfy { $0.isFinite },
    "optimalAssignment: \(costs.count) costs for \(count) rows; give \(count) x \(count) finite numbers")
  var (rowPrice, columnPrice) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
  var rowOfColumn = [Int](repeating: -1, count: count)
  for row in 0..<count {
    // Distances along alternating paths from `row` to each column, and the column before it.
    var distance = [Double](repeating: .infinity, count: count)
    var previous = [Int](repeating: -1, count: count)
    var isSettled = [Bool](repeating: false, count: count)
    var (currentRow, currentColumn, reached) = (row, -1, 0.0)
    while true {
      var (nearest, least) = (-1, Double.infinity)
      for column in 0..<count where !isSettled[column] {
        let through = reached + costs[currentRow * count + column] - rowPrice[currentRow] - columnPrice[column]
        if through < distance[column] { (distance[column], previous[column]) = (through, currentColumn) }
        if distance[column] < least { (nearest, least) = (column, distance[column]) }
      }
      (currentColumn, reached) = (nearest, least)
      isSettled[nearest] = true
      if rowOfColumn[nearest] < 0 { break }
      currentRow = rowOfColumn[nearest]
    }
    rowPrice[row] += reached
    for column in 0..<count where isSettled[column] && column != currentColumn {
      rowPrice[rowOfColumn[column]] += reached - distance[column]
      columnPrice[column] -= reached - distance[column]
    }
    while currentColumn >= 0 {
      let before = previous[currentColumn]
      rowOfColumn[currentColumn] = before < 0 ? row : rowOfColumn[before]
      currentColumn = before
    }
  }
  var result = [Int](repeating: 0, count: count)
  for column in 0..<count { result[rowOfColumn[column]] = column }
  return result
}

/// For each row of `x` `[n, d]` the row of `y` `[n, d]` that it is assigned to, so that the sum of squared distances is least.
public func nearestAssignment(of x: Tensor, to y: Tensor) -> [Int] {
  require(x.rank == 2 && x.shape == y.shape, "nearestAssignment: \(x.shape) and \(y.shape); give two samples of one shape [n, d]")
  let squares = square(x).sum(axis: 1).expanded(axis: 1) + square(y).sum(axis: 1) - 2.0 * x.matmul(y.transposed())
  return optimalAssignment(costs: squares.doubles, count: x.shape[0])
}
