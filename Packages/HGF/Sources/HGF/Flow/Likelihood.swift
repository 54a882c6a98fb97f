import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

/// dx/dt = V(x, t) as an equation, with a context that stays the same.
public struct VelocityEquation<Predictor: VelocityPredictor>: TensorEquation {
  public var predictor: Predictor
  /// `[batch, features]`
  public var context: Tensor?

  public init(_ predictor: Predictor, context: Tensor? = nil) {
    self.predictor = predictor
    self.context = context
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("predictor", &predictor)
    walker.child("context", &context)
  }

  public func derivative(_ position: Tensor, at time: Tensor) -> Tensor {
    predictor.velocity(position, at: time.broadcast(to: [position.shape[0]]), context: context)
  }
}

extension HamiltonianGenerativeFlow {
  /// `log p(x) = log p_T(x_T) + ∫ div V dt` along dx/dt = V from data `[batch, d]`, `[batch]` in nats, by `steps` of the classical
  /// Runge-Kutta method; differentiable in data and predictor.
  ///
  /// Exact divergences cost d passes, Hutchinson's estimate one for each probe.
  public func logDensity(
    _ x: Tensor, context: Tensor? = nil, steps: Int = 100, divergence: DivergenceEstimator = .exact
  ) -> Tensor {
    let scalar = { (time: Double) in Tensor(time, dtype: x.dtype) }
    let end = integrate(
      DensityTransport(VelocityEquation(predictor, context: context), divergence: divergence), from: DensityState(point: x),
      over: TimeGrid(from: scalar(process.minimumTime), to: scalar(process.duration), steps: steps),
      with: .checkpointed(ExplicitRungeKutta(.rungeKutta4)))
    return process.terminal.distribution(dimension: dimension, dtype: x.dtype).logDensity(end.point) - end.logDensity
  }
}
