extension LaneRun {
  /// Empties the lanes whose trajectories have ended, and writes down how they did; returns how many.
  @inlinable
  func leave(_ blocks: UnsafeMutablePointer<LaneControl>, _ seats: UnsafeMutablePointer<LaneSeat>, _ attempts: Int) -> Int {
    var left = 0
    for lane in 0..<Lanes.scalarCount {
      let (block, place) = (blocks + lane / Self.blockSize, lane % Self.blockSize)
      guard block.pointee.isTaken[place] else { continue }
      let status = ending(block.pointee, place, lane, isOver: attempts >= seats[lane].deadline)
      guard let status else { continue }
      let trajectory = seats[lane].trajectory
      let source = block.pointee.accepted[place] ? candidate : state
      for index in 0..<width { final[trajectory * width + index] = source[index][lane] }
      finalTimes[trajectory] = status == .finished ? end : Scalar(block.pointee.time[place])
      statuses[trajectory] = status
      let tried = attempts - seats[lane].begun
      let rejected = Int(block.pointee.rejections[place])
      statistics[trajectory].acceptedSteps = tried - rejected
      statistics[trajectory].rejectedSteps = rejected
      statistics[trajectory].evaluations = 2 + tried * program.stageCount
      block.pointee.isTaken[place] = false
      seats[lane].deadline = .max
      left += 1
    }
    return left
  }

  /// How the trajectory in a lane ends with this step, or nil if it goes on.
  @inlinable
  func ending(_ block: LaneControl, _ place: Int, _ lane: Int, isOver: Bool) -> SolveStatus<Scalar>? {
    let time = Scalar(block.time[place])
    if block.accepted[place] {
      if block.isLast[place] { return .finished }
    } else if block.isBroken[place] && (block.isTooSmall[place] || block.failures[place] == 20) {
      let coordinate = (0..<width).first { index in
        (0...program.stageCount).contains { !slope($0)[index][lane].isFinite }
      }
      return .notFinite(at: time, coordinate: coordinate ?? 0)
    } else if block.isTooSmall[place] {
      return .stepUnderflow(at: time)
    }
    return isOver ? .maximumSteps(control.maximumSteps, at: time) : nil
  }

  /// Puts trajectories that have not begun into empty lanes, with their first slopes and steps; returns how many.
  @inlinable
  func refill(_ blocks: UnsafeMutablePointer<LaneControl>, _ seats: UnsafeMutablePointer<LaneSeat>, _ attempts: Int) -> Int {
    var running = 0
    while next < statuses.count {
      var fresh: [Int] = []
      for lane in 0..<Lanes.scalarCount where next < statuses.count {
        let (block, place) = (blocks + lane / Self.blockSize, lane % Self.blockSize)
        guard !block.pointee.isTaken[place] else { continue }
        for index in 0..<width { state[index][lane] = final[next * width + index] }
        block.pointee.begin(place, at: Double(start), largestFactor: control.largestFactor)
        let deadline = attempts.addingReportingOverflow(control.maximumSteps)
        seats[lane].trajectory = next
        seats[lane].begun = attempts
        seats[lane].deadline = deadline.overflow ? .max : deadline.partialValue
        next += 1
        fresh.append(lane)
      }
      if fresh.isEmpty { break }
      var time = Lanes(repeating: start)
      for block in 0..<Self.blockCount { insert(blocks[block].time, block, into: &time) }
      // Lanes on their way get the slope that they have: the same state gives the same bits.
      evaluate(slope(0), of: state, at: time)
      firstSteps(blocks, fresh, time)
      running += fresh.count
      for lane in fresh {
        let broken = (0..<width).first { !state[$0][lane].isFinite || !slope(0)[$0][lane].isFinite }
        guard let broken else { continue }
        statuses[seats[lane].trajectory] = .notFinite(at: start, coordinate: broken)
        statistics[seats[lane].trajectory].evaluations = 1
        blocks[lane / Self.blockSize].isTaken[lane % Self.blockSize] = false
        seats[lane].deadline = .max
        running -= 1
      }
    }
    return running
  }

  /// Hairer's first step (see `initialStep`) for the lanes that have just begun.
  @inlinable
  func firstSteps(_ blocks: UnsafeMutablePointer<LaneControl>, _ fresh: [Int], _ time: Lanes) {
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
      let refined = FirstStep.refined(
        Double(trial[lane]), slope: norm(lane) { slope(0)[$0][lane] },
        change: norm(lane) { slope(1)[$0][lane] - slope(0)[$0][lane] }, order: errorOrder)
      let step = control.initialStep ?? Swift.min(refined, span)
      blocks[lane / Self.blockSize].magnitude[lane % Self.blockSize] =
        Swift.max(Swift.min(step, control.maximumStep), control.minimumStep)
    }
  }
}
