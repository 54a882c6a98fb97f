import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Von Mises density of angles in each coordinate, `p = exp(κ cos(x - mean))/(2π I₀(κ))`, samples in `[-π, π]`.
public struct VonMises: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// Mean direction in radians, `[d]`
  public var mean: Tensor
  /// `κ >= 0`, `[d]`
  public var concentration: Tensor

  public var eventShape: [Int] { mean.shape }
  public var dtype: DType { mean.dtype }

  public init(mean: Tensor, concentration: Tensor) {
    requireVectors("VonMises", ["mean": mean, "concentration": concentration])
    self.mean = mean
    self.concentration = concentration
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("mean", &mean)
    walker.parameter("concentration", &concentration)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    // κ (cos - 1) and the scaled Bessel function: no cancellation between large numbers.
    -2.0 * concentration * square(sin(0.5 * (x - mean))) - logScaledBessel(concentration).zeroth - 2 * logRootTwoPi
  }

  /// Best and Fisher (1979): the first of 32 proposals that is accepted; none is with a chance below 1e-14.
  public func sample(_ count: Int, key: Key) -> Tensor {
    let (keys, proposals) = (key.split(3), [32, count] + eventShape)
    let kappa = maximum(concentration, Tensor(1e-6, dtype: dtype))
    // ρ and all below without differences of nearly equal numbers, which small and large κ would make.
    let root = sqrt(1.0 + sqrt(1.0 + 4.0 * square(kappa)))
    let rho = 2.0 * kappa / (root * (root + 2.0.squareRoot()))
    let r = (1.0 + square(rho)) / (2.0 * rho)
    let turn = Double.pi * Tensor.uniform(proposals, key: keys[0], dtype: dtype)
    let reach = r + cos(turn)
    let c = kappa * square((1.0 - square(rho)) / (2.0 * rho)) / reach
    // (1 - cos of the proposed angle)/2
    let height = square((1.0 - rho) * sin(0.5 * turn)) / (2.0 * rho * reach)
    let isAccepted = log(c) - log(openUniform(proposals, key: keys[1], dtype: dtype)) + 1.0 .>= c
    let first = isAccepted.cast(to: dtype).argmax(axis: 0)
    let chosen = Tensor.where(Tensor.iota(proposals, axis: 0) .== first, height, .zeros(like: height)).sum(axis: 0)
    let side = sign(Tensor.uniform([count] + eventShape, key: keys[2], dtype: dtype) - 0.5)
    let angle = mean + 2.0 * side * asin(sqrt(clamp(chosen, 0, 1)))
    return angle - 2 * Double.pi * round(angle / (2 * Double.pi))
  }

  /// `log 2π I₀(κ) - κ I₁(κ)/I₀(κ)`
  public var entropy: Tensor {
    let bessel = logScaledBessel(concentration)
    return (bessel.zeroth + 2 * logRootTwoPi + concentration * (1.0 - bessel.ratio)).sum()
  }

  public func kullbackLeibler(to other: VonMises) -> Tensor {
    let (own, theirs) = (logScaledBessel(concentration), logScaledBessel(other.concentration))
    let aligned = concentration - other.concentration * cos(mean - other.mean)
    return (theirs.zeroth - own.zeroth + other.concentration - concentration + own.ratio * aligned).sum()
  }
}

/// `log exp(-κ) I₀(κ)` and `I₁(κ)/I₀(κ)`.
///
/// Up to 500 by the midpoint rule for `I₀(κ) = 1/π ∫ exp(κ cos θ) dθ` over (0, π), which for 128 points is exact to rounding; above
/// by the asymptotic series (Abramowitz and Stegun 9.7.1).
private func logScaledBessel(_ kappa: Tensor) -> (zeroth: Tensor, ratio: Tensor) {
  let (border, points) = (Tensor(500, dtype: kappa.dtype), 128)
  let angles = (0..<points).map { Double.pi * (Double($0) + 0.5) / Double(points) }
  let heights = Tensor(angles.map { -2 * sin($0 / 2) * sin($0 / 2) }, dtype: kappa.dtype)
  let weights = exp(minimum(kappa, border).expanded(axis: -1) * heights)
  let total = weights.sum(axis: -1)
  let ratio = (weights * (1.0 + heights)).sum(axis: -1) / total

  let large = maximum(kappa, border)
  let x = 1.0 / (8.0 * large)
  let i0 = 1.0 + x * (1.0 + x * (9.0 / 2 + x * (225.0 / 6 + x * (11025.0 / 24 + x * (893025.0 / 120)))))
  let i1 = 1.0 - x * (3.0 + x * (15.0 / 2 + x * (315.0 / 6 + x * (14175.0 / 24 + x * (1091475.0 / 120)))))
  let isLarge = kappa .> border
  return (
    Tensor.where(isLarge, log(i0) - 0.5 * log(2 * Double.pi * large), log(total * (1 / Double(points)))),
    Tensor.where(isLarge, i1 / i0, ratio)
  )
}
