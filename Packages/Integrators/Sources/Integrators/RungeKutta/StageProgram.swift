/// The rows of a tableau in memory of their own, rounded once to the scalar of the state: what the loop over stages reads.
@usableFromInline
final class StageProgram<Scalar: RealScalar>: @unchecked Sendable {
  /// The slope at the start of the step, and a run of later ones: published rows leave out the slopes between.
  @usableFromInline
  struct Row {
    /// Coefficient of the first slope.
    @usableFromInline let first: Scalar
    @usableFromInline let run: Range<Int>
    /// Coefficients of the run.
    @usableFromInline let coefficients: UnsafeMutablePointer<Scalar>

    @inlinable
    init(_ row: [Double]) {
      first = Scalar(row.first ?? 0)
      let start = row.indices.first { $0 > 0 && row[$0] != 0 } ?? 1
      let end = (row.lastIndex { $0 != 0 } ?? 0) + 1
      run = start..<Swift.max(start, end)
      coefficients = .allocate(capacity: run.count + 1)
      for index in run { (coefficients + index - start).initialize(to: Scalar(row[index])) }
    }
  }

  @usableFromInline let rows: UnsafeMutablePointer<Row>
  @usableFromInline let rowCount: Int
  @usableFromInline let nodes: UnsafeMutablePointer<Scalar>
  @usableFromInline let stageCount: Int
  @usableFromInline let extraCount: Int
  @usableFromInline let errorCount: Int
  @usableFromInline let errorUsesEndSlope: Bool
  /// Degree in θ of the interpolant: 3 for cubic Hermite.
  @usableFromInline let degree: Int
  @usableFromInline let interpolates: Bool
  /// The same rows with their zeros, for methods of few stages, whose steps are run without loops; else nil.
  @usableFromInline let ladder: UnsafeMutablePointer<Scalar>?

  // Rows in order: stages 1..., weights, errors, extra stages, then one for each power of θ.
  @inlinable var weightsRow: Int { stageCount - 1 }
  @inlinable var errorRow: Int { stageCount }
  @inlinable var extraRow: Int { stageCount + errorCount }
  @inlinable var powerRow: Int { stageCount + errorCount + extraCount }
  /// Slopes: the stages', the one at the end of the step, the extra stages'.
  @inlinable var slopeCount: Int { stageCount + 1 + extraCount }

  /// Stored once, never changed: safe to share.
  @inlinable
  init(_ tableau: ExplicitTableau, errors: [[Double]] = []) {
    let interpolant = tableau.interpolant
    stageCount = tableau.stageCount
    extraCount = interpolant?.nodes.count ?? 0
    errorCount = errors.count
    errorUsesEndSlope = errors.contains { $0.count > tableau.stageCount }
    interpolates = interpolant != nil
    degree = interpolant?.polynomials.reduce(0) { Swift.max($0, $1.count) } ?? 3
    var rows = tableau.stages + [tableau.weights] + errors
    if let interpolant {
      rows += interpolant.stages
      for power in 0..<degree { rows.append(interpolant.polynomials.map { power < $0.count ? $0[power] : 0 }) }
    }
    let times = tableau.nodes + [1] + (interpolant?.nodes ?? [])
    nodes = .allocate(capacity: times.count)
    for (index, node) in times.enumerated() { (nodes + index).initialize(to: Scalar(node)) }
    rowCount = rows.count
    self.rows = .allocate(capacity: rows.count)
    for (index, row) in rows.enumerated() { (self.rows + index).initialize(to: Row(row)) }
    guard stageCount <= Self.ladderStages, errorCount < 2 else {
      ladder = nil
      return
    }
    // Every row takes as many places as the longest can have.
    let places = Self.ladderStages + 1
    let steps = UnsafeMutablePointer<Scalar>.allocate(capacity: (stageCount + 1) * places)
    steps.initialize(repeating: 0, count: (stageCount + 1) * places)
    for (index, row) in rows.prefix(stageCount + errorCount).enumerated() {
      for (slope, coefficient) in row.enumerated() { steps[index * places + slope] = Scalar(coefficient) }
    }
    ladder = steps
  }

  @inlinable static var ladderStages: Int { 6 }

  deinit {
    for index in 0..<rowCount { rows[index].coefficients.deallocate() }
    rows.deallocate()
    nodes.deallocate()
    ladder?.deallocate()
  }

