/// Integrates many independent trajectories from `start` until `end`, as many at once as a SIMD vector has lanes, each with
/// steps of its own. A lane whose trajectory has ended takes the next one; one that fails disturbs no other.
///
/// `initial` is `[trajectory, coordinate]` row after row; tolerances and control are those of `solve`.
@inlinable
public func solveBatch<Equation: LaneEquation>(
  _ equation: Equation, from initial: [Equation.Lanes.Scalar], at start: Equation.Lanes.Scalar = 0,
  until end: Equation.Lanes.Scalar, with tableau: EmbeddedTableau, relative: Equation.Lanes.Scalar,
  absolute: Equation.Lanes.Scalar, control: StepControl = .proportionalIntegral
) -> BatchSolution<Equation.Lanes.Scalar> {
  typealias Scalar = Equation.Lanes.Scalar
  let width = equation.coordinateCount
  precondition(
    width > 0 && initial.count % width == 0,
    "solveBatch: \(initial.count) numbers are no whole number of trajectories of \(width) coordinates")
  let count = initial.count / width
  let spanMistake: SolveMistake? = start.isFinite && end.isFinite ? nil : .span
  let mistake = toleranceMistake(relative, absolute, at: 0, coordinate: 0) ?? control.mistake ?? spanMistake
  if mistake != nil || start == end || count == 0 {
    let status = mistake.map { SolveStatus<Scalar>.invalid($0) } ?? .finished
    return BatchSolution(
      final: initial, finalTimes: Array(repeating: start, count: count), statuses: Array(repeating: status, count: count),
      statistics: Array(repeating: SolveStatistics(), count: count), coordinateCount: width)
  }
  let run = LaneRun(
    equation, initial, start, end, StageProgram<Scalar>(tableau.base, errors: tableau.errors), tableau, relative, absolute,
    control)
  run.advance()
  return BatchSolution(
    final: run.final, finalTimes: run.finalTimes, statuses: run.statuses, statistics: run.statistics, coordinateCount: width)
}

/// The lanes, what is in them, and what has left them.
@usableFromInline
final class LaneRun<Equation: LaneEquation> {
  @usableFromInline typealias Lanes = Equation.Lanes
  @usableFromInline typealias Scalar = Equation.Lanes.Scalar

  @usableFromInline let equation: Equation
  @usableFromInline let program: StageProgram<Scalar>
  @usableFromInline let control: StepControl
  @usableFromInline let width: Int
  @usableFromInline let start: Scalar
  @usableFromInline let end: Scalar
  @usableFromInline let direction: Scalar
  @usableFromInline let relative: Scalar
  @usableFromInline let absolute: Scalar
  @usableFromInline let errorOrder: Int
  // Blocks of `width` vectors: the state, the candidate, the scratch, then the slopes.
  @usableFromInline let memory: UnsafeMutablePointer<Lanes>

  @usableFromInline var final: [Scalar]
  @usableFromInline var finalTimes: [Scalar]
  @usableFromInline var statuses: [SolveStatus<Scalar>]
  @usableFromInline var statistics: [SolveStatistics]
  @usableFromInline var next = 0

  @inlinable
  init(
    _ equation: Equation, _ initial: [Scalar], _ start: Scalar, _ end: Scalar, _ program: StageProgram<Scalar>,
    _ tableau: EmbeddedTableau, _ relative: Scalar, _ absolute: Scalar, _ control: StepControl
  ) {
    self.equation = equation
    self.program = program
    self.control = control
    self.start = start
    self.end = end
    self.relative = relative
    self.absolute = absolute
    errorOrder = tableau.errorOrder
    direction = end > start ? 1 : -1
    width = equation.coordinateCount
    let count = initial.count / width
    let vectors = (program.stageCount + 4) * width
    memory = .allocate(capacity: vectors)
    memory.initialize(repeating: Lanes(repeating: 0), count: vectors)
    final = initial
    finalTimes = Array(repeating: start, count: count)
    statuses = Array(repeating: .finished, count: count)
    statistics = Array(repeating: SolveStatistics(), count: count)
  }

  deinit { memory.deallocate() }

  @inlinable @inline(__always) var state: UnsafeMutablePointer<Lanes> { memory }
  @inlinable @inline(__always) var candidate: UnsafeMutablePointer<Lanes> { memory + width }
  @inlinable @inline(__always) var scratch: UnsafeMutablePointer<Lanes> { memory + 2 * width }
  @inlinable @inline(__always)
  func slope(_ index: Int) -> UnsafeMutablePointer<Lanes> { memory + (3 + index) * width }

  @inlinable @inline(__always)
  func evaluate(_ slope: UnsafeMutablePointer<Lanes>, of state: UnsafeMutablePointer<Lanes>, at time: Lanes) {
    var target = MutableSpan(_unsafeStart: slope, count: width)
    equation.evaluate(&target, of: Span(_unsafeStart: UnsafePointer(state), count: width), at: time)
  }

  /// Σ (coefficients of the row) · slopes of one coordinate.
  @inlinable @inline(__always)
  func sum(row: Int, _ coordinate: Int) -> Lanes {
    let row = program.rows + row
    var sum = row.pointee.first * slope(0)[coordinate]
    var source = slope(row.pointee.run.lowerBound) + coordinate
    var coefficient = row.pointee.coefficients
    let end = coefficient + row.pointee.run.count
    // Several at a time: a loop of one product and one sum would spend half its time on being a loop.
    while coefficient + 3 < end {
      sum = sum.adding(Lanes(repeating: coefficient[0]), times: source.pointee)
      sum = sum.adding(Lanes(repeating: coefficient[1]), times: source[width])
      sum = sum.adding(Lanes(repeating: coefficient[2]), times: source[2 * width])
      sum = sum.adding(Lanes(repeating: coefficient[3]), times: source[3 * width])
      coefficient += 4
      source += 4 * width
    }
    if coefficient + 1 < end {
      sum = sum.adding(Lanes(repeating: coefficient[0]), times: source.pointee)
      sum = sum.adding(Lanes(repeating: coefficient[1]), times: source[width])
      coefficient += 2
      source += 2 * width
    }
    if coefficient < end { sum = sum.adding(Lanes(repeating: coefficient.pointee), times: source.pointee) }
    return sum
  }

  /// Puts `base + stepSize · Σ row` into `target`.
  @inlinable @inline(__always)
  func combine(row: Int, _ stepSize: Lanes, into target: UnsafeMutablePointer<Lanes>) {
    for coordinate in 0..<width {
      target[coordinate] = state[coordinate].adding(stepSize, times: sum(row: row, coordinate))
    }
  }

  /// The RMS norm's mean square of `h Σ row` in units of the tolerance.
  @inlinable @inline(__always)
  func meanSquare(row: Int, _ stepSize: Lanes) -> Lanes {
    var total = Lanes(repeating: 0)
    for coordinate in 0..<width {
      let scale = state[coordinate].magnitudes.larger(than: candidate[coordinate].magnitudes)
      let ratio = stepSize * sum(row: row, coordinate) / (absolute + relative * scale)
      total += ratio * ratio
    }
    return total * (1 / Scalar(width))
  }
}
