import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `pairs` copies of the double well `x₁⁴ - 6 x₁² - ½ x₁ + ½ x₂²`, `[2 pairs]`: `2^pairs` modes (Noé et al. 2019; with 16 pairs
/// the ManyWell32 of Midgley et al. 2023).
public struct ManyWell: Energy {
  public let pairs: Int

  public var eventShape: [Int] { [2 * pairs] }

  public init(pairs: Int = 16) {
    require(pairs > 0, "ManyWell: \(pairs) pairs; give 1 or more")
    self.pairs = pairs
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "ManyWell")
    let points = x.reshaped(Array(x.shape.dropLast()) + [pairs, 2])
    let well = points.slice(axis: -1, 0..<1).squeezed(axis: -1)
    let free = points.slice(axis: -1, 1..<2).squeezed(axis: -1)
    return sumOverEvent(square(square(well)) - 6.0 * square(well) - 0.5 * well + 0.5 * square(free))
  }

  /// `log Z = pairs (log 11784.5093 + ½ log 2π)` at temperature 1, by the trapezoidal rule, which is exact to rounding here.
  public var logNormalizer: Double {
    let spacing = 0.01
    let well = (-500...500).reduce(0.0) { sum, index in
      let x = spacing * Double(index)
      return sum + exp(-x * x * x * x + 6 * x * x + 0.5 * x)
    }
    return Double(pairs) * (log(spacing * well) + logRootTwoPi)
  }
}
