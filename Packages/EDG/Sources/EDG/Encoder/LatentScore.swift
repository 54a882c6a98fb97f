import Autodiff

/// An estimate of `∇_z log p(z_t|x)`, the score of latents given the event that they lead to.
public protocol LatentScore: Module {
  /// `[batch, latentDimension]` at latents of that shape, events `[batch, d]` and times `[batch]`.
  func callAsFunction(_ z: Tensor, given x: Tensor, at time: Tensor, of decoder: some Decoder, _ diffusion: LatentDiffusion) -> Tensor
}
