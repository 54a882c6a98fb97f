/// Steps a separable Hamiltonian by kicks and drifts that do not read the same backwards.
///
/// Symplectic but not reversible: a step of −h does not undo a step of h, so there is no `reversed`; the adjoint row does.
///
///     let end = integrate(pendulum, from: start, stepSize: 0.1, steps: 100, with: AsymmetricSplitting(.ruth3))
public struct AsymmetricSplitting<System: SeparableHamiltonian>: SymplecticStepper {
  public typealias State = Phase<System.Q>

  public let sequence: KickDriftSequence

  @inlinable
  public init(_ sequence: KickDriftSequence) { self.sequence = sequence }

  /// A row whose order rests on T being quadratic.
  @inlinable
  public init(_ row: NystromSequence) where System: NaturalHamiltonian { sequence = row.sequence }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    switch sequence.opening {
    case .kick:
      Self.alternate(
        Kick<System>.self, sequence.kicks, Drift<System>.self, sequence.drifts, &state, system, stepSize)
    case .drift:
      Self.alternate(
        Drift<System>.self, sequence.drifts, Kick<System>.self, sequence.kicks, &state, system, stepSize)
    }
  }

  @inlinable
  static func alternate<First: ExactFlow, Second: ExactFlow>(
    _: First.Type, _ first: [Double], _: Second.Type, _ second: [Double], _ state: inout State, _ system: System,
    _ stepSize: State.Scalar
  ) where First.System == System, Second.System == System {
    for stage in first.indices {
      First.flow(of: system, &state, for: State.Scalar(first[stage]) * stepSize)
      Second.flow(of: system, &state, for: State.Scalar(second[stage]) * stepSize)
    }
  }
}
