/// Which trajectory is in a lane, and the number of the step before which it must have ended.
@usableFromInline
struct LaneSeat {
  /// Meaningful while the lane is taken.
  @usableFromInline var trajectory = 0
  @usableFromInline var begun = 0
  @usableFromInline var deadline = Int.max

  @inlinable init() {}
}

extension LaneRun {
  /// Lanes that one `LaneControl` decides on.
  @inlinable @inline(__always) static var blockSize: Int { 8 }
  @inlinable @inline(__always) static var blockCount: Int { (Lanes.scalarCount + blockSize - 1) / blockSize }

  /// Runs until every trajectory has ended.
  @inlinable
  func advance() {
    let blocks = UnsafeMutablePointer<LaneControl>.allocate(capacity: Self.blockCount)
    blocks.initialize(repeating: LaneControl(), count: Self.blockCount)
    let seats = UnsafeMutablePointer<LaneSeat>.allocate(capacity: Lanes.scalarCount)
    seats.initialize(repeating: LaneSeat(), count: Lanes.scalarCount)
    defer {
      blocks.deallocate()
      seats.deallocate()
    }
    let rules = LaneRules(
      control, q: errorOrder + 1, end: Double(end), direction: Double(direction), roundOff: Double(Scalar.ulpOfOne) / 2)
    let stageCount = program.stageCount
    var (time, stepSize) = (Lanes(repeating: start), Lanes(repeating: 0))
    var attempts = 0
    var running = refill(blocks, seats, attempts)
    var deadline = firstDeadline(seats)
    while running > 0 {
      for block in 0..<Self.blockCount {
        choose(&blocks[block], rules)
        insert(blocks[block].time, block, into: &time)
        insert(rules.direction * blocks[block].taken, block, into: &stepSize)
      }
      propose(time, stepSize)
      var square = meanSquare(row: program.errorRow, stepSize)
      if program.errorCount > 1 {
        let coarse = meanSquare(row: program.errorRow + 1, stepSize)
        // Where both are zero the estimate is zero.
        square = square * square / (square + 0.01 * coarse + Scalar.leastNormalMagnitude)
      }
      attempts += 1
      var needsCare = attempts >= deadline
      for block in 0..<Self.blockCount {
        if judge(&blocks[block], reals(square, block), rules) { needsCare = true }
      }
      if needsCare { running -= leave(blocks, seats, attempts) }
      for block in 0..<Self.blockCount where !all(blocks[block].accepted) { keepRejected(blocks[block].accepted, block) }
      let slopeAtEnd = slope(stageCount)
      for index in 0..<width {
        state[index] = candidate[index]
        slope(0)[index] = slopeAtEnd[index]
      }
      if needsCare {
        running += refill(blocks, seats, attempts)
        deadline = firstDeadline(seats)
      }
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

  @inlinable @inline(__always)
  func reals(_ lanes: Lanes, _ block: Int) -> SIMD8<Double> {
    if Lanes.self == SIMD8<Double>.self { return unsafeBitCast(lanes, to: SIMD8<Double>.self) }
    if Lanes.self == SIMD16<Double>.self {
      let halves = unsafeBitCast(lanes, to: SIMD16<Double>.self)
      return block == 0 ? halves.lowHalf : halves.highHalf
    }
    var result = SIMD8<Double>(repeating: 0)
    let first = block * Self.blockSize
    for lane in first..<Swift.min(first + Self.blockSize, Lanes.scalarCount) { result[lane - first] = Double(lanes[lane]) }
    return result
  }

  @inlinable @inline(__always)
  func insert(_ reals: SIMD8<Double>, _ block: Int, into lanes: inout Lanes) {
    if Lanes.self == SIMD8<Double>.self {
      lanes = unsafeBitCast(reals, to: Lanes.self)
      return
    }
    if Lanes.self == SIMD16<Double>.self {
      var halves = unsafeBitCast(lanes, to: SIMD16<Double>.self)
      if block == 0 { halves.lowHalf = reals } else { halves.highHalf = reals }
      lanes = unsafeBitCast(halves, to: Lanes.self)
      return
    }
    let first = block * Self.blockSize
    for lane in first..<Swift.min(first + Self.blockSize, Lanes.scalarCount) { lanes[lane] = Scalar(reals[lane - first]) }
  }

  @inlinable
  func firstDeadline(_ seats: UnsafeMutablePointer<LaneSeat>) -> Int {
    (0..<Lanes.scalarCount).reduce(Int.max) { Swift.min($0, seats[$1].deadline) }
  }

  /// Gives the lanes that were not accepted their old state and slope back.
  @inlinable @inline(__always)
  func keepRejected(_ accepted: LaneControl.Mask, _ block: Int) {
    let first = block * Self.blockSize
    let slopeAtEnd = slope(program.stageCount)
    for lane in first..<Swift.min(first + Self.blockSize, Lanes.scalarCount) where !accepted[lane - first] {
      for index in 0..<width {
        candidate[index][lane] = state[index][lane]
        slopeAtEnd[index][lane] = slope(0)[index][lane]
      }
    }
  }
}
