import Autodiff
import Probability

extension DiffusionGenerator {
  /// Draws with `log w = -U(x) + log p_E(z₀|x) - log p(z₀) - log p(x|z₀)`.
  public struct WeightedSamples: Module {
    /// `[count, latentDimension]`
    public var latent: Tensor
    /// `[count, d]`
    public var event: Tensor
    /// `[count]`; minus infinity where the energy is NaN or infinite
    public var logWeight: Tensor
    /// `[count]`
    public var energy: Tensor

    public mutating func walk(_ walker: inout some Walker) {
      walker.buffer("latent", &latent)
      walker.buffer("event", &event)
      walker.buffer("logWeight", &logWeight)
      walker.buffer("energy", &energy)
    }
  }

  /// Weighs draws against `exp(-U)` with the density of the probability flow; the weights have mean `Z`, so `E log w <= log Z`, up to
  /// the error of the flow's steps and with exact divergences.
  public func weighted(
    _ draws: Draws, against energy: some Energy, steps: Int = 64, divergence: DivergenceEstimator = .exact
  ) -> WeightedSamples {
    weighted(
      draws, against: energy, encoding: encoderLogDensity(draws.latent, given: draws.event, steps: steps, divergence: divergence))
  }

  /// The same along one path of the encoder's chain for each draw: the weights have mean `Z` whatever the steps, and scatter more.
  public func weighted(_ draws: Draws, against energy: some Energy, along chain: EncoderChain, key: Key) -> WeightedSamples {
    weighted(draws, against: energy, encoding: encoderLogRatio(draws, along: chain, key: key))
  }

  private func weighted(_ draws: Draws, against energy: some Energy, encoding: Tensor) -> WeightedSamples {
    let values = energy(draws.event)
    requireEnergies(values, draws.event)
    let n = Double(decoder.latentDimension)
    let prior = -0.5 * square(draws.latent).sum(axis: 1) - 0.5 * n * 1.8378770664093453  // log 2π
    let logWeight = encoding - values - prior - decoder(draws.latent).logDensity(draws.event)
    let nothing = Tensor.full(logWeight.shape, -.infinity, dtype: logWeight.dtype)
    return WeightedSamples(
      latent: draws.latent, event: draws.event, logWeight: .where(isFinite(logWeight), logWeight, nothing), energy: values)
  }
}
