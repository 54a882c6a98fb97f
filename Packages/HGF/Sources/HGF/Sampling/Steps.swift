import Autodiff
import DifferentiableIntegrators
import Integrators

extension Sampler.Method {
  /// Positions `[batch, d]` at time `end` of those at `start` (both `[]`) along dx/dt = V.
  func stepped(
    _ x: Tensor, from start: Tensor, to end: Tensor, process: HamiltonianProcess, velocity: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    if let tableau {
      // A clock that runs from 0 to 1, so that the step may be a tensor.
      let equation = VectorField { (x: Tensor, clock: Double) in (end - start) * velocity(x, start + clock * (end - start)) }
      return integrate(equation, from: x, stepSize: 1, steps: 1, with: ExplicitRungeKutta(tableau))
    }
    let rows = { (time: Tensor) in time.broadcast(to: [x.shape[0]]) }
    let slope = velocity(x, start)
    let point = Phase(position: x, momentum: slope)
    guard self == .exactMidpoint, let force = process.path?.force else {
      return process.force.carried(point, from: rows(start), to: rows(end)).position
    }
    let half = 0.5 * (start + end)
    let middle = process.force.carried(point, from: rows(start), to: rows(half)).position
    // The motion through x at `start` that has the predicted velocity at half time.
    let aim = velocity(middle, half)
    let (first, second) = (force.coefficients(at: start), force.coefficients(at: half))
    let scale = 1.0 / first.determinant
    let positionWeight = scale * (second.startRate * first.launchRate - second.launchRate * first.startRate)
    let velocityWeight = scale * (second.launchRate * first.start - second.startRate * first.launch)
    let launch = Phase(position: x, momentum: (aim - positionWeight * x) / velocityWeight)
    return process.force.carried(launch, from: rows(start), to: rows(end)).position
  }
}
