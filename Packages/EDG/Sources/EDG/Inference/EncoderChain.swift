import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The encoder as a Markov chain from time 1 back to 0 in finitely many normal steps: a proper law of paths, whatever the number of
/// steps, so weights made with it have the mean `Z` exactly and need no divergence (Sohl-Dickstein et al. 2015; Ho et al. 2020).
///
///     z_{k-1} given z_k, x is N((z_k + σ_k² s(z_k, x, t_k))/α_k, diag variances_k)
///     z_k given z_{k-1} is N(α_k z_{k-1}, σ_k² I), as the diffusion has it
///
/// Times are spaced geometrically in `B`. The variances are those that fit other draws best (Bao et al. 2022).
public struct EncoderChain: Module {
  /// `[steps, latentDimension]`
  public var variances: Tensor

  public var steps: Int { variances.shape[0] }

  public init(variances: Tensor) { self.variances = variances }

  public mutating func walk(_ walker: inout some Walker) { walker.buffer("variances", &variances) }
}

/// What one pass through the chain leaves.
private struct ChainPass {
  /// Squared distances from the means of the backward steps, `[steps, batch, n]`
  let residuals: Tensor
  /// `log p(z₁, ..., z_N|z₀)` of the forward steps, `[batch]`
  let forward: Tensor
  /// `z_N`
  let end: Tensor
}

private struct ChainCarry: Module {
  var latent: Tensor
  var forward: Tensor

  mutating func walk(_ walker: inout some Walker) {
    walker.buffer("latent", &latent)
    walker.buffer("forward", &forward)
  }
}

extension DiffusionGenerator {
  /// The chain of `steps` steps whose variances fit `draws` of this model.
  public func encoderChain(steps: Int = 96, fitting draws: Draws, key: Key) -> EncoderChain {
    // What varies slowly from step to step is the ratio to the variance of a step back from a latent of which nothing is known; a running
    // mean of it takes out some of the noise of finitely many draws.
    let unknown = chainGrid(steps).variance.cast(to: draws.latent.dtype).expanded(axis: 1)
    let ratio = pass(draws, steps: steps, key: key).residuals.mean(axis: 1) / unknown
    return EncoderChain(variances: movingAverage(steps, reach: steps / 96).cast(to: ratio.dtype).matmul(ratio) * unknown + 1e-30)
  }

  /// `log p_E(z₀, ..., z_N|x) - log p(z₁, ..., z_N|z₀)` along a diffused path from the latent of each draw, `[batch]`.
  ///
  /// On average over paths its exponential is `p_E(z₀|x)`.
  public func encoderLogRatio(_ draws: Draws, along chain: EncoderChain, key: Key) -> Tensor {
    let path = pass(draws, steps: chain.steps, key: key)
    let variances = chain.variances.expanded(axis: 1)
    let backward = -0.5 * (path.residuals / variances + log(variances * (2 * Double.pi))).sum(axes: [0, 2])
    return diffusion.terminalLogDensity(path.end) + backward - path.forward
  }

  private func pass(_ draws: Draws, steps: Int, key: Key) -> ChainPass {
    let (batch, n, dtype) = (draws.latent.shape[0], draws.latent.shape[1], draws.latent.dtype)
    let start = ChainCarry(latent: draws.latent, forward: .zeros([batch], dtype: dtype))
    let grid = chainGrid(steps)
    let (end, residuals) = scan(start, over: Tensor.stacked([grid.time, grid.factor, grid.variance], axis: 1).cast(to: dtype)) {
      carry, row in
      let entry = { (index: Int) in row.slice(axis: 0, index..<index + 1) }
      let (time, factor, variance) = (entry(0), entry(1), entry(2))
      let noise = Tensor.normal([batch, n], key: key.folded((time * 1e6).sum().cast(to: .int32)), dtype: dtype)
      let z = factor * carry.latent + sqrt(variance) * noise
      let s = score(z, given: draws.event, at: time.broadcast(to: [batch]))
      let residual = square(carry.latent - (z + variance * s) / factor)
      let density = -0.5 * (square(noise) + log(variance * (2 * Double.pi))).sum(axis: 1)
      return (ChainCarry(latent: z, forward: carry.forward + density), residual)
    }
    return ChainPass(residuals: residuals, forward: end.forward, end: end.latent)
  }

  /// The matrix `[steps, steps]` that averages each entry with the `reach` before and after it.
  private func movingAverage(_ steps: Int, reach: Int) -> Tensor {
    let distance = abs(Tensor.iota([steps, 1], axis: 0).cast(to: .float64) - Tensor.iota([1, steps], axis: 1).cast(to: .float64))
    let near = (distance .<= Double(reach)).cast(to: .float64)
    return near / near.sum(axis: 1, keepingDimensions: true)
  }

  /// Times `t_k`, factors `α_k` and variances `σ_k²` of the forward steps, float64 `[steps]` each.
  private func chainGrid(_ steps: Int) -> (time: Tensor, factor: Tensor, variance: Tensor) {
    let offset = 2e-5
    let growth = log(1 + diffusion.totalRate / offset)
    let accumulated = (0...steps).map { offset * expm1(growth * Double($0) / Double(steps)) }
    let times = diffusion.time(accumulated: Tensor(accumulated, dtype: .float64))
    let (means, variances) = (diffusion.meanFactor(times), diffusion.variance(times))
    let factor = means.slice(axis: 0, 1..<steps + 1) / means.slice(axis: 0, 0..<steps)
    return (
      times.slice(axis: 0, 1..<steps + 1), factor,
      variances.slice(axis: 0, 1..<steps + 1) - square(factor) * variances.slice(axis: 0, 0..<steps)
    )
  }
}
