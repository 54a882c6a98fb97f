import Autodiff

/// `U = -log p` of a normalised density, so that `log Z = 0`.
public struct DensityEnergy<Density: Distribution>: Energy {
  public var density: Density

  public var eventShape: [Int] { density.eventShape }

  public init(_ density: Density) { self.density = density }

  public func callAsFunction(_ x: Tensor) -> Tensor { -density.logDensity(x) }
}

/// `U = ½ Σ k_i (x_i - c_i)²`.
public struct HarmonicWell: Energy, Module {
  /// `k`, `[d]`
  public var stiffness: Tensor
  /// `c`, `[d]`
  public var center: Tensor

  public var eventShape: [Int] { center.shape }

  public init(stiffness: Tensor, center: Tensor) {
    require(
      center.rank == 1 && stiffness.shape == center.shape,
      "HarmonicWell: stiffness \(stiffness.shape), center \(center.shape); give two of shape [d]")
    self.stiffness = stiffness
    self.center = center
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("stiffness", &stiffness)
    walker.parameter("center", &center)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { 0.5 * sumOverEvent(stiffness * square(x - center)) }
}

/// Asymmetric double well in each coordinate, `U = Σ a (x² - b²)² + c x`, with barrier `a b⁴` between minima near `±b`.
public struct DoubleWell: Energy {
  public let dimension: Int
  public let barrier: Double
  public let position: Double
  public let tilt: Double

  public var eventShape: [Int] { [dimension] }

  public init(dimension: Int, barrier: Double = 1, position: Double = 1, tilt: Double = 0.5) {
    self.dimension = dimension
    self.barrier = barrier
    self.position = position
    self.tilt = tilt
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    sumOverEvent(barrier * square(square(x) - position * position) + tilt * x)
  }
}

/// The energy of `x` where `y = bijection(x)` has energy `U`: `U(y) - log|det ∂y/∂x|`, with the same normaliser.
public struct PulledBackEnergy<Base: Energy, Map: Bijection>: Energy {
  public var base: Base
  public var bijection: Map

  public var eventShape: [Int] { bijection.eventShape }

  public init(_ base: Base, through bijection: Map) {
    require(
      base.eventShape == bijection.eventShape,
      "PulledBackEnergy: the energy takes \(base.eventShape), the bijection gives \(bijection.eventShape); give two of one event shape")
    self.base = base
    self.bijection = bijection
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let (y, logDeterminant) = bijection.forward(x)
    return base(y) - logDeterminant
  }
}
