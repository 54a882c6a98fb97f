import Autodiff
import DifferentiableIntegrators
import Integrators

/// A linear force with a coupling: `x_t = A x_0 + B u` and `v_t = A' x_0 + B' u` with noise u from N(0, τ² I), independent of
/// `x_0` unless the coupling is an optimal transport.
public struct LinearPath: Hashable, Sendable, Codable {
  public var force: LinearForce
  public var coupling: Coupling
  /// T
  public var duration: Double

  public init(force: LinearForce, coupling: Coupling, duration: Double) {
    self.force = force
    self.coupling = coupling
    self.duration = duration
  }

  /// `A, B, A', B'` of the shape of `time`.
  public func coefficients(at time: Tensor) -> MotionCoefficients {
    let motion = force.coefficients(at: time)
    guard let (start, end) = boundary(dtype: time.dtype) else { return motion }
    // v_0 = (x_T - a_T x_0)/b_T.
    return MotionCoefficients(
      start: motion.start - motion.launch * (start / end), launch: motion.launch / end,
      startRate: motion.startRate - motion.launchRate * (start / end), launchRate: motion.launchRate / end)
  }

  /// `v_0` `[batch, d]` of data and noise `[batch, d]`.
  public func launchVelocity(_ data: Tensor, noise: Tensor) -> Tensor {
    guard let (start, end) = boundary(dtype: data.dtype) else { return noise }
    return (noise - start * data) / end
  }

  /// `a_T`, `b_T` where the coupling draws ends.
  private func boundary(dtype: DType) -> (Tensor, Tensor)? {
    if case .independent = coupling { return nil }
    let motion = force.coefficients(at: Tensor(duration, dtype: dtype))
    return (motion.start, motion.launch)
  }

  /// Standard deviation of `x_t` for data of deviation `dataScale`, of the shape of `time`.
  public func positionScale(at time: Tensor, dataScale: Double) -> Tensor {
    let path = coefficients(at: time)
    let noise = coupling.noiseScale
    return sqrt(square(path.start) * (dataScale * dataScale) + square(path.launch) * (noise * noise))
  }

  /// `(E[x_0|x_t], E[u|x_t])` of positions and velocities `[batch, d]`, if the velocities are those of the optimal predictor.
  public func expectations(_ position: Tensor, velocity: Tensor, at time: Tensor) -> (data: Tensor, noise: Tensor) {
    let start = coefficients(at: column(time)).inverted(at: Phase(position: position, momentum: velocity))
    return (start.position, start.momentum)
  }

  /// `∇log p_t(x) = -E[u|x_t]/(B τ²)`, `[batch, d]`, at times after 0.
  public func score(_ position: Tensor, velocity: Tensor, at time: Tensor) -> Tensor {
    let noise = expectations(position, velocity: velocity, at: time).noise
    return -1.0 * noise / (coefficients(at: column(time)).launch * (coupling.noiseScale * coupling.noiseScale))
  }
}
