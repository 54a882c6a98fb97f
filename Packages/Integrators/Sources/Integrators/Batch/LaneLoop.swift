/// One trajectory's place in a vector.
@usableFromInline
struct Lane<Scalar: RealScalar> {
  /// Which trajectory, or −1 when none is left.
  @usableFromInline var trajectory = -1
  @usableFromInline var history: StepHistory
  @usableFromInline var magnitude: Scalar = 0
  @usableFromInline var isLast = false
  @usableFromInline var failures = 0
  @usableFromInline var accepted = 0
  @usableFromInline var rejected = 0

  @inlinable
  init(_ history: StepHistory) { self.history = history }

  @inlinable @inline(__always) var isTaken: Bool { trajectory >= 0 }
}

/// A vector in memory, whose lanes are read and written one by one without moving the others.
@usableFromInline
struct LaneMemory<Lanes: SIMD> {
  @usableFromInline let vector: UnsafeMutablePointer<Lanes>
  @usableFromInline let lanes: UnsafeMutablePointer<Lanes.Scalar>

  /// Deallocated by whoever made it.
  @inlinable
  init(_ value: Lanes.Scalar) {
    vector = .allocate(capacity: 1)
    vector.initialize(to: Lanes(repeating: value))
    lanes = UnsafeMutableRawPointer(vector).assumingMemoryBound(to: Lanes.Scalar.self)
  }
}

extension LaneRun {
  /// Runs until every trajectory has ended.
  @inlinable
  func advance() {
    let count = Lanes.scalarCount
    let places = UnsafeMutablePointer<Lane<Scalar>>.allocate(capacity: count)
    places.initialize(repeating: Lane(StepHistory(control, q: errorOrder + 1)), count: count)
    let (time, stepSize, target) = (LaneMemory<Lanes>(start), LaneMemory<Lanes>(0), LaneMemory<Lanes>(start))
    let (square, coarse) = (LaneMemory<Lanes>(0), LaneMemory<Lanes>(0))
    defer {
      places.deallocate()
      for memory in [time, stepSize, target, square, coarse] { memory.vector.deallocate() }
    }
    let (control, stageCount) = (control, program.stageCount)
    var running = refill(places, time)
    while running > 0 {
      for lane in 0..<count where places[lane].isTaken {
        let magnitude = places[lane].magnitude
        let remaining = abs(end - time.lanes[lane])
        let isLast = 1.01 * magnitude >= remaining
        places[lane].isLast = isLast
        stepSize.lanes[lane] = direction * (isLast ? remaining : magnitude)
        target.lanes[lane] = isLast ? end : time.lanes[lane] + stepSize.lanes[lane]
      }
      propose(time.vector.pointee, stepSize.vector.pointee)
      square.vector.pointee = meanSquare(row: program.errorRow, stepSize.vector.pointee)
      if program.errorCount > 1 {
        coarse.vector.pointee = meanSquare(row: program.errorRow + 1, stepSize.vector.pointee)
        for lane in 0..<count where square.lanes[lane] != 0 {
          let fine = square.lanes[lane]
          square.lanes[lane] = fine * fine / (fine + coarse.lanes[lane] / 100)
        }
      }
      var left = 0
      for lane in 0..<count where places[lane].isTaken {
        let place = places + lane
        if square.lanes[lane] <= 1 {
          let factor = place.pointee.history.factorAfterAccepting(Double(square.lanes[lane]), control)
          place.pointee.accepted &+= 1
          time.lanes[lane] = target.lanes[lane]
          if place.pointee.isLast {
            leave(&place.pointee, lane, candidate, .finished, at: end)
            left += 1
          } else {
            if factor != 1 { place.pointee.magnitude = bounded(place.pointee.magnitude * Scalar(factor)) }
            if place.pointee.accepted &+ place.pointee.rejected >= control.maximumSteps {
              let status = SolveStatus<Scalar>.maximumSteps(control.maximumSteps, at: time.lanes[lane])
              leave(&place.pointee, lane, candidate, status, at: time.lanes[lane])
              left += 1
            }
          }
        } else {
          let status = retry(
            &place.pointee, lane, square.lanes[lane], abs(stepSize.lanes[lane]), time.lanes[lane])
          keep(lane)
          if let status {
            leave(&place.pointee, lane, state, status, at: time.lanes[lane])
            left += 1
          }
        }
      }
      let slopeAtEnd = slope(stageCount)
      for index in 0..<width {
        state[index] = candidate[index]
        slope(0)[index] = slopeAtEnd[index]
      }
      if left > 0 { running += refill(places, time) - left }
    }
  }

  /// The candidate of every lane and the slope there.
  @inlinable @inline(__always)
  func propose(_ time: Lanes, _ stepSize: Lanes) {
    for stage in 1..<Swift.max(program.stageCount, 1) {
      combine(row: stage - 1, stepSize, into: scratch)
      evaluate(slope(stage), of: scratch, at: time + program.nodes[stage] * stepSize)
    }
    combine(row: program.weightsRow, stepSize, into: candidate)
    evaluate(slope(program.stageCount), of: candidate, at: time + stepSize)
  }

