/// Steps a natural Hamiltonian by an explicit Runge-Kutta-Nyström tableau: fewer forces than a Runge-Kutta method of the same
/// order, neither symplectic nor reversible.
public struct RungeKuttaNystrom<System: NaturalHamiltonian>: Stepper {
  public typealias State = Phase<System.Q>

  public let tableau: NystromTableau

  @inlinable
  public init(_ tableau: NystromTableau) { self.tableau = tableau }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    steps(1, &state, of: system, at: time, by: stepSize)
  }

  @inlinable
  public func steps(
    _ count: Int, _ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar
  ) {
    requireStepCount(count)
    let stageCount = tableau.nodes.count
    withUnsafeTemporaryAllocation(of: System.Q.self, capacity: stageCount) { accelerations in
      accelerations.initialize(repeating: state.position)
      defer { accelerations.deinitialize() }
      for _ in 0..<count { move(&state, accelerations, system, stepSize) }
    }
  }

  @inlinable
  func move(
    _ state: inout State, _ accelerations: UnsafeMutableBufferPointer<System.Q>, _ system: System, _ stepSize: State.Scalar
  ) {
    let h = stepSize
    let velocity = system.velocity(state.momentum)
    var end = state
    end.position.add(h, times: velocity)
    var coefficient = 0
    for stage in accelerations.indices {
      var position = state.position.moved(State.Scalar(tableau.nodes[stage]) * h, along: velocity)
      for earlier in 0..<stage {
        position.add(State.Scalar(tableau.stages[coefficient]) * h * h, times: accelerations[earlier])
        coefficient += 1
      }
      let force = system.force(position)
      accelerations[stage] = system.velocity(force)
      end.position.add(State.Scalar(tableau.positionWeights[stage]) * h * h, times: accelerations[stage])
      end.momentum.add(State.Scalar(tableau.momentumWeights[stage]) * h, times: force)
    }
    state = end
  }
}
