import Autodiff

/// Student's density in each coordinate, with `ν` degrees of freedom, proportional to `(1 + z²/ν)^(-(ν + 1)/2)`.
public struct StudentT: CoordinateDistribution, ClosedFormEntropy {
  /// `ν`, `[d]`
  public var degreesOfFreedom: Tensor
  /// `[d]`
  public var location: Tensor
  /// `[d]`
  public var scale: Tensor

  public var eventShape: [Int] { location.shape }
  public var dtype: DType { location.dtype }
  public var isReparameterized: Bool { true }

  public init(degreesOfFreedom: Tensor, location: Tensor, scale: Tensor) {
    requireVectors("StudentT", ["degrees of freedom": degreesOfFreedom, "location": location, "scale": scale])
    self.degreesOfFreedom = degreesOfFreedom
    self.location = location
    self.scale = scale
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("degreesOfFreedom", &degreesOfFreedom)
    walker.parameter("location", &location)
    walker.parameter("scale", &scale)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    return -0.5 * (degreesOfFreedom + 1.0) * log1p(square(z) / degreesOfFreedom) - logNormalizer
  }

  /// A normal variable over the root of an independent chi-squared one.
  public func sample(_ count: Int, key: Key) -> Tensor {
    let keys = key.split()
    let half = 0.5 * degreesOfFreedom
    let precision = Tensor.gamma([count] + eventShape, concentration: half, key: keys[0], dtype: dtype) / half
    return location + scale * Tensor.normal([count] + eventShape, key: keys[1], dtype: dtype) * rsqrt(precision)
  }

  public var entropy: Tensor {
    let half = 0.5 * (degreesOfFreedom + 1.0)
    return (half * (digamma(half) - digamma(0.5 * degreesOfFreedom)) + logNormalizer).sum()
  }

  /// `log(sqrt(νπ) Γ(ν/2)/Γ((ν + 1)/2) scale)`, `[d]`
  private var logNormalizer: Tensor {
    let ratio = logGamma(0.5 * degreesOfFreedom) - logGamma(0.5 * (degreesOfFreedom + 1.0))
    return ratio + 0.5 * log(Double.pi * degreesOfFreedom) + log(scale)
  }
}
