import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A density on an interval by its values on a grid, to draw from it by inversion: constant in each of 65,536 cells, so its moments
/// are wrong by the square of their width.
struct GridDensity {
  private let lower: Double
  private let width: Double
  /// Probability below the lower end of each cell, and 1, `[cells + 1]`, float64.
  private let cumulative: Tensor

  private static let cells = 65_536

  /// From `log p(x)` up to a constant.
  init(lower: Double, upper: Double, logDensity: (Double) -> Double) {
    let width = (upper - lower) / Double(GridDensity.cells)
    let logs = (0..<GridDensity.cells).map { logDensity(lower + width * (Double($0) + 0.5)) }
    let largest = logs.max() ?? 0
    var (sums, total) = ([0.0], 0.0)
    for value in logs {
      total += exp(value - largest)
      sums.append(total)
    }
    self.lower = lower
    self.width = width
    cumulative = Tensor(sums.map { $0 / total }, dtype: .float64)
  }

  /// Independent draws, float64.
  func sample(_ shape: [Int], key: Key) -> Tensor {
    let u = Tensor.uniform([shape.reduce(1, *)], key: key, dtype: .float64)
    // The last end that is not above u starts the cell of u; cells without mass are never met.
    let cell = minimum(cumulative.searchSorted(u, afterEqual: true) - 1, Tensor.full([], Double(GridDensity.cells - 1), dtype: .int32))
    let (low, high) = (cumulative.gathered(cell), cumulative.gathered(cell + 1))
    return (lower + width * (cell.cast(to: .float64) + (u - low) / (high - low))).reshaped(shape)
  }
}
