import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Density along a bent valley, `U = Σ_i a (1 - x_i)² + b (x_{i+1} - x_i²)²` (Rosenbrock 1960).
///
/// With `a = 1/20`, `b = 5` the target of Goodman and Weare (2010) and of Pagani et al. (2022). The mode is at ones, with `U = 0`.
public struct RosenbrockEnergy: Energy {
  public let dimension: Int
  public let a: Double
  public let b: Double

  public var eventShape: [Int] { [dimension] }

  public init(dimension: Int = 2, a: Double = 0.05, b: Double = 5) {
    require(
      dimension >= 2 && a > 0 && b > 0, "RosenbrockEnergy: dimension \(dimension), a \(a), b \(b); give two dimensions or more and a, b > 0"
    )
    self.dimension = dimension
    self.a = a
    self.b = b
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "RosenbrockEnergy")
    let (here, next) = (x.slice(axis: -1, 0..<dimension - 1), x.slice(axis: -1, 1..<dimension))
    return sumOverEvent(a * square(1.0 - here) + b * square(next - square(here)))
  }

  /// `log Z = log π/sqrt(ab)` in two dimensions at temperature 1; in more there is no closed form.
  public var logNormalizer: Double? { dimension == 2 ? log(Double.pi / (a * b).squareRoot()) : nil }
}