  /// base + h Σ (coefficients of the row) · slopes, built in place of `target`.
  @inlinable @inline(__always)
  func combine<State: VectorSpace>(
    row: Int, _ stepSize: Scalar, onto base: UnsafeMutablePointer<State>, _ slopes: UnsafeMutablePointer<State>,
    into target: UnsafeMutablePointer<State>
  ) where State.Scalar == Scalar {
    // Moved out and back, so that a SIMD state stays in registers and an array keeps its buffer.
    var sum = target.move()
    sum.assign(base.pointee)
    let row = rows + row
    sum.add(stepSize * row.pointee.first, timesPointee: slopes)
    var slope = slopes + row.pointee.run.lowerBound
    var coefficient = row.pointee.coefficients
    let end = coefficient + row.pointee.run.count
    while coefficient + 1 < end {
      sum.add(stepSize * coefficient[0], timesPointee: slope)
      sum.add(stepSize * coefficient[1], timesPointee: slope + 1)
      coefficient += 2
      slope += 2
    }
    if coefficient < end { sum.add(stepSize * coefficient[0], timesPointee: slope) }
    target.initialize(to: sum)
  }

  /// The same for a row of a ladder of which `places` can differ from zero; a constant, so that nothing of it is left to run.
  @inlinable @inline(__always)
  func climb<State: VectorSpace>(
    _ row: UnsafeMutablePointer<Scalar>, _ places: Int, _ stepSize: Scalar, onto base: UnsafeMutablePointer<State>,
    _ slopes: UnsafeMutablePointer<State>, into target: UnsafeMutablePointer<State>
  ) where State.Scalar == Scalar {
    var sum = target.move()
    sum.assign(base.pointee)
    if places > 0 { sum.add(stepSize * row[0], timesPointee: slopes) }
    if places > 1 { sum.add(stepSize * row[1], timesPointee: slopes + 1) }
    if places > 2 { sum.add(stepSize * row[2], timesPointee: slopes + 2) }
    if places > 3 { sum.add(stepSize * row[3], timesPointee: slopes + 3) }
    if places > 4 { sum.add(stepSize * row[4], timesPointee: slopes + 4) }
    if places > 5 { sum.add(stepSize * row[5], timesPointee: slopes + 5) }
    if places > 6 { sum.add(stepSize * row[6], timesPointee: slopes + 6) }
    target.initialize(to: sum)
  }

  /// Slopes of the stages after the first, which is known, and the candidate that they lead to.
  @inlinable @inline(__always)
  func propose<System: DifferentialEquation>(
    _ storage: StepStorage<System.State>, _ system: System, at time: Scalar, by stepSize: Scalar
  ) where System.State.Scalar == Scalar {
    let (state, scratch, slopes) = (storage.state, storage.scratch, storage.slopes)
    if let ladder {
      // Written out: the loop over stages would cost more than a cheap right-hand side.
      let places = Self.ladderStages + 1
      if stageCount > 1 {
        climb(ladder, 1, stepSize, onto: state, slopes, into: scratch)
        system.evaluate(&slopes[1], of: scratch.pointee, at: time + nodes[1] * stepSize)
      }
      if stageCount > 2 {
        climb(ladder + places, 2, stepSize, onto: state, slopes, into: scratch)
        system.evaluate(&slopes[2], of: scratch.pointee, at: time + nodes[2] * stepSize)
      }
      if stageCount > 3 {
        climb(ladder + 2 * places, 3, stepSize, onto: state, slopes, into: scratch)
        system.evaluate(&slopes[3], of: scratch.pointee, at: time + nodes[3] * stepSize)
      }
      if stageCount > 4 {
        climb(ladder + 3 * places, 4, stepSize, onto: state, slopes, into: scratch)
        system.evaluate(&slopes[4], of: scratch.pointee, at: time + nodes[4] * stepSize)
      }
      if stageCount > 5 {
        climb(ladder + 4 * places, 5, stepSize, onto: state, slopes, into: scratch)
        system.evaluate(&slopes[5], of: scratch.pointee, at: time + nodes[5] * stepSize)
        climb(ladder + 5 * places, 6, stepSize, onto: state, slopes, into: storage.candidate)
        return
      }
    } else {
      var stage = 1
      while stage < stageCount {
        combine(row: stage - 1, stepSize, onto: state, slopes, into: scratch)
        system.evaluate(&slopes[stage], of: scratch.pointee, at: time + nodes[stage] * stepSize)
        stage += 1
      }
    }
    combine(row: weightsRow, stepSize, onto: state, slopes, into: storage.candidate)
  }

  /// The first estimate of the error.
  @inlinable @inline(__always)
  func estimate<State: VectorSpace>(_ storage: StepStorage<State>, by stepSize: Scalar) where State.Scalar == Scalar {
    if let ladder, stageCount == Self.ladderStages, errorUsesEndSlope {
      let row = ladder + Self.ladderStages * (Self.ladderStages + 1)
      climb(row, Self.ladderStages + 1, stepSize, onto: storage.zero, storage.slopes, into: storage.error)
    } else {
      combine(row: errorRow, stepSize, onto: storage.zero, storage.slopes, into: storage.error)
    }
  }
}
