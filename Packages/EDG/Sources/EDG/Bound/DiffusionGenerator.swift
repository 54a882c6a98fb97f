import Autodiff
import Probability

/// An energy-based diffusion generator: a decoder `z -> x`, and a diffusion encoder `x -> z` known by its score
/// (Wang, Guo, Wu, Zhou, arXiv:2401.02080).
public struct DiffusionGenerator<Generator: Decoder, Score: LatentScore>: Module {
  public var decoder: Generator
  public var score: Score
  public let diffusion: LatentDiffusion

  public init(decoder: Generator, score: Score, diffusion: LatentDiffusion = LatentDiffusion()) {
    self.decoder = decoder
    self.score = score
    self.diffusion = diffusion
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("decoder", &decoder)
    walker.child("score", &score)
    walker.setting("diffusion", diffusion)
  }

  /// Latents and the events that they lead to.
  public struct Draws: Module {
    /// `[count, latentDimension]`
    public var latent: Tensor
    /// `[count, d]`
    public var event: Tensor

    public init(latent: Tensor, event: Tensor) {
      self.latent = latent
      self.event = event
    }

    public mutating func walk(_ walker: inout some Walker) {
      walker.buffer("latent", &latent)
      walker.buffer("event", &event)
    }
  }

  /// `count` independent draws.
  public func sample(_ count: Int, key: Key, dtype: DType = .float32) -> Draws {
    let keys = key.split()
    let latent = Tensor.normal([count, decoder.latentDimension], key: keys[0], dtype: dtype)
    let noise = Tensor.normal([count, decoder.eventDimension], key: keys[1], dtype: dtype)
    return Draws(latent: latent, event: decoder(latent).event(noise: noise))
  }

  /// `s(z_t, x, t)`, `[batch, latentDimension]`
  public func score(_ z: Tensor, given x: Tensor, at time: Tensor) -> Tensor { score(z, given: x, at: time, of: decoder, diffusion) }
}
