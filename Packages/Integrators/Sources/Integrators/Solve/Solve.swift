/// Integrates from `start` until `end`, which may lie before it, with steps as large as the tolerance allows.
///
/// The solution says how it ended and holds everything computed up to there. States of fixed size allocate nothing per step
/// when only the ends are recorded.
///
///     let orbit = solve(arenstorf, from: start, until: 17.0652, with: EmbeddedRungeKutta(.dormandPrince8),
///                       tolerance: Tolerance(relative: 1e-9, absolute: 1e-9))
@inlinable
public func solve<Method: EmbeddedStepper>(
  _ system: Method.System, from initial: Method.State, at start: Method.Scalar = 0, until end: Method.Scalar,
  with method: Method, tolerance: Tolerance<Method.State>, control: StepControl = .proportionalIntegral,
  recording: Recording<Method.Scalar> = .steps, events: [Event<Method.State>] = []
) -> Solution<Method.State> {
  var observer = SolveObserver(from: initial, at: start, recording, events, degree: method.interpolantDegree)
  if let mistake = tolerance.mistake(for: initial) ?? control.mistake {
    return observer.solution(.invalid(mistake), SolveStatistics())
  }
  var policy = ErrorPolicy<Method>(
    control: control, absolute: tolerance.absolute.spread(over: initial), relative: tolerance.relative.spread(over: initial),
    errorOrder: method.errorOrder, count: Double(initial.coordinateCount))
  return advance(
    system, from: initial, at: start, until: end, with: method, &policy, maximumSteps: control.maximumSteps, &observer)
}

/// Integrates from `start` until `end`, which may lie before it, in steps of magnitude `stepSize`, the last one shorter.
@inlinable
public func solve<Method: DenseStepper>(
  _ system: Method.System, from initial: Method.State, at start: Method.Scalar = 0, until end: Method.Scalar,
  with method: Method, stepSize: Method.Scalar, maximumSteps: Int = Int.max,
  recording: Recording<Method.Scalar> = .steps, events: [Event<Method.State>] = []
) -> Solution<Method.State> {
  var observer = SolveObserver(from: initial, at: start, recording, events, degree: method.interpolantDegree)
  guard stepSize.isFinite, stepSize != 0 else { return observer.solution(.invalid(.stepSize), SolveStatistics()) }
  var policy = FixedPolicy<Method>(stepSize: abs(stepSize))
  return advance(system, from: initial, at: start, until: end, with: method, &policy, maximumSteps: maximumSteps, &observer)
}
