/// The first step by Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4: an explicit Euler step of about
/// 1 % of the state's own time scale measures the second derivative, and an error of 1 % of the tolerance fixes the step.
///
/// Norms are binary logarithms of RMS norms in units of the tolerance.
@usableFromInline
enum FirstStep {
  /// The Euler step.
  @inlinable
  static func guess(size: Double, slope: Double) -> Double {
    let small = -16.6  // 1e-5
    return size < small || slope < small ? 1e-6 : 0.01 * roughExp2(size - slope)
  }

  /// The step, from the `change` of the slope over the Euler step.
  @inlinable
  static func refined(_ guess: Double, slope: Double, change: Double, order: Int) -> Double {
    let steepest = Swift.max(slope, change - roughLog2(guess))
    let second =
      steepest < -49.8 ? Swift.max(1e-6, guess * 1e-3) : roughExp2((-6.643856 - steepest) / Double(order + 1))
    return Swift.min(100 * guess, second)
  }
}

/// The magnitude of the first step; one evaluation, in `storage.slopes[1]`.
@inlinable
func initialStep<System: DifferentialEquation>(
  _ system: System, _ storage: StepStorage<System.State>, at time: System.State.Scalar, direction: System.State.Scalar,
  span: System.State.Scalar, order: Int, absolute: System.State, relative: System.State
) -> System.State.Scalar where System.State: CoordinateSpace {
  typealias State = System.State
  let state = storage.state.pointee
  let count = Double(state.coordinateCount)
  func norm(_ vector: State) -> Double {
    let squared = State.squaredErrorRatio(vector, start: state, end: state, absolute: absolute, relative: relative)
    let mean = Double(squared) / count
    return mean > 0 && mean.isFinite ? roughLog2(mean) / 2 : -.infinity
  }
  let slope = norm(storage.slopes[0])
  let trial = State.Scalar(Swift.min(FirstStep.guess(size: norm(state), slope: slope), Double(span)))
  storage.scratch.pointee.assign(state)
  storage.scratch.pointee.add(direction * trial, times: storage.slopes[0])
  system.evaluate(&storage.slopes[1], of: storage.scratch.pointee, at: time + direction * trial)
  storage.error.pointee.assign(storage.slopes[1])
  storage.error.pointee.add(-1, times: storage.slopes[0])
  let step = FirstStep.refined(Double(trial), slope: slope, change: norm(storage.error.pointee), order: order)
  return State.Scalar(Swift.min(step, Double(span)))
}
