import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The diffusion of latents from `z₀ ~ N(0, I)` over times 0 to 1, `dz = -½ β(t) z dt + g(t) dW` (Song et al. 2021).
///
///     β(t) = β₀ + (β₁ - β₀) t,   B(t) = ∫₀ᵗ β
///     z_t given z₀ is N(a z₀, v I),   a = exp(-B/2)
///
/// | | `g²` | `v` |
/// | --- | --- | --- |
/// | variance preserving | `β` | `1 - exp(-B)` |
/// | sub-variance preserving | `β (1 - exp(-2B))` | `(1 - exp(-B))²` |
public struct LatentDiffusion: Sendable, Hashable, Codable {
  /// The row of the table.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case variancePreserving
    case subVariancePreserving
  }

  public var kind: Kind
  /// `β₀`
  public var initialRate: Double
  /// `β₁`
  public var finalRate: Double

  public init(_ kind: Kind = .variancePreserving, initialRate: Double = 0.1, finalRate: Double = 20) {
    self.kind = kind
    self.initialRate = initialRate
    self.finalRate = finalRate
  }

  /// `β(t)`
  public func rate(_ time: Tensor) -> Tensor { initialRate + (finalRate - initialRate) * time }

  /// `B(t)`
  public func accumulatedRate(_ time: Tensor) -> Tensor { time * (initialRate + (0.5 * (finalRate - initialRate)) * time) }

  /// `B(1)`
  public var totalRate: Double { 0.5 * (initialRate + finalRate) }

  /// The time at which `B` is `accumulated`.
  public func time(accumulated: Tensor) -> Tensor {
    let slope = finalRate - initialRate
    // The root without cancellation at small B.
    return 2.0 * accumulated / (initialRate + sqrt(initialRate * initialRate + (2 * slope) * accumulated))
  }

  /// `a(t)`
  public func meanFactor(_ time: Tensor) -> Tensor { exp(-0.5 * accumulatedRate(time)) }

  /// `v(t)`
  public func variance(_ time: Tensor) -> Tensor {
    let lost = -expm1(-accumulatedRate(time))
    return kind == .variancePreserving ? lost : square(lost)
  }

  /// `g²(t)/β(t)`
  public func relativeDiffusion(_ time: Tensor) -> Tensor {
    kind == .variancePreserving ? .ones(like: time) : -expm1(-2.0 * accumulatedRate(time))
  }

  /// `g²(t)`
  public func squaredDiffusion(_ time: Tensor) -> Tensor { rate(time) * relativeDiffusion(time) }

  /// `z_t = a z₀ + √v noise` for latents and noise `[batch, d]` and times `[batch]`.
  public func diffused(_ latent: Tensor, noise: Tensor, time: Tensor) -> Tensor {
    meanFactor(time).expanded(axis: 1) * latent + sqrt(variance(time)).expanded(axis: 1) * noise
  }

  /// Variance of every coordinate of `z₁`, whose law is normal: `a² + v` at time 1.
  public var terminalVariance: Double {
    let kept = exp(-totalRate)
    return kind == .variancePreserving ? 1 : 1 - kept + kept * kept
  }

  /// `∇ log p(z₁)`
  public func terminalScore(_ z: Tensor) -> Tensor { z * (-1 / terminalVariance) }

  /// `log p(z₁)`, `[batch, d] -> [batch]`
  public func terminalLogDensity(_ z: Tensor) -> Tensor {
    let normalizer = 0.5 * Double(z.shape[1]) * log(2 * Double.pi * terminalVariance)
    return square(z).sum(axis: 1) * (-0.5 / terminalVariance) - normalizer
  }

  /// `C = ∫ ½ g² E|∇ log p(z_t)|² dt` in `dimension` coordinates, in closed form (EDG, theorem 1).
  public func entropyProduction(dimension: Int) -> Double {
    0.5 * Double(dimension) * (totalRate + log(terminalVariance))
  }
}
