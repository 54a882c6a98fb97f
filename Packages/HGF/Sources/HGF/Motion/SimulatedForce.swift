import Autodiff
import DifferentiableIntegrators
import Integrators

/// A force of your own, whose motion is simulated by the classical Runge-Kutta method.
///
///     let quartic = SimulatedForce(steps: 50) { x, t in -4.0 * x * square(x) }
///
/// Equal only to itself and its copies: two forces made from one closure differ.
public struct SimulatedForce: ForceField {
  /// `F(x, t)` of positions `[batch, d]` and times `[batch, 1]`.
  public typealias Force = @Sendable (Tensor, Tensor) -> Tensor

  private final class Identity: Sendable {}

  public let steps: Int
  /// The force.
  public let force: Force
  private let identity = Identity()

  public init(steps: Int, force: @escaping Force) {
    require(steps > 0, "SimulatedForce: \(steps) steps; give at least 1")
    self.steps = steps
    self.force = force
  }

  public func carried(_ point: Phase<Tensor>, from start: Tensor, to end: Tensor) -> Phase<Tensor> {
    // Every row has a time of its own: its clock runs from 0 to 1.
    let (start, span) = (column(start), column(end - start))
    let motion = VectorField { (point: Phase<Tensor>, clock: Double) in
      Phase(position: span * point.momentum, momentum: span * force(point.position, start + clock * span))
    }
    return integrate(motion, from: point, stepSize: 1 / Double(steps), steps: steps, with: ExplicitRungeKutta(.rungeKutta4))
  }

  public static func == (a: Self, b: Self) -> Bool { a.identity === b.identity }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(identity)) }
}
