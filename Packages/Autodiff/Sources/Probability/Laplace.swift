import Autodiff

/// Laplace density in each coordinate, `p = exp(-|x - location|/scale)/(2 scale)`.
public struct Laplace: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `[d]`
  public var location: Tensor
  /// `[d]`
  public var scale: Tensor

  public var eventShape: [Int] { location.shape }
  public var dtype: DType { location.dtype }
  public var isReparameterized: Bool { true }

  public init(location: Tensor, scale: Tensor) {
    requireVectors("Laplace", ["location": location, "scale": scale])
    self.location = location
    self.scale = scale
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("location", &location)
    walker.parameter("scale", &scale)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor { -abs(x - location) / scale - log(2.0 * scale) }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let u = openUniform([count] + eventShape, key: key, dtype: dtype) - 0.5
    return location - scale * sign(u) * log1p(-2.0 * abs(u))
  }

  public var entropy: Tensor { (log(2.0 * scale) + 1.0).sum() }

  public func kullbackLeibler(to other: Laplace) -> Tensor {
    let distance = abs(location - other.location)
    return (log(other.scale / scale) + (scale * exp(-distance / scale) + distance) / other.scale - 1.0).sum()
  }
}
