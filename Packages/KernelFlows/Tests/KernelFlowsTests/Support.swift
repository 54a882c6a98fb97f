import Autodiff
import KernelFlows
import Probability
import Testing

/// A value with a name that test output shows.
struct Named<Value: Sendable>: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let value: Value

  init(_ name: String, _ value: Value) {
    testDescription = name
    self.value = value
  }
}

func double(_ values: [Double], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape, dtype: .float64) }

/// Points from a normal law, float64.
func normal(_ shape: [Int], seed: UInt64) -> Tensor { Tensor.normal(shape, key: Key(seed: seed), dtype: .float64) }

/// `log|det|` of a square matrix by elimination with row exchanges.
func logAbsoluteDeterminant(_ matrix: Tensor) -> Double {
  let n = matrix.shape[0]
  let values = matrix.doubles
  var a = (0..<n).map { Array(values[$0 * n..<($0 + 1) * n]) }
  var product = 1.0
  for column in 0..<n {
    let pivot = (column..<n).max { a[$0][column].magnitude < a[$1][column].magnitude }!
    a.swapAt(pivot, column)
    product *= a[column][column]
    for row in (column + 1)..<n {
      let factor = a[row][column] / a[column][column]
      for k in column..<n { a[row][k] -= factor * a[column][k] }
    }
  }
  return log(double([product.magnitude])).item()
}

extension Module {
  /// Every trained tensor moved by normal noise of this size.
  func shaken(by size: Double, seed: UInt64) -> Self {
    var index = 0
    return mapParameters { tensor in
      index += 1
      return tensor + size * Tensor.normal(tensor.shape, key: Key(seed: seed).folded(index), dtype: tensor.dtype)
    }
  }
}
