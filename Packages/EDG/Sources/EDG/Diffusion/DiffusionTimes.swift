import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the times of the integral over the diffusion are drawn: from `start` to 1, stratified over the batch.
///
/// The integral leaves out the times before `start`: where the score is bounded, what is lost is of the order of `start`.
public enum DiffusionTimes: Sendable, Hashable, Codable {
  /// Uniformly.
  case uniform(start: Double)
  /// With density `β/(1 - exp(-B))`, uniform in the logarithm of the signal-to-noise ratio of the variance-preserving diffusion, where
  /// the denoising form has terms of one size (Kingma et al. 2021).
  case importance(start: Double)

  /// Times with the factor that each term has in the integral.
  public struct Draws: Module {
    /// `[batch]`
    public var time: Tensor
    /// `½ g²(t)/density(t)`, `[batch]`
    public var weight: Tensor

    public init(time: Tensor, weight: Tensor) {
      self.time = time
      self.weight = weight
    }

    public mutating func walk(_ walker: inout some Walker) {
      walker.buffer("time", &time)
      walker.buffer("weight", &weight)
    }
  }

  /// Times at given quantiles in [0, 1), `[batch]`.
  public func draws(at quantiles: Tensor, of diffusion: LatentDiffusion) -> Draws {
    switch self {
    case .uniform(let start):
      let time = start + (1 - start) * quantiles
      return Draws(time: time, weight: (0.5 * (1 - start)) * diffusion.squaredDiffusion(time))
    case .importance(let start):
      let first = log(expm1(start * (diffusion.initialRate + 0.5 * (diffusion.finalRate - diffusion.initialRate) * start)))
      let range = log(expm1(diffusion.totalRate)) - first
      let accumulated = softplus(first + range * quantiles)
      let time = diffusion.time(accumulated: accumulated)
      return Draws(time: time, weight: (0.5 * range) * diffusion.relativeDiffusion(time) * -expm1(-accumulated))
    }
  }

  /// One time for each row, one in each of `count` equal parts of the density, all with one random shift.
  public func draws(_ count: Int, of diffusion: LatentDiffusion, key: Key, dtype: DType) -> Draws {
    let shift = Tensor.uniform([], key: key, dtype: dtype)
    return draws(at: (Tensor.iota([count], dtype: .int32).cast(to: dtype) + shift) / Double(count), of: diffusion)
  }
}
