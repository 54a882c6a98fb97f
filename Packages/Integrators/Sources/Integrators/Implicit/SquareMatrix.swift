/// A square matrix in rows: what implicit methods need of linear algebra.
public struct SquareMatrix<Scalar: RealScalar>: Sendable, Hashable {
  public let size: Int
  /// Row after row.
  public var entries: [Scalar]

  /// Zeros.
  @inlinable
  public init(size: Int) {
    self.size = size
    entries = Array(repeating: 0, count: size * size)
  }

  /// `rows` of equal length, as many as that length.
  @inlinable
  public init(rows: [[Scalar]]) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "SquareMatrix: rows \(rows) are not square")
    size = rows.count
    entries = Array(rows.joined())
  }

  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { entries[row * size + column] }
    set { entries[row * size + column] = newValue }
  }

  /// Replaces the matrix by its factors L U with partial pivoting; false if it is singular or not finite.
  @inlinable
  mutating func factorise(_ pivots: inout [Int]) -> Bool {
    let size = size
    return entries.withUnsafeMutableBufferPointer { a in
      for column in 0..<size {
        var pivot = column
        for row in (column + 1)..<Swift.max(size, column + 1) where abs(a[row * size + column]) > abs(a[pivot * size + column]) {
          pivot = row
        }
        pivots[column] = pivot
        let largest = a[pivot * size + column]
        guard largest.isFinite, largest != 0 else { return false }
        if pivot != column {
          for index in 0..<size { a.swapAt(pivot * size + index, column * size + index) }
        }
        for row in (column + 1)..<Swift.max(size, column + 1) {
          let factor = a[row * size + column] / a[column * size + column]
          a[row * size + column] = factor
          guard factor != 0 else { continue }
          for index in (column + 1)..<Swift.max(size, column + 1) {
            a[row * size + index] -= factor * a[column * size + index]
          }
        }
      }
      return true
    }
  }

  /// Solves with the factors that `factorise` left, in place.
  @inlinable
  func solve(_ pivots: [Int], _ right: inout [Scalar]) {
    entries.withUnsafeBufferPointer { a in
      right.withUnsafeMutableBufferPointer { x in
        for row in 0..<size { x.swapAt(row, pivots[row]) }
        for row in 0..<size {
          for column in 0..<row { x[row] -= a[row * size + column] * x[column] }
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
          for column in (row + 1)..<Swift.max(size, row + 1) { x[row] -= a[row * size + column] * x[column] }
          x[row] /= a[row * size + row]
        }
      }
    }
  }
}

extension DifferentialEquation where State: CoordinateSpace {
  /// ∂f/∂y: the equation's own, or by forward differences, one evaluation for each coordinate.
  @inlinable
  func jacobian(
    _ state: State, at time: State.Scalar, slope: State, into matrix: inout SquareMatrix<State.Scalar>,
    _ statistics: inout SolveStatistics
  ) {
    statistics.jacobians &+= 1
    if let given = jacobian(state, at: time) {
      precondition(
        given.size == matrix.size,
        "jacobian(_:at:): \(given.size) rows for a state of \(matrix.size) coordinates; give one row for each coordinate")
      matrix = given
      return
    }
    let root = Self.rootOfRoundOff
    var moved = state
    var changed = slope
    for column in 0..<matrix.size {
      let original = state[coordinate: column]
      moved[coordinate: column] = original + root * Swift.max(abs(original), root)
      // The spacing that was really taken, so that its own rounding does no harm.
      let spacing = moved[coordinate: column] - original
      evaluate(&changed, of: moved, at: time)
      for row in 0..<matrix.size {
        matrix[row, column] = (changed[coordinate: row] - slope[coordinate: row]) / spacing
      }
      moved[coordinate: column] = original
    }
    statistics.evaluations &+= matrix.size
  }

  /// The square root of the unit round-off, as a power of two.
  @inlinable
  static var rootOfRoundOff: State.Scalar {
    State.Scalar(sign: .plus, exponent: State.Scalar.ulpOfOne.exponent / 2, significand: 1)
  }
}
