import Autodiff
import DifferentiableIntegrators
import Integrators
import NeuralNetworks

/// The way from data (time 0) to noise (time T): a force, the law of launch velocities, and where it ends.
public struct HamiltonianProcess: Sendable {
  public let dimension: Int
  public let force: any ForceField
  public let coupling: Coupling
  /// T
  public let duration: Double
  /// Where training starts and sampling ends; 0 unless the velocity is singular there.
  public let minimumTime: Double
  public let terminal: TerminalLaw
  /// Where the force is linear, the path in closed form.
  public let path: LinearPath?

  /// Of a linear force. The law at T is the normal law with the variance of data of deviation `dataScale`.
  public init(dimension: Int, _ path: LinearPath, dataScale: Double = 1, minimumTime: Double = 0) throws(ConfigurationError) {
    let end = path.positionScale(at: Tensor(path.duration, dtype: .float64), dataScale: dataScale).item()
    try self.init(
      dimension: dimension, force: path.force, coupling: path.coupling, duration: path.duration, minimumTime: minimumTime,
      terminal: .normal(scale: end), path: path)
    try path.validate(dataScale: dataScale, minimumTime: minimumTime)
  }

  /// In a box with walls, until positions are uniform.
  public init(
    _ box: ReflectionBox, velocityScale: Double = 1, duration: Double, minimumTime: Double = 0
  ) throws(ConfigurationError) {
    try self.init(
      dimension: box.lower.count, force: box, coupling: .independent(velocityScale: velocityScale), duration: duration,
      minimumTime: minimumTime, terminal: .uniform(lower: box.lower, upper: box.upper), path: nil)
  }

  /// On a torus, until positions are uniform.
  public init(
    _ box: PeriodicBox, velocityScale: Double = 1, duration: Double, minimumTime: Double = 0
  ) throws(ConfigurationError) {
    try self.init(
      dimension: box.lower.count, force: box, coupling: .independent(velocityScale: velocityScale), duration: duration,
      minimumTime: minimumTime, terminal: .uniform(lower: box.lower, upper: box.upper), path: nil)
  }

  /// Under a force of your own; you say which law its motion ends in.
  public init(
    dimension: Int, _ force: SimulatedForce, velocityScale: Double = 1, duration: Double, minimumTime: Double = 0,
    terminal: TerminalLaw
  ) throws(ConfigurationError) {
    try self.init(
      dimension: dimension, force: force, coupling: .independent(velocityScale: velocityScale), duration: duration,
      minimumTime: minimumTime, terminal: terminal, path: nil)
  }

  private init(
    dimension: Int, force: any ForceField, coupling: Coupling, duration: Double, minimumTime: Double, terminal: TerminalLaw,
    path: LinearPath?
  ) throws(ConfigurationError) {
    self.dimension = dimension
    self.force = force
    self.coupling = coupling
    self.duration = duration
    self.minimumTime = minimumTime
    self.terminal = terminal
    self.path = path
    try validate()
  }

  /// `(x_0, v_0)` for data `[batch, d]` and noise of `coupling.noise(for:key:)`.
  public func launch(_ data: Tensor, noise: Tensor) -> Phase<Tensor> {
    Phase(position: data, momentum: path?.launchVelocity(data, noise: noise) ?? noise)
  }

  /// `(x_0, v_0)` for data `[batch, d]`.
  public func launch(_ data: Tensor, key: Key) -> Phase<Tensor> { launch(data, noise: coupling.noise(for: data, key: key)) }

  func walkSettings(_ walker: inout some Walker) {
    walker.setting("dimension", dimension)
    walker.setting("force", force)
    walker.setting("coupling", coupling)
    walker.setting("duration", duration)
    walker.setting("minimumTime", minimumTime)
    walker.setting("terminal", terminal)
  }
}
