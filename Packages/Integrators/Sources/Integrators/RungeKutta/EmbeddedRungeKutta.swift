/// Steps a differential equation by an explicit tableau that estimates its own error.
///
///     let orbit = solve(arenstorf, from: start, until: 17.0652, with: EmbeddedRungeKutta(.dormandPrince5),
///                       tolerance: Tolerance(relative: 1e-9, absolute: 1e-9))
public struct EmbeddedRungeKutta<System: DifferentialEquation>: EmbeddedStepper, Stepper where System.State: CoordinateSpace {
  public typealias State = System.State

  public let tableau: EmbeddedTableau
  @usableFromInline let program: StageProgram<State.Scalar>
  @usableFromInline let fixed: ExplicitRungeKutta<System>

  @inlinable
  public init(_ tableau: EmbeddedTableau) {
    self.tableau = tableau
    program = StageProgram(tableau.base, errors: tableau.errors)
    fixed = ExplicitRungeKutta(tableau.base)
  }

  @inlinable public var name: String { tableau.name }
  @inlinable public var order: Int { tableau.order }
  @inlinable public var errorOrder: Int { tableau.errorOrder }
  @inlinable public var slopeCount: Int { program.slopeCount }
  @inlinable public var interpolantDegree: Int { program.degree }

  @inlinable public func makeWorkspace(like state: State) {}

  /// One step of fixed size, without the estimate.
  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    fixed.step(&state, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    fixed.steps(count, &state, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    fixed.steps(
      count, &state, of: system, at: time, by: stepSize, observingEvery: stride, observe)
  }

  @inlinable @inline(__always)
  public func attempt(
    _ storage: StepStorage<State>, _ workspace: inout Void, _ system: System, at time: State.Scalar,
    by stepSize: State.Scalar, _ statistics: inout SolveStatistics
  ) -> Bool {
    program.propose(storage, system, at: time, by: stepSize)
    statistics.evaluations &+= program.stageCount - 1
    if program.errorUsesEndSlope {
      system.evaluate(&storage.slopes[program.stageCount], of: storage.candidate.pointee, at: time + stepSize)
      statistics.evaluations &+= 1
    }
    return true
  }

  @inlinable @inline(__always)
  public func squaredErrorRatio(
    _ storage: StepStorage<State>, by stepSize: State.Scalar, absolute: State, relative: State
  ) -> State.Scalar {
    program.estimate(storage, by: stepSize)
    let squared = State.squaredErrorRatio(
      storage.error.pointee, start: storage.state.pointee, end: storage.candidate.pointee, absolute: absolute,
      relative: relative)
    guard program.errorCount > 1, squared != 0 else { return squared }
    program.combine(row: program.errorRow + 1, stepSize, onto: storage.zero, storage.slopes, into: storage.error)
    let coarse = State.squaredErrorRatio(
      storage.error.pointee, start: storage.state.pointee, end: storage.candidate.pointee, absolute: absolute,
      relative: relative)
    return squared * squared / (squared + coarse / 100)
  }

  @inlinable @inline(__always)
  public func finish(
    _ storage: StepStorage<State>, _ system: System, at end: State.Scalar, _ statistics: inout SolveStatistics
  ) {
    guard !program.errorUsesEndSlope else { return }
    system.evaluate(&storage.slopes[program.stageCount], of: storage.candidate.pointee, at: end)
    statistics.evaluations &+= 1
  }

  @inlinable
  public func interpolate(
    _ storage: StepStorage<State>, _ workspace: inout Void, _ system: System, at time: State.Scalar,
    by stepSize: State.Scalar, into coefficients: UnsafeMutablePointer<State>, _ statistics: inout SolveStatistics
  ) {
    program.interpolate(storage, system, at: time, by: stepSize, into: coefficients, &statistics)
  }

  @inlinable @inline(__always)
  public func advance(_ storage: StepStorage<State>, _ workspace: inout Void) {
    swap(&storage.state.pointee, &storage.candidate.pointee)
    swap(&storage.slopes[0], &storage.slopes[program.stageCount])
  }
}

extension EmbeddedRungeKutta: CustomStringConvertible {
  public var description: String { tableau.name }
}