  @inlinable
  func bounded(_ magnitude: Scalar) -> Scalar {
    Swift.max(Swift.min(magnitude, Scalar(control.maximumStep)), Scalar(control.minimumStep))
  }

  /// Gives a lane's old state and slope back to its candidate.
  @inlinable
  func keep(_ lane: Int) {
    for index in 0..<width {
      candidate[index][lane] = state[index][lane]
      slope(program.stageCount)[index][lane] = slope(0)[index][lane]
    }
  }

  /// Shortens the step of a lane; the status with which it ends if that cannot help.
  @inlinable
  func retry(
    _ place: inout Lane<Scalar>, _ lane: Int, _ square: Scalar, _ tried: Scalar, _ time: Scalar
  ) -> SolveStatus<Scalar>? {
    place.rejected &+= 1
    if square.isFinite {
      place.failures = 0
      place.magnitude = tried * Scalar(place.history.factorAfterRejecting(Double(square), control))
    } else {
      place.magnitude = tried / 8
      place.failures += 1
    }
    let isTooSmall = place.magnitude < Scalar(control.minimumStep) || time + direction * place.magnitude == time
    if !square.isFinite && (isTooSmall || place.failures == 20) {
      let coordinate = (0..<width).first { index in
        (0...program.stageCount).contains { !slope($0)[index][lane].isFinite }
      }
      return .notFinite(at: time, coordinate: coordinate ?? 0)
    }
    if isTooSmall { return .stepUnderflow(at: time) }
    return place.accepted + place.rejected >= control.maximumSteps ? .maximumSteps(control.maximumSteps, at: time) : nil
  }

  /// Writes down how the trajectory in a lane ended, and empties the lane.
  @inlinable
  func leave(
    _ place: inout Lane<Scalar>, _ lane: Int, _ source: UnsafeMutablePointer<Lanes>, _ status: SolveStatus<Scalar>,
    at time: Scalar
  ) {
    let trajectory = place.trajectory
    for index in 0..<width { final[trajectory * width + index] = source[index][lane] }
    finalTimes[trajectory] = time
    statuses[trajectory] = status
    statistics[trajectory].acceptedSteps = place.accepted
    statistics[trajectory].rejectedSteps = place.rejected
    statistics[trajectory].evaluations = 2 + (place.accepted + place.rejected) * program.stageCount
    place.trajectory = -1
  }

  /// Puts trajectories that have not begun into empty lanes, with their first slopes and steps; returns how many.
  @inlinable
  func refill(_ places: UnsafeMutablePointer<Lane<Scalar>>, _ time: LaneMemory<Lanes>) -> Int {
    var fresh: [Int] = []
    for lane in 0..<Lanes.scalarCount where !places[lane].isTaken && next < statuses.count {
      places[lane] = Lane(StepHistory(control, q: errorOrder + 1))
      places[lane].trajectory = next
      for index in 0..<width { state[index][lane] = final[next * width + index] }
      time.lanes[lane] = start
      next += 1
      fresh.append(lane)
    }
    guard !fresh.isEmpty else { return 0 }
    // Lanes on their way get the slope that they have: the same state gives the same bits.
    evaluate(slope(0), of: state, at: time.vector.pointee)
    firstSteps(places, fresh, time.vector.pointee)
    var running = fresh.count
    for lane in fresh {
      let broken = (0..<width).first { !state[$0][lane].isFinite || !slope(0)[$0][lane].isFinite }
      guard let broken else { continue }
      leave(&places[lane], lane, state, .notFinite(at: start, coordinate: broken), at: start)
      running -= 1
    }
    return running == fresh.count ? running : running + refill(places, time)
  }

  /// Hairer's first step (see `initialStep`) for the lanes that have just begun.
  @inlinable
  func firstSteps(_ places: UnsafeMutablePointer<Lane<Scalar>>, _ fresh: [Int], _ time: Lanes) {
    let span = Double(abs(end - start))
    func norm(_ lane: Int, _ value: (Int) -> Scalar) -> Double {
      var total = 0.0
      for index in 0..<width {
        let ratio = Double(value(index) / (absolute + relative * abs(state[index][lane])))
        total += ratio * ratio
      }
      let mean = total / Double(width)
      return mean > 0 && mean.isFinite ? roughLog2(mean) / 2 : -.infinity
    }
    var trial = Lanes(repeating: 0)
    for lane in fresh {
      let guess = FirstStep.guess(size: norm(lane) { state[$0][lane] }, slope: norm(lane) { slope(0)[$0][lane] })
      trial[lane] = Scalar(Swift.min(guess, span))
    }
    for index in 0..<width { scratch[index] = state[index] + direction * trial * slope(0)[index] }
    evaluate(slope(1), of: scratch, at: time + direction * trial)
    for lane in fresh {
      let step = FirstStep.refined(
        Double(trial[lane]), slope: norm(lane) { slope(0)[$0][lane] },
        change: norm(lane) { slope(1)[$0][lane] - slope(0)[$0][lane] }, order: errorOrder)
      places[lane].magnitude = bounded(Scalar(control.initialStep ?? Swift.min(step, span)))
    }
  }
}
