import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

extension HamiltonianFlow {
  /// Samples of the flow weighted against an unnormalised target `π̂ = exp(-U)`.
  public struct WeightedSamples: Module {
    /// `q_T`, `[count, d]`
    public var position: Tensor
    /// `log π̂(q_T) + log f(p_T|q_T) - log Π₀(q₀, p₀)`, `[count]`
    public var logWeight: Tensor

    public mutating func walk(_ walker: inout some Walker) {
      walker.buffer("position", &position)
      walker.buffer("logWeight", &logWeight)
    }
  }

  /// Carries prior points to time T and weighs them; the weights have mean `Z = ∫ π̂`, so `E log w <= log Z`.
  public func weighted(_ start: Phase<Tensor>, against energy: some Energy) -> WeightedSamples {
    let end = transport(start, .towardData)
    let logTarget = encoder.logDensity(end.momentum, given: end.position) - energy(end.position)
    return WeightedSamples(position: end.position, logWeight: logTarget - prior.logDensity(start))
  }

  /// `count` weighted samples of the posterior `exp(-U)/Z`.
  public func weightedSamples(_ count: Int, of energy: some Energy, key: Key) -> WeightedSamples {
    weighted(prior.sample(count, key: key, dtype: dtype), against: energy)
  }

  /// `E[log Π₀(q₀, p₀) + U(q_T) - log f(p_T|q_T)] = KL(M || π f) - log Z >= -log Z`, `[]`, from given prior points.
  ///
  /// The loss for Bayesian inference, where the posterior is known up to `Z` and there are no samples of it.
  public func reverseKL(to energy: some Energy, from start: Phase<Tensor>) -> Tensor { -weighted(start, against: energy).logWeight.mean() }

  /// The same over `count` prior draws.
  public func reverseKL(to energy: some Energy, count: Int, key: Key) -> Tensor {
    reverseKL(to: energy, from: prior.sample(count, key: key, dtype: dtype))
  }
}
