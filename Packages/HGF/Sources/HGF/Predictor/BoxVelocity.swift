import Autodiff

/// The exact velocity predictor and density of free motion between walls, from one point `x_0` or the mean over several, by
/// images of the point: `x + 4ℓk` with sign +, `2ℓ - x + 4ℓk` with sign -, in a box of half width ℓ (paper, section 7).
public struct ReflectedVelocity: Sendable {
  /// Ends of the box.
  public let range: ClosedRange<Double>
  public let velocityScale: Double
  /// Images on either side; the next is beyond `4ℓ` of them.
  public let images: Int

  public init(_ range: ClosedRange<Double>, velocityScale: Double = 1, images: Int = 8) {
    self.range = range
    self.velocityScale = velocityScale
    self.images = images
  }

  /// `p_t(x | x_0)` and `V*(x, t | x_0)` of one coordinate; the shapes of all three broadcast.
  public func callAsFunction(_ x: Tensor, from start: Tensor, at time: Tensor) -> (density: Tensor, velocity: Tensor) {
    let width = range.upperBound - range.lowerBound
    let scale = velocityScale * time
    var (density, flux) = (Tensor(0, dtype: x.dtype), Tensor(0, dtype: x.dtype))
    for k in -images...images {
      let shift = 2 * width * Double(k)
      for (image, sign) in [(x + shift, 1.0), (2 * range.upperBound - x + shift, -1.0)] {
        let distance = image - start
        let term = exp(-0.5 * square(distance / scale)) / (scale * 2.5066282746310005)
        density = density + term
        flux = flux + sign * term * distance / time
      }
    }
    return (density, flux / density)
  }
}
