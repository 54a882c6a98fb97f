import Autodiff
import DifferentiableIntegrators
import Integrators

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `dz/dt = -½ β z - ½ g² s(z, x, t)`, the deterministic flow with the marginals of the diffusion (Song et al. 2021), over the
/// variable `u` from 0 to 1 in which `B(t) + δ` grows geometrically: small times, where scores are steep, get most of the steps.
struct ProbabilityFlow<Generator: Decoder, Score: LatentScore>: TensorEquation {
  var model: DiffusionGenerator<Generator, Score>
  /// `[batch, d]`
  var event: Tensor
  let offset = 1e-4

  init(_ model: DiffusionGenerator<Generator, Score>, given event: Tensor) {
    self.model = model
    self.event = event
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("model", &model)
    walker.buffer("event", &event)
  }

  func derivative(_ z: Tensor, at u: Tensor) -> Tensor {
    let diffusion = model.diffusion
    let growth = log(1 + diffusion.totalRate / offset)
    let accumulated = offset * expm1(u * growth)
    let speed = ((accumulated + offset) * growth).cast(to: z.dtype)
    let time = diffusion.time(accumulated: accumulated).cast(to: z.dtype).broadcast(to: [z.shape[0]])
    let s = model.score(z, given: event, at: time)
    return -0.5 * speed * (z + diffusion.relativeDiffusion(time).expanded(axis: 1) * s)
  }
}

extension DiffusionGenerator {
  /// `log p_E(z₀|x)` of the encoder, `[batch]`: its flow is followed to time 1, where the law is normal.
  ///
  ///     log p_E(z₀|x) = log p(z₁) + ∫ ∇·(-½ β z - ½ g² s) dt
  ///
  /// With `.hutchinson` the logarithm is unbiased and weights made of it are not.
  public func encoderLogDensity(_ latent: Tensor, given event: Tensor, steps: Int = 64, divergence: DivergenceEstimator = .exact) -> Tensor
  {
    let end = integrate(
      DensityTransport(ProbabilityFlow(self, given: event), divergence: divergence), from: DensityState(point: latent),
      over: TimeGrid(from: 0, to: 1, steps: steps), with: .checkpointed(ExplicitRungeKutta(.rungeKutta4)))
    return diffusion.terminalLogDensity(end.point) - end.logDensity
  }
}
