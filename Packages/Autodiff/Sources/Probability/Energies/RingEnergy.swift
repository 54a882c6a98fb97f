import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Density on concentric circles in the plane, `U = min_i ((r - r_i)/width)²` (Song, Zhao and Ermon 2017, A-NICE-MC).
///
/// Not differentiable midway between two circles, where one of both slopes is taken, nor at the centre, where the slope is 0.
public struct RingEnergy: ReferenceEnergy {
  /// `r_i`, ascending
  public let radii: [Double]
  /// The density across a circle is nearly normal with standard deviation `width/√2`.
  public let width: Double

  /// `U = (r - 2)²/0.16`
  public static let ring = RingEnergy(radii: [2], width: 0.4)
  /// `U = min_{i=1...5} (r - i)²/0.04`
  public static let five = RingEnergy(radii: [1, 2, 3, 4, 5], width: 0.2)

  public var eventShape: [Int] { [2] }

  public init(radii: [Double], width: Double) {
    require(
      !radii.isEmpty && radii == radii.sorted() && radii[0] > 0 && width > 0,
      "RingEnergy: radii \(radii), width \(width); give ascending positive radii and a positive width")
    self.radii = radii
    self.width = width
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "RingEnergy")
    // The floor keeps the derivative of the root finite at the centre; it is beneath the rounding of any other point.
    let floor = Tensor.full([], 1e-30, dtype: x.dtype)
    let r = sqrt(maximum(square(x).sum(axis: -1, keepingDimensions: true), floor))
    return square((r - Tensor(radii, dtype: x.dtype)) * (1 / width)).min(axis: -1)
  }

  /// `log 2π ∫ r exp(-U) dr`, circle by circle in closed form.
  public var logNormalizer: Double {
    let middles = zip(radii, radii.dropFirst()).map { 0.5 * ($0 + $1) }
    let sum = radii.indices.reduce(0.0) { sum, index in
      let inner = ((index == 0 ? 0 : middles[index - 1]) - radii[index]) / width
      let outer = index < middles.count ? (middles[index] - radii[index]) / width : .infinity
      let slope = 0.5 * width * width * (exp(-inner * inner) - exp(-outer * outer))
      return sum + slope + 0.5 * Double.pi.squareRoot() * radii[index] * width * (erf(outer) - erf(inner))
    }
    return log(2 * Double.pi * sum)
  }

  /// Independent draws, `[count, 2]`: the radius by inversion on a grid, the angle uniform.
  public func sample(_ count: Int, key: Key, dtype: DType) -> Tensor {
    let keys = key.split()
    let radial = GridDensity(lower: 0, upper: radii[radii.count - 1] + 8 * width) { r in
      log(r) - (radii.map { (r - $0) * (r - $0) }.min() ?? 0) / (width * width)
    }
    let r = radial.sample([count], key: keys[0])
    let angle = 2 * Double.pi * Tensor.uniform([count], key: keys[1], dtype: .float64)
    return Tensor.stacked([r * cos(angle), r * sin(angle)], axis: 1).cast(to: dtype)
  }
}
