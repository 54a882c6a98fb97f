/// The first step by Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4: an explicit Euler step of about
/// 1 % of the state's own time scale measures the second derivative, and an error of 1 % of the tolerance fixes the step.
///
/// Magnitude only; one evaluation, in `storage.slopes[1]`.
@inlinable
func initialStep<System: DifferentialEquation>(
  _ system: System, _ storage: StepStorage<System.State>, at time: System.State.Scalar, direction: System.State.Scalar,
  span: System.State.Scalar, order: Int, absolute: System.State, relative: System.State
) -> System.State.Scalar where System.State: CoordinateSpace {
  typealias State = System.State
  let state = storage.state.pointee
  let count = Double(state.coordinateCount)
  func logNorm(_ vector: State) -> Double {
    let squared = State.squaredErrorRatio(vector, start: state, end: state, absolute: absolute, relative: relative)
    let mean = Double(squared) / count
    return mean > 0 && mean.isFinite ? roughLog2(mean) / 2 : -.infinity
  }
  let size = logNorm(state)
  let slope = logNorm(storage.slopes[0])
  let small = -16.6  // 1e-5
  let first = size < small || slope < small ? 1e-6 : 0.01 * roughExp2(size - slope)
  let trial = System.State.Scalar(Swift.min(first, Double(span)))
  storage.scratch.pointee.assign(state)
  storage.scratch.pointee.add(direction * trial, times: storage.slopes[0])
  system.evaluate(&storage.slopes[1], of: storage.scratch.pointee, at: time + direction * trial)
  storage.error.pointee.assign(storage.slopes[1])
  storage.error.pointee.add(-1, times: storage.slopes[0])
  let curvature = logNorm(storage.error.pointee) - roughLog2(Double(trial))
  let steepest = Swift.max(slope, curvature)
  let second =
    steepest < -49.8 ? Swift.max(1e-6, first * 1e-3) : roughExp2((-6.643856 - steepest) / Double(order + 1))
  return System.State.Scalar(Swift.min(100 * first, second, Double(span)))
}
