import Autodiff

/// A matrix without an inverse.
public struct SingularMatrix: Error, Equatable, CustomStringConvertible {
  /// The matrix, counted along the flattened leading axes.
  public let matrix: Int

  public init(matrix: Int) { self.matrix = matrix }

  public var description: String { "matrix \(matrix) is singular; its rows are not independent, or it holds NaN" }
}

extension Tensor {
  /// `inverse()`, or an error where it would be NaN. Reads the values, so it cannot be used inside `compile` or `vmap`.
  public func checkedInverse() throws(SingularMatrix) -> Tensor {
    try requireRegular()
    return inverse()
  }

  /// `solve(b)`, or an error where it would be NaN. Reads the values, so it cannot be used inside `compile` or `vmap`.
  public func checkedSolve(_ b: Tensor) throws(SingularMatrix) -> Tensor {
    try requireRegular()
    return solve(b)
  }

  private func requireRegular() throws(SingularMatrix) {
    let signs = logDeterminant().sign.doubles
    if let singular = signs.firstIndex(where: { $0 == 0 || $0.isNaN }) { throw SingularMatrix(matrix: singular) }
  }
}
