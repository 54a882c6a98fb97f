import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HamiltonianFlow {
  /// `log Π₀(Φ_T⁻¹(q_T, p_T)) - log f(p_T|q_T)` at `p_T = μ(q_T) + σ(q_T) ε`, `[batch, d], [batch, d] -> [batch]`.
  ///
  /// Its mean over `ε ~ N(0, I)` is a lower bound of `log p(q_T)`.
  public func elbo(_ q: Tensor, noise: Tensor) -> Tensor {
    let (p, logEncoder) = encoder.sample(q, noise: noise)
    return logDensity(Phase(position: q, momentum: p)) - logEncoder
  }

  /// The same with one noise draw for each row.
  public func elbo(_ q: Tensor, key: Key) -> Tensor {
    elbo(q, noise: Tensor.normal(q.shape, key: key, dtype: q.dtype))
  }

  /// `log (1/K) Σ_k Π₀(Φ_T⁻¹(q_T, p_k))/f(p_k|q_T)`, `[batch, d] -> [batch]`: the importance-weighted bound of
  /// Burda, Grosse and Salakhutdinov (2016), which tends to `log p(q_T)` as K grows.
  public func iwae(_ q: Tensor, samples: Int, key: Key) -> Tensor {
    require(samples > 0, "iwae: \(samples) samples; give at least 1")
    let (batch, d) = (q.shape[0], q.shape[1])
    let repeated = q.expanded(axis: 0).broadcast(to: [samples, batch, d]).reshaped([samples * batch, d])
    let bounds = elbo(repeated, key: key).reshaped([samples, batch])
    return bounds.logSumExp(axis: 0) - log(Double(samples))
  }
}

extension HamiltonianFlow: Trainable {
  /// Minus the mean evidence lower bound of data `[batch, d]`, `[]`.
  public func loss(_ batch: Tensor, key: Key) -> Tensor { -elbo(batch, key: key).mean() }
}
