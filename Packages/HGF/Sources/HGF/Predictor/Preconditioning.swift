import Autodiff

/// What a network adds to and how its input and output are scaled: `V = c_skip x + c_out N(c_in x, t)`.
public enum Preconditioning: Hashable, Sendable {
  /// `c_skip = 0`, `c_in = c_out = 1`.
  case none
  /// The best linear predictor of the velocity beside a network of unit input and output, for data of deviation `dataScale`:
  /// with the zero force that of EDM (Karras et al. 2022, table 1), with the oscillation in scale `c_skip = 0`.
  case path(LinearPath, dataScale: Double)

  /// Scales of the shape of `time`, or none.
  public func coefficients(at time: Tensor) -> (skip: Tensor, input: Tensor, output: Tensor)? {
    guard case .path(let path, let dataScale) = self else { return nil }
    let c = path.coefficients(at: time)
    let (data, noise) = (dataScale * dataScale, path.coupling.noiseScale * path.coupling.noiseScale)
    let variance = data * square(c.start) + noise * square(c.launch)
    let covariance = data * (c.start * c.startRate) + noise * (c.launch * c.launchRate)
    // Var v - Cov²/Var x, without the cancellation.
    let residual = (data * noise) * square(c.determinant) / variance
    return (covariance / variance, rsqrt(variance), sqrt(residual))
  }
}
