import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

extension HamiltonianGenerativeFlow {
  /// `count` draws `[count, d]`, the last at the process's minimum time. `sampler.evaluations` is the cost.
  public func sample(
    _ count: Int, with sampler: Sampler, context: Tensor? = nil, key: Key, dtype: DType = .float32
  ) -> Tensor {
    let keys = key.split()
    let noise = process.terminal.distribution(dimension: dimension, dtype: dtype).sample(count, key: keys[0])
    return generated(from: noise, with: sampler, context: context, key: keys[1])
  }

  /// Positions at the end of sampling for positions `[batch, d]` at T; `key` is for stochastic samplers. Differentiable.
  public func generated(from noise: Tensor, with sampler: Sampler, context: Tensor? = nil, key: Key = Key(seed: 0)) -> Tensor {
    let times = sampler.times(from: process.minimumTime, to: process.duration)
    let starts = Tensor(Array(times.dropLast()), dtype: noise.dtype)
    let ends = Tensor(Array(times.dropFirst()), dtype: noise.dtype)
    let predictor = self.predictor
    let velocity: @Sendable (Tensor, Tensor) -> Tensor = { x, t in
      predictor.velocity(x, at: t.broadcast(to: [x.shape[0]]), context: context)
    }
    let (end, _) = scan(noise, over: [starts, ends, Tensor.iota([sampler.steps])]) { x, step in
      let (start, end) = (step[0], step[1])
      var next = sampler.method.stepped(x, from: start, to: end, process: process, velocity: velocity)
      if sampler.stochasticity > 0, let path = process.path {
        let slope = velocity(x, start)
        next =
          next
          + path.agitation(
            x, velocity: slope, from: start, to: end, rate: sampler.stochasticity, key: key.folded(step[2]))
      }
      return (next, Tensor(0, dtype: x.dtype))
    }
    return end
  }
}

extension LinearPath {
  /// What Langevin dynamics adds to a step back in time: `g²/2 ∇log p_t |h| + g sqrt|h| ξ` with `g²/2 = rate (B τ)²/T`. It leaves every
  /// `p_t` as it is, and forgets errors of earlier steps (Song et al. 2021, equation 6, with noise of any strength).
  func agitation(_ x: Tensor, velocity: Tensor, from start: Tensor, to end: Tensor, rate: Double, key: Key) -> Tensor {
    let noise = coupling.noiseScale
    let level = square(coefficients(at: end).launch) * (rate * noise * noise / duration)
    let span = abs(end - start)
    let drift = level * span * score(x, velocity: velocity, at: start.broadcast(to: [x.shape[0]]))
    return drift + sqrt(2.0 * level * span) * Tensor.normal(x.shape, key: key, dtype: x.dtype)
  }
}
