import Autodiff
import Probability

extension DiffusionGenerator.WeightedSamples {
  /// Energies that were NaN or infinite: their weight is 0.
  public var rejected: Int { logWeight.doubles.filter { $0 == -.infinity }.count }

  /// Sampling-importance-resampling: `count` events drawn with replacement in proportion to their weights, `[count, d]`
  /// (Rubin 1988). Traps where no weight is left.
  public func resampled(_ count: Int, key: Key) -> Tensor {
    require(
      logWeight.doubles.contains { $0 > -.infinity },
      "WeightedSamples.resampled: all \(logWeight.count) weights are 0; nothing can be drawn")
    return event.gathered(ImportanceWeights(logWeights: logWeight).resampledRows(count, key: key))
  }

  /// Resampled events moved on by Markov chains on the same energy, one chain from each: all of their draws, `[chains draws, d]`, float64.
  ///
  /// Chains repair shapes within modes; the shares of modes are those of the weights. Throws where the energy has a fault.
  public func polished(on energy: some Energy, by sampler: HamiltonianSampler, key: Key) throws(EnergyFault) -> Tensor {
    let keys = key.split()
    return try sampler.sample(energy, from: resampled(sampler.chains, key: keys[0]), key: keys[1], dtype: event.dtype).pooled
  }
}
