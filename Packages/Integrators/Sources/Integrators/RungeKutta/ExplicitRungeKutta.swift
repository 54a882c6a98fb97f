/// Steps a differential equation by the rows of an explicit tableau.
///
/// With fixed steps any state will do, a traced one too: no value is inspected. States of fixed size allocate nothing per step.
///
///     let end = integrate(pendulum, from: start, stepSize: 0.1, steps: 100, with: ExplicitRungeKutta(.rungeKutta4))
public struct ExplicitRungeKutta<System: DifferentialEquation>: Stepper {
  public typealias State = System.State

  public let tableau: ExplicitTableau
  @usableFromInline let program: StageProgram<State.Scalar>

  @inlinable
  public init(_ tableau: ExplicitTableau) {
    self.tableau = tableau
    program = StageProgram(tableau)
  }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    steps(1, &state, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    steps(count, &state, of: system, at: time, by: stepSize, observingEvery: Swift.max(count, 1)) { _, _ in }
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    requireStepCount(count)
    requireStride(stride)
    guard count > 0 else { return }
    let storage = StepStorage(like: state, slopes: program.stageCount)
    var untilObserved = stride
    for taken in 1...count {
      let start = time + State.Scalar(taken - 1) * stepSize
      system.evaluate(&storage.slopes[0], of: storage.state.pointee, at: start)
      program.propose(storage, system, at: start, by: stepSize)
      swap(&storage.state.pointee, &storage.candidate.pointee)
      untilObserved -= 1
      if untilObserved == 0 || taken == count {
        untilObserved = stride
        observe(taken, storage.state.pointee)
      }
    }
    state = storage.state.pointee
  }
}

extension ExplicitRungeKutta: CustomStringConvertible {
  public var description: String { tableau.name }
}

extension StageProgram {
  /// Coefficients of the interpolating polynomial of a finished step, its extra stages evaluated first.
  @inlinable
  func interpolate<System: DifferentialEquation>(
    _ storage: StepStorage<System.State>, _ system: System, at time: Scalar, by stepSize: Scalar,
    into coefficients: UnsafeMutablePointer<System.State>, _ statistics: inout SolveStatistics
  ) where System.State.Scalar == Scalar {
    coefficients[0].assign(storage.state.pointee)
    guard interpolates else {
      cubicHermite(storage, endSlope: stageCount, by: stepSize, into: coefficients)
      return
    }
    for extra in 0..<extraCount {
      combine(row: extraRow + extra, stepSize, onto: storage.state, storage.slopes, into: storage.scratch)
      let slope = stageCount + 1 + extra
      system.evaluate(&storage.slopes[slope], of: storage.scratch.pointee, at: time + nodes[slope] * stepSize)
    }
    statistics.evaluations &+= extraCount
    for power in 0..<degree {
      combine(row: powerRow + power, stepSize, onto: storage.zero, storage.slopes, into: coefficients + power + 1)
    }
  }
}

/// y₀ + θ h f₀ + θ² (3 Δ − 2 h f₀ − h f₁) + θ³ (h f₀ + h f₁ − 2 Δ), Δ = y₁ − y₀: third order for any method.
@inlinable
func cubicHermite<State: VectorSpace>(
  _ storage: StepStorage<State>, endSlope: Int, by stepSize: State.Scalar, into coefficients: UnsafeMutablePointer<State>
) {
  let (start, end) = (storage.state.pointee, storage.candidate.pointee)
  let (first, last) = (storage.slopes[0], storage.slopes[endSlope])
  let zero = storage.zero.pointee
  coefficients[0].assign(start)
  coefficients[1].assign(zero.moved(stepSize, along: first))
  let difference = end.moved(-1, along: start)
  coefficients[2].assign(zero.moved(3, along: difference).moved(-2 * stepSize, along: first).moved(-stepSize, along: last))
  coefficients[3].assign(zero.moved(-2, along: difference).moved(stepSize, along: first).moved(stepSize, along: last))
}

extension ExplicitRungeKutta: DenseStepper where System.State: CoordinateSpace {
  @inlinable public var name: String { tableau.name }
  @inlinable public var order: Int { tableau.order }
  @inlinable public var slopeCount: Int { program.slopeCount }
  @inlinable public var interpolantDegree: Int { program.degree }

  @inlinable public func makeWorkspace(like state: State) {}

  @inlinable @inline(__always)
  public func attempt(
    _ storage: StepStorage<State>, _ workspace: inout Void, _ system: System, at time: State.Scalar,
    by stepSize: State.Scalar, _ statistics: inout SolveStatistics
  ) -> Bool {
    program.propose(storage, system, at: time, by: stepSize)
    statistics.evaluations &+= program.stageCount - 1
    return true
  }

  @inlinable @inline(__always)
  public func finish(
    _ storage: StepStorage<State>, _ system: System, at end: State.Scalar, _ statistics: inout SolveStatistics
  ) {
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
