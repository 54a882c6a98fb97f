import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks

/// Hamiltonian score matching: a force F is the score of the data if and only if its motion, launched with v_0 from N(0, I), leaves
/// E[v_t | x_t] = 0 (arXiv:2410.20470, section 4).
///
///     HSD(F) = ∫₀ᵀ E|V*(x_t, t)|² dt = max_V ∫₀ᵀ E[2 V(x_t, t)·v_t - |V(x_t, t)|²] dt
///
/// is `T³/3 E|F - ∇log p|² + O(T⁵)`, and is given divided by `T³/3`. Launches come in pairs ±v_0, over which the noise of the targets
/// cancels to the order of the signal.
public struct HamiltonianScoreMatching: Hashable, Sendable, Codable {
  /// T
  public var duration: Double
  /// Leapfrog steps to each time.
  public var steps: Int
  public var gradient: TrajectoryGradient

  public init(duration: Double = 0.5, steps: Int = 5, gradient: TrajectoryGradient = .throughSteps) throws(ConfigurationError) {
    self.duration = duration
    self.steps = steps
    self.gradient = gradient
    guard duration > 0 && duration.isFinite else {
      throw ConfigurationError(path: "duration", found: "\(duration)", expected: "a positive time T")
    }
    guard steps > 0 else { throw ConfigurationError(path: "steps", found: "\(steps)", expected: "at least 1 leapfrog step") }
  }

  /// Launches and times of `2 batch` rows for data `[batch, d]`: each row twice, with opposite velocities, at one time.
  public func launches(_ data: Tensor, key: Key) -> (launch: Phase<Tensor>, time: Tensor) {
    let keys = key.split()
    let velocity = Tensor.normal(data.shape, key: keys[0], dtype: data.dtype)
    let time = TimeDistribution.stratified.sample(data.shape[0], from: 0, to: duration, key: keys[1], dtype: data.dtype)
    let twice = { (x: Tensor) in Tensor.concatenated([x, x], axis: 0) }
    return (Phase(position: twice(data), momentum: .concatenated([velocity, -velocity], axis: 0)), twice(time))
  }

  /// `T (2 V·v_t - |V|²)/(T³/3)` for each pair, `[batch]`: a lower bound of the discrepancy in the mean, attained by the best `V`.
  public func values(_ force: some Layer, _ predictor: some VelocityPredictor, data: Tensor, key: Key) -> Tensor {
    let (launch, time) = launches(data, key: key)
    let point = trajectory(of: launch, under: force, at: time, steps: steps, gradient: gradient)
    let velocity = predictor(point.position, at: time)
    let gain = (2.0 * velocity * point.momentum - square(velocity)).sum(axis: 1) * (3 / (duration * duration))
    return gain.reshaped([2, data.shape[0]]).mean(axes: [0])
  }

  /// What the force lowers: the mean of `values` with the predictor as it is, `[]`.
  public func forceLoss(_ force: some Layer, _ predictor: some VelocityPredictor, data: Tensor, key: Key) -> Tensor {
    values(force, predictor.mapTensors(stopGradient), data: data, key: key).mean()
  }

  /// What the predictor lowers: minus the mean of `values` with the force as it is, `[]`.
  public func predictorLoss(_ force: some Layer, _ predictor: some VelocityPredictor, data: Tensor, key: Key) -> Tensor {
    -values(force.mapTensors(stopGradient), predictor, data: data, key: key).mean()
  }
}

/// Both players of the game: the force, which may come to be the score, and the network S of its `RelativePredictor`, which looks for
/// its faults.
///
/// Saved as `force.*`, `judge.*`.
public struct ScoreMatchingGame<Force: Layer, Judge: Layer>: Module {
  public var force: Force
  /// S, `[batch, d + 1] -> [batch, d]`
  public var judge: Judge

  public init(force: Force, judge: Judge) {
    self.force = force
    self.judge = judge
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("force", &force)
    walker.child("judge", &judge)
  }

  /// The predictor that judges the force as it is now.
  public func predictor(_ matching: HamiltonianScoreMatching) -> RelativePredictor<Force, Judge> {
    RelativePredictor(force: force, judge, duration: matching.duration)
  }

  /// A scalar whose gradient is that of `forceLoss` in the force and that of `predictorLoss` in the judge, so that one optimiser moves
  /// both; for several rounds of the judge to one of the force use the two losses by themselves.
  public func loss(_ matching: HamiltonianScoreMatching, data: Tensor, key: Key) -> Tensor {
    let predictor = predictor(matching)
    return matching.forceLoss(force, predictor, data: data, key: key) + matching.predictorLoss(force, predictor, data: data, key: key)
  }
}
