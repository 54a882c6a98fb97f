import Autodiff
import Integrators
import Probability

/// Draws of an adaptive solve and what they cost.
public struct AdaptiveDraws: Sendable {
  /// `[count, d]`
  public let positions: Tensor
  /// Evaluations of the predictor on the whole batch.
  public let evaluations: Int
}

extension HamiltonianGenerativeFlow {
  /// `count` draws `[count, d]` by the Dormand-Prince pair of order 5 with steps as long as the tolerance allows, the same for the
  /// whole batch. Throws `SolveFailure` where a step cannot be made short enough.
  public func adaptiveSample(
    _ count: Int, tolerance: Double = 1e-5, context: Tensor? = nil, key: Key, dtype: DType = .float32
  ) throws -> AdaptiveDraws {
    let d = dimension
    let noise = process.terminal.distribution(dimension: d, dtype: dtype).sample(count, key: key)
    let program = compile(maximumTraces: 1) { (flow: Self, x: Tensor, time: Tensor) -> Tensor in
      flow.predictor.velocity(x, at: time.broadcast(to: [count]), context: context)
    }
    let flow = self
    let equation = VectorField { (x: [Double], time: Double) in
      program(flow, Tensor(x, shape: [count, d], dtype: dtype), Tensor(time, dtype: dtype)).doubles
    }
    let solution = try solve(
      equation, from: noise.doubles, at: process.duration, until: process.minimumTime, with: EmbeddedRungeKutta(.dormandPrince5),
      tolerance: Tolerance(relative: tolerance, absolute: tolerance), recording: .ends
    ).checked()
    return AdaptiveDraws(
      positions: Tensor(solution.final, shape: [count, d], dtype: dtype), evaluations: solution.statistics.evaluations)
  }
}
