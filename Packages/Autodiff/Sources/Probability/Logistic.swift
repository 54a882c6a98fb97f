import Autodiff

/// Logistic density in each coordinate, the derivative of `sigmoid((x - location)/scale)`.
public struct Logistic: CoordinateDistribution, ClosedFormEntropy {
  /// `[d]`
  public var location: Tensor
  /// `[d]`
  public var scale: Tensor

  public var eventShape: [Int] { location.shape }
  public var dtype: DType { location.dtype }
  public var isReparameterized: Bool { true }

  public init(location: Tensor, scale: Tensor) {
    requireVectors("Logistic", ["location": location, "scale": scale])
    self.location = location
    self.scale = scale
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("location", &location)
    walker.parameter("scale", &scale)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    return -(softplus(z) + softplus(-z)) - log(scale)
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let u = openUniform([count] + eventShape, key: key, dtype: dtype)
    return location + scale * (log(u) - log1p(-u))
  }

  public var entropy: Tensor { (log(scale) + 2.0).sum() }
}
