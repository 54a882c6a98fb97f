/// A system that is a sum of parts, dx/dt = f₁(x) + … + fₙ(x), each of which can be solved exactly: a rotation and a kick,
/// an electric and a magnetic field, an unperturbed orbit and its perturbation.
public protocol SolvableParts: Sendable {
  associatedtype State: VectorSpace

  /// How many parts there are.
  var partCount: Int { get }

  /// Moves the state along the exact flow of one part, 0 ..< partCount, for a time of either sign.
  func flow(of part: Int, _ state: inout State, for time: State.Scalar)
}

/// A promise that every part is Hamiltonian, so that its flow is a canonical map of (position, momentum).
public protocol SymplecticParts: SolvableParts {}

/// Exact flows there and back: half a step of parts 1 … n−1, a step of part n, half a step of parts n−1 … 1.
/// Second order and reversible; `ComposedStepper` raises the order. Strang, SIAM J. Numer. Anal. 5, 506 (1968).
///
///     let method = ComposedStepper(StrangSplitting<Rotor>(), .mclachlan6)
public struct StrangSplitting<System: SolvableParts>: ReversibleStepper {
  public typealias State = System.State

  @inlinable
  public init() {}

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let last = system.partCount - 1
    precondition(last >= 0, "StrangSplitting: a system of \(last + 1) parts does not move; give at least one")
    let half = stepSize / 2
    for part in 0..<last { system.flow(of: part, &state, for: half) }
    system.flow(of: last, &state, for: stepSize)
    for part in (0..<last).reversed() { system.flow(of: part, &state, for: half) }
  }
}

extension StrangSplitting: SymplecticStepper where System: SymplecticParts {}
