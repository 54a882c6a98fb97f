/// The loop over steps, the same for every method and policy.
@inlinable
func advance<Method: DenseStepper, Policy: StepPolicy>(
  _ system: Method.System, from initial: Method.State, at start: Method.Scalar, until end: Method.Scalar,
  with method: Method, _ policy: inout Policy, maximumSteps: Int, _ observer: inout SolveObserver<Method.State>
) -> Solution<Method.State> where Policy.Method == Method {
  typealias Scalar = Method.Scalar
  var statistics = SolveStatistics()
  guard start.isFinite, end.isFinite else { return observer.solution(.invalid(.span), statistics) }
  if let coordinate = initial.firstNotFinite {
    return observer.solution(.notFinite(at: start, coordinate: coordinate), statistics)
  }
  // Two slopes are the least that the choice of the first step needs.
  let storage = StepStorage(like: initial, slopes: Swift.max(method.slopeCount, 2))
  var workspace = method.makeWorkspace(like: initial)
  system.evaluate(&storage.slopes[0], of: initial, at: start)
  statistics.evaluations &+= 1
  let (expected, found) = (initial.coordinateCount, storage.slopes[0].coordinateCount)
  guard expected == found else {
    return observer.solution(.invalid(.derivativeSize(expected: expected, found: found)), statistics)
  }
  if let coordinate = storage.slopes[0].firstNotFinite {
    return observer.solution(.notFinite(at: start, coordinate: coordinate), statistics)
  }
  guard start != end else { return observer.solution(.finished, statistics) }

  let direction: Scalar = end > start ? 1 : -1
  let span = abs(end - start)
  let observes = observer.looksInsideSteps || observer.recordsSteps
  let maximumStep = policy.maximumStep
  var time = start
  var magnitude = policy.firstStep(method, system, storage, at: start, direction: direction, span: span, &statistics)
  magnitude = Swift.max(Swift.min(magnitude, maximumStep), policy.minimumStep)
  var attempts = 0
  var failures = 0
  while true {
    if attempts == maximumSteps {
      return observer.solution(.maximumSteps(maximumSteps, at: time), statistics, storage.state.pointee, at: time)
    }
    attempts += 1
    let remaining = abs(end - time)
    // A remainder of up to 1 % of a step is not worth a step of its own; fixed steps leave only round-off.
    let isLast = magnitude * (policy.adapts ? 1.01 : 1.000_001) >= remaining
    let taken = isLast ? remaining : magnitude
    let stepSize = direction * taken
    let target = isLast ? end : time + stepSize
    if target == time || (!isLast && taken < policy.minimumStep) {
      return observer.solution(.stepUnderflow(at: time), statistics, storage.state.pointee, at: time)
    }
    let solved = method.attempt(storage, &workspace, system, at: time, by: stepSize, &statistics)
    let verdict = solved ? policy.judge(method, storage, by: stepSize) : .reject(factor: 0.25)
    switch verdict {
    case .accept(let factor):
      statistics.acceptedSteps &+= 1
      failures = 0
      // The last step is shortened: its full length is what the one after an event should remember.
      let full = isLast ? Swift.max(taken, magnitude) : taken
      magnitude = Swift.min(full * factor, maximumStep)
      if observes {
        method.finish(storage, system, at: target, &statistics)
        switch observer.observe(method, storage, &workspace, system, from: time, to: target, by: stepSize, &statistics) {
        case .goOn: break
        case .end(let status): return observer.solution(status, statistics)
        case .restart(let moment, let longest):
          // The state was replaced at `moment`; nothing known of the slope or of past errors holds.
          if moment == end { return observer.solution(.finished, statistics, storage.state.pointee, at: end) }
          time = moment
          magnitude = Swift.min(full, longest)
          policy.forget()
          method.forget(&workspace)
          system.evaluate(&storage.slopes[0], of: storage.state.pointee, at: time)
          statistics.evaluations &+= 1
          if let coordinate = storage.slopes[0].firstNotFinite ?? storage.state.pointee.firstNotFinite {
            return observer.solution(.notFinite(at: time, coordinate: coordinate), statistics, storage.state.pointee, at: time)
          }
          continue
        }
      } else if !isLast {
        method.finish(storage, system, at: target, &statistics)
      }
      method.advance(storage, &workspace)
      time = target
      if isLast { return observer.solution(.finished, statistics, storage.state.pointee, at: time) }
    case .reject(let factor):
      statistics.rejectedSteps &+= 1
      guard policy.adapts else {
        return observer.solution(.notConverged(at: time), statistics, storage.state.pointee, at: time)
      }
      magnitude = taken * factor
      if magnitude < policy.minimumStep || time + direction * magnitude == time {
        let status: SolveStatus<Scalar> = solved ? .stepUnderflow(at: time) : .notConverged(at: time)
        return observer.solution(status, statistics, storage.state.pointee, at: time)
      }
    case .notFinite:
      statistics.rejectedSteps &+= 1
      failures += 1
      magnitude = taken / 8
      if !policy.adapts || failures == 20 || magnitude < policy.minimumStep || time + direction * magnitude == time {
        let slopes = (0..<method.slopeCount).lazy.compactMap { storage.slopes[$0].firstNotFinite }.first
        let coordinate = slopes ?? storage.candidate.pointee.firstNotFinite ?? 0
        return observer.solution(
          .notFinite(at: time, coordinate: coordinate), statistics, storage.state.pointee, at: time)
      }
    }
  }
}
