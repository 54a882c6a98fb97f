#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Scalar functions of the C library under names that no tensor function has.

func referenceExp(_ x: Double) -> Double { exp(x) }
func referenceLog(_ x: Double) -> Double { log(x) }
func referenceCos(_ x: Double) -> Double { cos(x) }
func referenceErf(_ x: Double) -> Double { erf(x) }

/// Determinant by elimination with row exchanges.
func determinant(_ matrix: [[Double]]) -> Double {
  var (a, result) = (matrix, 1.0)
  for column in a.indices {
    let pivot = (column..<a.count).max { a[$0][column].magnitude < a[$1][column].magnitude }!
    if pivot != column {
      a.swapAt(pivot, column)
      result = -result
    }
    guard a[column][column] != 0 else { return 0 }
    result *= a[column][column]
    for row in (column + 1)..<a.count {
      let factor = a[row][column] / a[column][column]
      for k in column..<a.count { a[row][k] -= factor * a[column][k] }
    }
  }
  return result
}
