import Autodiff

/// Exponential of a normal variable with mean `location` and standard deviation `scale`, in each coordinate.
public struct LogNormal: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// Mean of `log x`, `[d]`
  public var location: Tensor
  /// Standard deviation of `log x`, `[d]`
  public var scale: Tensor

  public var eventShape: [Int] { location.shape }
  public var dtype: DType { location.dtype }
  public var isReparameterized: Bool { true }

  public init(location: Tensor, scale: Tensor) {
    requireVectors("LogNormal", ["location": location, "scale": scale])
    self.location = location
    self.scale = scale
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("location", &location)
    walker.parameter("scale", &scale)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    onSupport(x .> 0, normal.coordinateLogDensity(log(x)) - log(x))
  }

  public func sample(_ count: Int, key: Key) -> Tensor { exp(normal.sample(count, key: key)) }

  public var entropy: Tensor { normal.entropy + location.sum() }

  public func kullbackLeibler(to other: LogNormal) -> Tensor { normal.kullbackLeibler(to: other.normal) }

  /// The density of `log x`.
  private var normal: DiagonalNormal { DiagonalNormal(mean: location, standardDeviation: scale) }
}
