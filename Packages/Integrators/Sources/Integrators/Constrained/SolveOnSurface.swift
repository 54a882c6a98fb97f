/// Moves a constrained system from `start` until `end`, which may lie before it, in steps of magnitude `stepSize`, the last one
/// shorter, and keeps every `stride`-th state and the last one.
///
/// Ends with `notConverged` before a step for which no multipliers are found, and with `notFinite` where the force is not; the
/// states up to there are kept. Evaluations are those of the force.
@inlinable
public func solve<System: ConstrainedHamiltonian>(
  _ system: System, from initial: Phase<System.Q>, at start: System.Q.Scalar = 0, until end: System.Q.Scalar,
  with method: Rattle<System>, stepSize: System.Q.Scalar, every stride: Int = 1
) -> Solution<Phase<System.Q>> {
  typealias Scalar = System.Q.Scalar
  requireStride(stride)
  var statistics = SolveStatistics()
  var recorded = Trajectory(state: initial, time: start)
  func ended(_ status: SolveStatus<Scalar>) -> Solution<Phase<System.Q>> {
    Solution(status: status, statistics: statistics, trajectory: recorded)
  }
  guard start.isFinite, end.isFinite else { return ended(.invalid(.span)) }
  guard stepSize.isFinite, stepSize != 0 else { return ended(.invalid(.stepSize)) }
  if let coordinate = initial.firstNotFinite { return ended(.notFinite(at: start, coordinate: coordinate)) }
  guard start != end else { return ended(.finished) }
  statistics.evaluations = 1
  let first = system.force(initial.position)
  let (expected, found) = (initial.position.coordinateCount, first.coordinateCount)
  guard expected == found else { return ended(.invalid(.derivativeSize(expected: expected, found: found))) }
  let (span, magnitude) = (abs(end - start), abs(stepSize))
  let signed = end > start ? magnitude : -magnitude
  var force: System.Q? = first
  var state = initial
  var time = start
  var taken = 0
  while time != end {
    let reached = Scalar(taken + 1) * magnitude
    // Round-off must not leave a remainder that is no step.
    let target = reached * 1.000_001 >= span ? end : start + Scalar(taken + 1) * signed
    guard target != time else { return ended(.stepUnderflow(at: time)) }
    var next = state
    let isFound = method.move(&next, &force, of: system, by: target - time)
    statistics.evaluations += 1
    guard isFound, next.firstNotFinite == nil else {
      if recorded.times[recorded.count - 1] != time { recorded.append(state, at: time) }
      statistics.rejectedSteps += 1
      let broken = system.force(state.position).firstNotFinite
      return ended(broken.map { .notFinite(at: time, coordinate: $0) } ?? .notConverged(at: time))
    }
    (state, time) = (next, target)
    taken += 1
    statistics.acceptedSteps += 1
    if taken % stride == 0 || time == end { recorded.append(state, at: time) }
  }
  return ended(.finished)
}
