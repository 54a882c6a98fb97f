import Autodiff
import Probability

/// How the divergence of the score is found in the bound; both have the same gradient on average.
public enum BoundForm: Sendable {
  /// `|s|² + 2 ∇·s`, the divergence by random signs (EDG, equation of the estimator); with `.exact` in its stead, exactly.
  case divergence(DivergenceEstimator)
  /// `|s|² + 2 s·n/√v` where `z_t = a z₀ + √v n`: `|s - ∇log p(z_t|z₀)|²` up to a constant (Vincent 2011).
  case denoising
}

/// Terms of `L = E[log p(x|z₀) + U(x)] + ∫ ½ g² E[|s|² + 2 ∇·s] dt`, one for each row.
///
/// `L + C + log Z = KL(p(x) || π) + I(x; z₁) + ∫ ½ g² E|s - s*|² dt` with `C` of `LatentDiffusion.entropyProduction`.
public struct PathBound: Module {
  /// `E_x log p(x|z₀)`, `[batch]`
  public var decoding: Tensor
  /// `U(x)`, `[batch]`
  public var energy: Tensor
  /// The integrand over its density, `[batch]`
  public var encoding: Tensor
  /// 1 for rows whose energy is finite, `[batch]`
  public var accepted: Tensor

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("decoding", &decoding)
    walker.buffer("energy", &energy)
    walker.buffer("encoding", &encoding)
    walker.buffer("accepted", &accepted)
  }

  /// `L` at a temperature: the mean over the rows whose energy is finite, `[]`.
  public func mean(inverseTemperature: Tensor) -> Tensor {
    let total = decoding + inverseTemperature * energy + encoding
    return (total * accepted).sum() / maximum(accepted.sum(), Tensor(1, dtype: accepted.dtype))
  }

  /// `L`, `[]`
  public var mean: Tensor { mean(inverseTemperature: Tensor(1, dtype: energy.dtype)) }

  /// Rows whose energy or force was NaN or infinite, `[]`
  public var rejected: Tensor { (1.0 - accepted).sum() }
}

/// What is drawn for one evaluation of the bound.
public struct BoundNoise: Module {
  /// `z₀`, `[batch, latentDimension]`
  public var latent: Tensor
  /// `ξ`, `[batch, d]`
  public var event: Tensor
  /// `n`, `[batch, latentDimension]`
  public var diffusion: Tensor
  public var times: DiffusionTimes.Draws

  public init(latent: Tensor, event: Tensor, diffusion: Tensor, times: DiffusionTimes.Draws) {
    self.latent = latent
    self.event = event
    self.diffusion = diffusion
    self.times = times
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("latent", &latent)
    walker.buffer("event", &event)
    walker.buffer("diffusion", &diffusion)
    walker.child("times", &times)
  }
}

extension DiffusionGenerator {
  /// What `bound` needs for `count` rows.
  public func noise(_ count: Int, times: DiffusionTimes, key: Key, dtype: DType = .float32) -> BoundNoise {
    let keys = key.split(4)
    let n = decoder.latentDimension
    return BoundNoise(
      latent: Tensor.normal([count, n], key: keys[0], dtype: dtype),
      event: Tensor.normal([count, decoder.eventDimension], key: keys[1], dtype: dtype),
      diffusion: Tensor.normal([count, n], key: keys[2], dtype: dtype),
      times: times.draws(count, of: diffusion, key: keys[3], dtype: dtype))
  }

  /// The bound's terms on given noise.
  ///
  /// The parameters of the decoder inside the score have no gradient here: they would change the score alone, which is optimal for
  /// itself where it is trained, so their gradient vanishes there.
  public func bound(
    _ energy: some Energy, noise: BoundNoise, form: BoundForm = .denoising, gradientLimit: Double? = nil
  ) -> PathBound {
    let law = decoder(noise.latent)
    let x = law.event(noise: noise.event)
    let energies = GuardedEnergies.of(energy, at: x, limit: gradientLimit)
    return PathBound(
      decoding: law.negativeEntropy, energy: energies.values, encoding: encoding(x, noise, form), accepted: energies.accepted)
  }

  /// `w(t) (|s|² + 2 ∇·s)` at `z_t`, `[batch]`
  public func encoding(_ x: Tensor, _ noise: BoundNoise, _ form: BoundForm) -> Tensor {
    let time = noise.times.time
    let z = diffusion.diffused(noise.latent, noise: noise.diffusion, time: time)
    let fixed = decoder.mapParameters(stopGradient)
    let field = { (z: Tensor) in score(z, given: x, at: time, of: fixed, diffusion) }
    switch form {
    case .denoising:
      let s = field(z)
      let alignment = (s * noise.diffusion).sum(axis: 1) * rsqrt(diffusion.variance(time))
      return noise.times.weight * (square(s).sum(axis: 1) + 2.0 * alignment)
    case .divergence(let estimator):
      let (s, spreading) = divergence(z, estimator: estimator, field)
      return noise.times.weight * (square(s).sum(axis: 1) + 2.0 * spreading)
    }
  }
}
