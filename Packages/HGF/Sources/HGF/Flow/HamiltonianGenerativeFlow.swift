import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks

/// Hamiltonian generative flow (Holderrieth, Xu, Jaakkola, arXiv:2410.20470): the positions of the process are also those of
/// dx/dt = V(x, t), so a predictor of velocities generates data when it is integrated from T back to 0.
///
///     let process = try HamiltonianProcess.oscillation(dimension: 2)
///     let flow = HamiltonianGenerativeFlow(try NeuralVelocityPredictor(PredictorConfiguration(), for: process, key: key), process)
///     let loss = flow.loss(data, key: stepKey)
///     let draws = flow.sample(1000, with: Sampler(.heun, steps: 20), key: drawKey)
///
/// Saved as `predictor.*`.
public struct HamiltonianGenerativeFlow<Predictor: VelocityPredictor>: Module {
  public var predictor: Predictor
  public let process: HamiltonianProcess
  public let times: TimeDistribution
  public let weighting: TimeWeighting

  public init(
    _ predictor: Predictor, _ process: HamiltonianProcess, times: TimeDistribution = .stratified, weighting: TimeWeighting = .uniform
  ) {
    self.predictor = predictor
    self.process = process
    self.times = times
    self.weighting = weighting
  }

  /// `d`
  public var dimension: Int { process.dimension }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("predictor", &predictor)
    process.walkSettings(&walker)
    walker.setting("times", times)
    walker.setting("weighting", weighting)
  }

  /// The mean of `w(t) |V(x_t, t) - v_t|²/d` over a batch of launches, `[]` (paper, section 3).
  public func loss(_ launch: Phase<Tensor>, context: Tensor? = nil, key: Key) -> Tensor {
    let batch = launch.position.shape[0]
    let time = times.sample(batch, from: process.minimumTime, to: process.duration, key: key, dtype: launch.position.dtype)
    let point = process.force.state(from: launch, at: time)
    let error = square(predictor.velocity(point.position, at: time, context: context) - point.momentum)
    return (predictor.preconditioning.weight(weighting, at: time).map { $0 * error } ?? error).mean()
  }
}

extension HamiltonianGenerativeFlow: Trainable {
  /// The loss of data `[batch, d]`, launched by the process's coupling.
  public func loss(_ data: Tensor, key: Key) -> Tensor {
    let keys = key.split()
    return loss(process.launch(data, key: keys[0]), key: keys[1])
  }
}

/// Context with some rows set to zero, the context of no label, each with the given probability: training for guidance without
/// a classifier (Ho and Salimans 2022).
public func droppingContext(_ context: Tensor, probability: Double, key: Key) -> Tensor {
  let kept = Tensor.uniform([context.shape[0], 1], key: key, dtype: context.dtype) .>= probability
  return Tensor.where(kept, context, .zeros(like: context))
}
