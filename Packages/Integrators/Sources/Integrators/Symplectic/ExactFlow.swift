/// One half of a separable Hamiltonian solved exactly: while one variable rests, the other moves on a straight line.
@usableFromInline
protocol ExactFlow {
  associatedtype System: SeparableHamiltonian

  /// The direction of the line, which the resting variable fixes.
  static func slope(of system: System, at state: Phase<System.Q>) -> System.Q

  /// Finds the slope and moves along it.
  static func flow(of system: System, _ state: inout Phase<System.Q>, for time: System.Q.Scalar)

  /// Moves the other variable for a time.
  static func move(_ state: inout Phase<System.Q>, along slope: System.Q, for time: System.Q.Scalar)
}

/// exp(h V): p += h · force(q).
@usableFromInline
enum Kick<System: SeparableHamiltonian>: ExactFlow {
  @inlinable @inline(__always)
  static func slope(of system: System, at state: Phase<System.Q>) -> System.Q { system.force(state.position) }

  @inlinable @inline(__always)
  static func flow(of system: System, _ state: inout Phase<System.Q>, for time: System.Q.Scalar) {
    system.kick(&state, for: time)
  }

  @inlinable @inline(__always)
  static func move(_ state: inout Phase<System.Q>, along slope: System.Q, for time: System.Q.Scalar) {
    state.momentum.add(time, times: slope)
  }
}

/// exp(h T): q += h · velocity(p).
@usableFromInline
enum Drift<System: SeparableHamiltonian>: ExactFlow {
  @inlinable @inline(__always)
  static func slope(of system: System, at state: Phase<System.Q>) -> System.Q { system.velocity(state.momentum) }

  @inlinable @inline(__always)
  static func flow(of system: System, _ state: inout Phase<System.Q>, for time: System.Q.Scalar) {
    system.drift(&state, for: time)
  }

  @inlinable @inline(__always)
  static func move(_ state: inout Phase<System.Q>, along slope: System.Q, for time: System.Q.Scalar) {
    state.position.add(time, times: slope)
  }
}
