/// Steps any differential equation by an implicit method of Gauss; a canonical map if the equation is Hamiltonian.
///
/// The stage equations are solved to round-off, since what they leave over breaks symplecticity and reversal alike; the
/// polynomial of the step before predicts their solution. A step whose equations are not solved keeps its last iterate;
/// `solve` ends with `notConverged` instead.
///
///     let end = integrate(pendulum, from: start, stepSize: 0.1, steps: 100, with: GaussLegendre(.gaussLegendre6))
public struct GaussLegendre<System: DifferentialEquation>: ReversibleStepper where System.State: CoordinateSpace {
  public typealias State = System.State
  public typealias Scalar = System.State.Scalar

  /// How the stage equations are solved.
  public enum Iteration: Sendable, Hashable {
    /// k ← f(y + h A k): cheap, for steps well below the inverse of the fastest rate.
    case fixedPoint
    /// With ∂f/∂y at the start of the step, factorised once a step: for stiff forces.
    case newton
  }

  public let tableau: GaussTableau
  public let iteration: Iteration
  /// Iterations of one step at most.
  public let maximumIterations: Int
  @usableFromInline let stages: [[Scalar]]
  @usableFromInline let weights: [Scalar]
  @usableFromInline let nodes: [Scalar]

  @inlinable
  public init(_ tableau: GaussTableau, _ iteration: Iteration = .fixedPoint, maximumIterations: Int = 100) {
    self.tableau = tableau
    self.iteration = iteration
    self.maximumIterations = maximumIterations
    stages = tableau.stages.map { $0.map(Scalar.init) }
    weights = tableau.weights.map(Scalar.init)
    nodes = tableau.nodes.map(Scalar.init)
  }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar) {
    steps(1, &state, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(_ count: Int, _ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar) {
    steps(count, &state, of: system, at: time, by: stepSize, observingEvery: Swift.max(count, 1)) { _, _ in }
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: Scalar, by stepSize: Scalar,
    observingEvery stride: Int, _ observe: (Int, State) -> Void
  ) {
    requireStepCount(count)
    requireStride(stride)
    guard count > 0 else { return }
    let storage = StepStorage(like: state, slopes: slopeCount)
    var workspace = makeWorkspace(like: state)
    var statistics = SolveStatistics()
    var untilObserved = stride
    for taken in 1...count {
      let start = time + Scalar(taken - 1) * stepSize
      // The slope at the start is only read for a first guess and for differences.
      if taken == 1 || iteration == .newton { system.evaluate(&storage.slopes[0], of: storage.state.pointee, at: start) }
      _ = attempt(storage, &workspace, system, at: start, by: stepSize, &statistics)
      advance(storage, &workspace)
      untilObserved -= 1
      if untilObserved == 0 || taken == count {
        untilObserved = stride
        observe(taken, storage.state.pointee)
      }
    }
    state = storage.state.pointee
  }
}

extension GaussLegendre: SymplecticStepper where System: GeneralHamiltonian {}

extension GaussLegendre: CustomStringConvertible {
  public var description: String { tableau.name }
}

extension GaussLegendre: DenseStepper {
  /// What is known from the step before, and the matrices of Newton's method.
  public struct Workspace {
    @usableFromInline var predicts = false
    @usableFromInline var previousStep: Scalar = 0
    @usableFromInline let ones: State
    @usableFromInline var jacobian: SquareMatrix<Scalar>
    @usableFromInline var matrix: SquareMatrix<Scalar>
    @usableFromInline var pivots: [Int]
    @usableFromInline var residual: [Scalar]

    @inlinable
    init(ones: State, coordinates: Int, stages: Int) {
      self.ones = ones
      jacobian = SquareMatrix(size: coordinates)
      matrix = SquareMatrix(size: coordinates * stages)
      pivots = Array(repeating: 0, count: coordinates * stages)
      residual = Array(repeating: 0, count: coordinates * stages)
    }
  }

  @inlinable public var name: String { tableau.name }
  @inlinable public var order: Int { tableau.order }
  /// The slope at the start, at the stages, at the end, guesses for the stages, and one new one.
  @inlinable public var slopeCount: Int { 2 * nodes.count + 3 }
  @inlinable public var interpolantDegree: Int { 3 }

  @inlinable
  public func makeWorkspace(like state: State) -> Workspace {
    let coordinates = iteration == .newton ? state.coordinateCount : 0
    return Workspace(ones: state.filled(with: 1), coordinates: coordinates, stages: nodes.count)
  }

  @inlinable
  public func attempt(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    _ statistics: inout SolveStatistics
  ) -> Bool {
    predict(storage, workspace, by: stepSize)
    let solved: Bool
    switch iteration {
    case .fixedPoint: solved = iterate(storage, workspace, system, at: time, by: stepSize, &statistics)
    case .newton: solved = newton(storage, &workspace, system, at: time, by: stepSize, &statistics)
    }
    storage.candidate.pointee.assign(storage.state.pointee)
    for stage in nodes.indices { storage.candidate.pointee.add(stepSize * weights[stage], times: storage.slopes[stage + 1]) }
    workspace.predicts = solved
    workspace.previousStep = stepSize
    return solved
  }

  /// First guesses for the slopes of the stages: those of the collocation polynomial of the step before, or the slope at the
  /// start. Hairer, Lubich, Wanner, VIII.6.1.
  @inlinable
  func predict(_ storage: StepStorage<State>, _ workspace: Workspace, by stepSize: Scalar) {
    let count = nodes.count
    guard workspace.predicts else {
      for stage in 1...count { storage.slopes[stage].assign(storage.slopes[0]) }
      return
    }
    let ratio = stepSize / workspace.previousStep
    for target in 0..<count {
      let theta = 1 + ratio * nodes[target]
      let guess = storage.slopes + count + 2 + target
      guess.pointee.assign(storage.zero.pointee)
      for source in 0..<count {
        var weight: Scalar = 1
        for other in 0..<count where other != source { weight *= (theta - nodes[other]) / (nodes[source] - nodes[other]) }
        guess.pointee.add(weight, times: storage.slopes[source + 1])
      }
    }
    for stage in 1...count { storage.slopes[stage].assign(storage.slopes[count + 1 + stage]) }
  }

  /// The state of a stage, in `storage.scratch`.
  @inlinable @inline(__always)
  func stageState(_ stage: Int, _ storage: StepStorage<State>, by stepSize: Scalar) {
    storage.scratch.pointee.assign(storage.state.pointee)
    for other in nodes.indices { storage.scratch.pointee.add(stepSize * stages[stage][other], times: storage.slopes[other + 1]) }
  }

  /// Σᵢ vectorᵢ².
  @inlinable @inline(__always)
  func squared(_ vector: State, _ storage: StepStorage<State>, _ workspace: Workspace) -> Scalar {
    let zero = storage.zero.pointee
    return State.squaredErrorRatio(vector, start: zero, end: zero, absolute: workspace.ones, relative: zero)
  }

  /// Sweeps, each stage taking the newest slopes of the others, until nothing but round-off changes.
  @inlinable
  func iterate(
    _ storage: StepStorage<State>, _ workspace: Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    _ statistics: inout SolveStatistics
  ) -> Bool {
    let fresh = slopeCount - 1
    var convergence = Convergence(size: squared(storage.state.pointee, storage, workspace))
    for _ in 0..<maximumIterations {
      var change: Scalar = 0
      for stage in nodes.indices {
        stageState(stage, storage, by: stepSize)
        system.evaluate(&storage.slopes[fresh], of: storage.scratch.pointee, at: time + nodes[stage] * stepSize)
        storage.error.pointee.assign(storage.slopes[fresh])
        storage.error.pointee.add(-1, times: storage.slopes[stage + 1])
        change += stepSize * stepSize * squared(storage.error.pointee, storage, workspace)
        storage.slopes[stage + 1].assign(storage.slopes[fresh])
      }
      statistics.evaluations &+= nodes.count
      if let solved = convergence.isOver(change) { return solved }
    }
    return false
  }

  /// Newton's method on all stages at once, (1 − h A ⊗ J) Δk = f(y + h A k) − k.
  @inlinable
  func newton(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    _ statistics: inout SolveStatistics
  ) -> Bool {
    let fresh = slopeCount - 1
    let (count, width) = (nodes.count, workspace.jacobian.size)
    system.jacobian(
      storage.state.pointee, at: time, slope: storage.slopes[0], into: &workspace.jacobian, &statistics)
    for row in 0..<count * width {
      for column in 0..<count * width {
        let coefficient = stepSize * stages[row / width][column / width]
        workspace.matrix[row, column] = (row == column ? 1 : 0) - coefficient * workspace.jacobian[row % width, column % width]
      }
    }
    statistics.factorisations &+= 1
    guard workspace.matrix.factorise(&workspace.pivots) else { return false }
    var convergence = Convergence(size: squared(storage.state.pointee, storage, workspace))
    for _ in 0..<maximumIterations {
      for stage in 0..<count {
        stageState(stage, storage, by: stepSize)
        system.evaluate(&storage.slopes[fresh], of: storage.scratch.pointee, at: time + nodes[stage] * stepSize)
        for index in 0..<width {
          workspace.residual[stage * width + index] =
            storage.slopes[fresh][coordinate: index] - storage.slopes[stage + 1][coordinate: index]
        }
      }
      statistics.evaluations &+= count
      workspace.matrix.solve(workspace.pivots, &workspace.residual)
      var change: Scalar = 0
      for stage in 0..<count {
        for index in 0..<width {
          let correction = workspace.residual[stage * width + index]
          storage.slopes[stage + 1][coordinate: index] += correction
          change += stepSize * stepSize * correction * correction
        }
      }
      if let solved = convergence.isOver(change) { return solved }
    }
    return false
  }

  /// When an iteration to round-off ends: at a change that no state can feel, or where changes no longer shrink.
  @usableFromInline
  struct Convergence {
    @usableFromInline let negligible: Scalar
    @usableFromInline let roundOff: Scalar
    @usableFromInline var last = Scalar.infinity

    /// For a state whose coordinates have this sum of squares.
    @inlinable
    init(size: Scalar) {
      let unit = Scalar.ulpOfOne * Scalar.ulpOfOne * size
      negligible = unit / 64
      roundOff = unit * 65536
    }

    /// Whether the equations are solved, or nil to go on.
    @inlinable
    mutating func isOver(_ change: Scalar) -> Bool? {
      guard change.isFinite else { return false }
      if change <= negligible { return true }
      if change >= last && last <= roundOff { return true }
      // A sweep may grow once before it shrinks; a thousandfold growth does not come back.
      if change > 1e6 * last { return false }
      last = Swift.min(last, change)
      return nil
    }
  }

  @inlinable
  public func finish(
    _ storage: StepStorage<State>, _ system: System, at end: Scalar, _ statistics: inout SolveStatistics
  ) {
    system.evaluate(&storage.slopes[nodes.count + 1], of: storage.candidate.pointee, at: end)
    statistics.evaluations &+= 1
  }

  @inlinable
  public func interpolate(
    _ storage: StepStorage<State>, _ workspace: inout Workspace, _ system: System, at time: Scalar, by stepSize: Scalar,
    into coefficients: UnsafeMutablePointer<State>, _ statistics: inout SolveStatistics
  ) {
    cubicHermite(storage, endSlope: nodes.count + 1, by: stepSize, into: coefficients)
  }

  @inlinable
  public func advance(_ storage: StepStorage<State>, _ workspace: inout Workspace) {
    swap(&storage.state.pointee, &storage.candidate.pointee)
    swap(&storage.slopes[0], &storage.slopes[nodes.count + 1])
  }

  @inlinable
  public func forget(_ workspace: inout Workspace) { workspace.predicts = false }
}
