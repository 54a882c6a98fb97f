/// Steps a stiff differential equation by solving linear systems with ∂f/∂y: no iteration that could fail to converge.
///
///     let kinetics = solve(robertson, from: [1, 0, 0], until: 1e5, with: RosenbrockMethod(.rodas5P),
///                          tolerance: Tolerance(relative: 1e-6, absolute: 1e-10))
public struct RosenbrockMethod<System: DifferentialEquation>: EmbeddedStepper where System.State: CoordinateSpace {
  public typealias State = System.State
  public typealias Scalar = System.State.Scalar

  public let tableau: RosenbrockTableau

  @inlinable
  public init(_ tableau: RosenbrockTableau) { self.tableau = tableau }

  /// Matrices of the step, and vectors in coordinates.
  public struct Workspace {
    @usableFromInline var knowsJacobian = false
    @usableFromInline var jacobian: SquareMatrix<Scalar>
    @usableFromInline var matrix: SquareMatrix<Scalar>
    @usableFromInline var pivots: [Int]
    @usableFromInline var right: [Scalar]
    /// ∂f/∂t
    @usableFromInline var drift: State
    @usableFromInline var slope: State

    @inlinable
    init(like state: State) {
      let count = state.coordinateCount
      jacobian = SquareMatrix(size: count)
      matrix = SquareMatrix(size: count)
      pivots = Array(repeating: 0, count: count)
      right = Array(repeating: 0, count: count)
      drift = state
      slope = state
    }
  }

  @inlinable public var name: String { tableau.name }
  @inlinable public var order: Int { tableau.order }
  @inlinable public var errorOrder: Int { tableau.errorOrder }
  /// f at the start, k of the stages, f at the end.
  @inlinable public var slopeCount: Int { tableau.nodes.count + 2 }
  @inlinable public var interpolantDegree: Int { 4 }

  @inlinable
  public func makeWorkspace(like state: State) -> Workspace { Workspace(like: state) }

  @inlinable
  public func attempt(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    _ statistics: inout SolveStatistics
  ) -> Bool {
    let count = storage.state.pointee.coordinateCount
    if !workspace.knowsJacobian {
      differentiate(storage, &workspace, system, at: time, by: stepSize, &statistics)
      workspace.knowsJacobian = true
    }
    let diagonal = 1 / (stepSize * Scalar(tableau.gamma))
    for index in 0..<count * count { workspace.matrix.entries[index] = -workspace.jacobian.entries[index] }
    for index in 0..<count { workspace.matrix[index, index] += diagonal }
    statistics.factorisations &+= 1
    guard workspace.matrix.factorise(&workspace.pivots) else { return false }
    workspace.slope.assign(storage.slopes[0])
    for stage in tableau.nodes.indices {
      if stage > 0 {
        storage.scratch.pointee.assign(storage.state.pointee)
        for (other, weight) in tableau.stages[stage - 1].enumerated() where weight != 0 {
          storage.scratch.pointee.add(Scalar(weight), times: storage.slopes[other + 1])
        }
        system.evaluate(
          &workspace.slope, of: storage.scratch.pointee, at: time + Scalar(tableau.nodes[stage]) * stepSize)
        statistics.evaluations &+= 1
      }
      // The slope is no longer needed once the right-hand side is made of it.
      workspace.slope.add(Scalar(tableau.timeWeights[stage]) * stepSize, times: workspace.drift)
      if stage > 0 {
        for (other, weight) in tableau.couplings[stage - 1].enumerated() {
          workspace.slope.add(Scalar(weight) / stepSize, times: storage.slopes[other + 1])
        }
      }
      for index in 0..<count { workspace.right[index] = workspace.slope[coordinate: index] }
      workspace.matrix.solve(workspace.pivots, &workspace.right)
      for index in 0..<count { storage.slopes[stage + 1][coordinate: index] = workspace.right[index] }
    }
    combine(tableau.weights, storage, onto: storage.state, into: storage.candidate)
    return true
  }

  /// base + Σᵢ weightᵢ kᵢ.
  @inlinable
  func combine(
    _ weights: [Double], _ storage: StepStorage<State>, onto base: UnsafeMutablePointer<State>,
    into target: UnsafeMutablePointer<State>
  ) {
    target.pointee.assign(base.pointee)
    for (stage, weight) in weights.enumerated() where weight != 0 {
      target.pointee.add(Scalar(weight), times: storage.slopes[stage + 1])
    }
  }

  /// ∂f/∂y and ∂f/∂t at the start of the step.
  @inlinable
  func differentiate(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    _ statistics: inout SolveStatistics
  ) {
    let state = storage.state.pointee
    system.jacobian(state, at: time, slope: storage.slopes[0], into: &workspace.jacobian, &statistics)
    let moved = time + System.rootOfRoundOff * Swift.max(abs(time), abs(stepSize))
    system.evaluate(&workspace.slope, of: state, at: moved)
    statistics.evaluations &+= 1
    workspace.drift.assign(storage.zero.pointee)
    workspace.drift.add(1 / (moved - time), times: workspace.slope)
    workspace.drift.add(-1 / (moved - time), times: storage.slopes[0])
  }

  @inlinable
  public func squaredErrorRatio(
    _ storage: StepStorage<State>, by stepSize: Scalar, absolute: State, relative: State
  ) -> Scalar {
    combine(tableau.error, storage, onto: storage.zero, into: storage.error)
    return State.squaredErrorRatio(
      storage.error.pointee, start: storage.state.pointee, end: storage.candidate.pointee, absolute: absolute,
      relative: relative)
  }

  @inlinable
  public func finish(
    _ storage: StepStorage<State>, _ system: System, at end: Scalar, _ statistics: inout SolveStatistics
  ) {
    system.evaluate(&storage.slopes[slopeCount - 1], of: storage.candidate.pointee, at: end)
    statistics.evaluations &+= 1
  }

  @inlinable
  public func interpolate(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    into coefficients: UnsafeMutablePointer<State>, _ statistics: inout SolveStatistics
  ) {
    // y₀, y₁ − y₀ + Hk₁, Hk₂ − Hk₁, Hk₃ − Hk₂, −Hk₃.
    let rows = tableau.interpolant
    coefficients[0].assign(storage.state.pointee)
    combine(rows[0], storage, onto: storage.candidate, into: coefficients + 1)
    coefficients[1].add(-1, times: storage.state.pointee)
    for power in 2...4 {
      let difference = (0..<rows[0].count).map { (power < 4 ? rows[power - 1][$0] : 0) - rows[power - 2][$0] }
      combine(difference, storage, onto: storage.zero, into: coefficients + power)
    }
  }

  @inlinable
  public func advance(_ storage: StepStorage<State>, _ workspace: inout Workspace) {
    swap(&storage.state.pointee, &storage.candidate.pointee)
    swap(&storage.slopes[0], &storage.slopes[slopeCount - 1])
    workspace.knowsJacobian = false
  }

  @inlinable
  public func forget(_ workspace: inout Workspace) { workspace.knowsJacobian = false }
}

extension RosenbrockMethod: CustomStringConvertible {
  public var description: String { tableau.name }
}
