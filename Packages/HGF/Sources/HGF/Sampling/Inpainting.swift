import Autodiff
import NeuralNetworks
import Probability

extension HamiltonianGenerativeFlow {
  /// Draws `[batch, d]` that agree with `known` `[batch, d]` where `mask` `[d]` or `[batch, d]` is 1, of a linear path.
  ///
  /// Before every step the known coordinates are put where the motion of the known values has them, with noise drawn once; each step
  /// is taken `repeats` times, going back to its start by fresh noise in between, so that the unknown coordinates come to fit
  /// (Lugmayr et al. 2022). Throws for processes without a linear path.
  public func inpainted(
    known: Tensor, mask: Tensor, with sampler: Sampler, repeats: Int = 5, context: Tensor? = nil, key: Key
  ) throws(ConfigurationError) -> Tensor {
    guard let path = process.path else {
      throw ConfigurationError(
        path: "force", found: "\(process.force)", expected: "a linear force, whose noise can be added in closed form")
    }
    guard repeats > 0 else { throw ConfigurationError(path: "repeats", found: "\(repeats)", expected: "at least 1") }
    try sampler.validate(for: process)
    let times = sampler.times(from: process.minimumTime, to: process.duration)
    let keys = key.split(3)
    let noise = path.coupling.noiseScale * Tensor.normal(known.shape, key: keys[0], dtype: known.dtype)
    let first = process.terminal.distribution(dimension: dimension, dtype: known.dtype).sample(known.shape[0], key: keys[1])
    let predictor = self.predictor
    let velocity: @Sendable (Tensor, Tensor) -> Tensor = { x, t in
      predictor.velocity(x, at: t.broadcast(to: [x.shape[0]]), context: context)
    }
    let steps = (0..<sampler.steps).flatMap { step in (0..<repeats).map { (step, $0 == repeats - 1) } }
    let sequence = [
      Tensor(steps.map { times[$0.0] }, dtype: known.dtype), Tensor(steps.map { times[$0.0 + 1] }, dtype: known.dtype),
      Tensor(steps.map { $0.1 ? 1.0 : 0.0 }, dtype: known.dtype), Tensor.iota([steps.count]),
    ]
    let (end, _) = scan(first, over: sequence) { x, step in
      let c = path.coefficients(at: step[0])
      let placed = mask * (c.start * known + c.launch * noise) + (1.0 - mask) * x
      let next = sampler.method.stepped(placed, from: step[0], to: step[1], process: process, velocity: velocity)
      let again = path.renoised(next, from: step[1], to: step[0], key: keys[2].folded(step[3]))
      return (Tensor.where(step[2] .> 0.5, next, again), Tensor(0, dtype: x.dtype))
    }
    return mask * known + (1.0 - mask) * end
  }
}

extension LinearPath {
  /// `x_t` from `x_s` with s < t: `A_t/A_s x_s` and fresh noise that makes up the variance.
  func renoised(_ x: Tensor, from earlier: Tensor, to later: Tensor, key: Key) -> Tensor {
    let (a, b) = (coefficients(at: earlier), coefficients(at: later))
    let ratio = b.start / a.start
    let variance = maximum(square(b.launch) - square(ratio * a.launch), Tensor(0, dtype: x.dtype))
    return ratio * x + (coupling.noiseScale * sqrt(variance)) * Tensor.normal(x.shape, key: key, dtype: x.dtype)
  }
}
