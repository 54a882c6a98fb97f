import Autodiff
import DifferentiableIntegrators
import Integrators
import NHF
import NeuralNetworks
import Probability

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Scalar functions of the C library under names that no tensor function has.

func referenceExp(_ x: Double) -> Double { exp(x) }
func referenceLog(_ x: Double) -> Double { log(x) }

func double(_ values: [Double], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape, dtype: .float64) }

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

/// `∂y_i/∂x_j` at one point `[1, n]`, one forward derivative for each column.
func jacobian(_ x: Tensor, _ map: (Tensor) -> Tensor) -> [[Double]] {
  let n = x.count
  let columns = (0..<n).map { column in
    jvp(x, along: double((0..<n).map { $0 == column ? 1 : 0 }, [1, n]), map).tangent.doubles
  }
  return (0..<n).map { row in columns.map { $0[row] } }
}

/// Largest entry of `Jᵀ Ω J - Ω` for a Jacobian over `[q, p]`.
func symplecticDefect(_ j: [[Double]]) -> Double {
  let n = j.count
  let d = n / 2
  var worst = 0.0
  for a in 0..<n {
    for b in 0..<n {
      let form = (0..<d).reduce(0.0) { $0 + j[$1][a] * j[$1 + d][b] - j[$1 + d][a] * j[$1][b] }
      let expected = b == a + d ? 1.0 : (a == b + d ? -1.0 : 0.0)
      worst = max(worst, (form - expected).magnitude)
    }
  }
  return worst
}

/// An encoder that gives `N(slope q, deviation²)` in one dimension, exactly.
func linearEncoder(slope: Double, deviation: Double) -> MomentumEncoder {
  let layer = { (weight: Double, bias: Double) in
    MLP(layers: [Linear(weight: double([weight], [1, 1]), bias: double([bias]))], activation: .softplus)
  }
  return MomentumEncoder(mean: layer(slope, 0), logStandardDeviation: layer(0, referenceLog(deviation)))
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func standardDeviation(_ values: [Double]) -> Double {
  let center = mean(values)
  return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
}
