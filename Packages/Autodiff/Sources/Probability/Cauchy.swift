import Autodiff

/// Cauchy density in each coordinate, `p = 1/(π scale (1 + z²))` with `z = (x - location)/scale`.
public struct Cauchy: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `[d]`
  public var location: Tensor
  /// `[d]`
  public var scale: Tensor

  public var eventShape: [Int] { location.shape }
  public var dtype: DType { location.dtype }
  public var isReparameterized: Bool { true }

  public init(location: Tensor, scale: Tensor) {
    requireVectors("Cauchy", ["location": location, "scale": scale])
    self.location = location
    self.scale = scale
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("location", &location)
    walker.parameter("scale", &scale)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor { -log1p(square((x - location) / scale)) - log(Double.pi * scale) }

  public func sample(_ count: Int, key: Key) -> Tensor {
    location + scale * tan(Double.pi * (openUniform([count] + eventShape, key: key, dtype: dtype) - 0.5))
  }

  public var entropy: Tensor { log(4 * Double.pi * scale).sum() }

  /// Chyzak and Nielsen (2019), equation 1.
  public func kullbackLeibler(to other: Cauchy) -> Tensor {
    let reach = square(scale + other.scale) + square(location - other.location)
    return log(reach / (4.0 * scale * other.scale)).sum()
  }
}
