import Integrators

/// Explicit midpoint, second order, neither symplectic nor reversible: the laws must reject it.
struct ExplicitMidpoint<System: SeparableHamiltonian>: Stepper {
  typealias State = Phase<System.Q>

  func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let middle = state.moved(stepSize / 2, along: slope(of: system, at: state))
    state.add(stepSize, times: slope(of: system, at: middle))
  }

  private func slope(of system: System, at state: State) -> State {
    Phase(position: system.velocity(state.momentum), momentum: system.force(state.position))
  }
}

extension Palindrome {
  /// The coefficients of `mclachlan4` in the wrong order: consistent and symmetric, documented 4, truly 2.
  static let misordered: Palindrome = {
    let row = Palindrome.mclachlan4
    let drifts = [row.drifts[1], row.drifts[0], row.drifts[2], row.drifts[0], row.drifts[1]]
    return Palindrome("misordered", order: 4, kicks: row.kicks, drifts: drifts, reference: "none")
  }()
}
