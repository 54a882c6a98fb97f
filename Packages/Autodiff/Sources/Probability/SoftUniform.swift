import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Uniform density of the given width with smooth edges, independent in each coordinate, centred at 0.
///
///     p(s) = (1 - exp(-βw))/w · f(β(s + w/2)) · f(-β(s - w/2)),   f the logistic sigmoid
///
/// The soft-uniform prior of Hamiltonian generative networks (Toth et al. 2020). The normaliser is exact: with `x > y`,
/// `f(x) f(-y) = (f(x) - f(y))/(1 - exp(y - x))`, and the difference is `w` times the density of a uniform variable on
/// `±w/2` plus a logistic one of scale `1/β`; the same identity gives exact samples.
public struct SoftUniform: CoordinateDistribution {
  public let dimension: Int
  public let dtype: DType
  /// `w`
  public let width: Double
  /// `β`; the edges are about `4/β` wide.
  public let sharpness: Double

  public var eventShape: [Int] { [dimension] }
  /// There are no parameters.
  public var isReparameterized: Bool { true }

  public init(dimension: Int, width: Double, sharpness: Double, dtype: DType = .float32) {
    require(width > 0 && sharpness > 0, "SoftUniform: width \(width), sharpness \(sharpness); give two positive numbers")
    self.dimension = dimension
    self.width = width
    self.sharpness = sharpness
    self.dtype = dtype
  }

  public mutating func walk(_ walker: inout some Walker) {}

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    let lower = softplus(-sharpness * (x + width / 2))
    let upper = softplus(sharpness * (x - width / 2))
    let logNormalizer = log(width) - log(-expm1(-sharpness * width))
    return -(lower + upper + logNormalizer)
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let keys = key.split()
    let shape = [count, dimension]
    let inside = (Tensor.uniform(shape, key: keys[0], dtype: dtype) - 0.5) * width
    let u = openUniform(shape, key: keys[1], dtype: dtype)
    return inside + (log(u) - log1p(-u)) / sharpness
  }
}

/// Uniform on the open interval (0, 1): the zero that `Tensor.uniform` may give becomes half its spacing.
func openUniform(_ shape: [Int], key: Key, dtype: DType) -> Tensor {
  let halfSpacing = dtype == .float64 ? 0x1p-54 : 0x1p-25
  return maximum(Tensor.uniform(shape, key: key, dtype: dtype), Tensor(halfSpacing, dtype: dtype))
}
