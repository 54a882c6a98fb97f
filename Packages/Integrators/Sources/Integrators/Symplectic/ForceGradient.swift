/// A symmetric sequence of kicks and drifts whose kicks may use the gradient of the squared force.
///
/// Kick i is exp(kᵢ h V + gᵢ h³ [V,[T,V]]): p += kᵢ h F − 2 gᵢ h³ ∇²V M⁻¹ F. With it fourth order needs no negative step.
public struct ForceGradientPalindrome: Sendable, Hashable {
  /// The sequence without the gradients, of second order by itself.
  public let palindrome: Palindrome
  /// Coefficients of h³, one for each kick.
  public let gradients: [Double]
  /// The documented order, which the ledger measures.
  public let order: Int

  public init(
    _ name: String, order: Int, kicks: [Double], drifts: [Double], gradients: [Double], reference: String
  ) {
    precondition(
      gradients == gradients.reversed() && gradients.count == kicks.count,
      "ForceGradientPalindrome \(name): \(gradients) must give one coefficient for each of \(kicks.count) kicks, symmetrically")
    palindrome = Palindrome(name, order: 2, kicks: kicks, drifts: drifts, reference: reference)
    self.gradients = gradients
    self.order = order
  }

  public var name: String { palindrome.name }
}

extension ForceGradientPalindrome: CustomStringConvertible {
  public var description: String { name }
}

extension ForceGradientPalindrome {
  /// Every shipped row. `LEDGER.md` holds what was measured of each.
  public static let catalogue: [ForceGradientPalindrome] = [chin4A, chin4B, chin4C]

  /// The row of that name, or nil.
  public static func named(_ name: String) -> ForceGradientPalindrome? { catalogue.first { $0.name == name } }

  /// Two forces and one gradient, kicks outside.
  public static let chin4A = ForceGradientPalindrome(
    "chin4A", order: 4, kicks: [1.0 / 6, 2.0 / 3, 1.0 / 6], drifts: [0.5, 0.5], gradients: [0, 1.0 / 72, 0], reference: chin)

  /// Two forces and two gradients, drifts outside: t₀ = (1 − 1/√3)/2.
  public static let chin4B: ForceGradientPalindrome = {
    let root = (3.0).squareRoot()
    let edge = (1 - 1 / root) / 2
    let gradient = (2 - root) / 48
    return ForceGradientPalindrome(
      "chin4B", order: 4, kicks: [0.5, 0.5], drifts: [edge, 1 - 2 * edge, edge], gradients: [gradient, gradient],
      reference: chin)
  }()

  /// Three forces and one gradient, drifts outside.
  public static let chin4C = ForceGradientPalindrome(
    "chin4C", order: 4, kicks: [3.0 / 8, 1.0 / 4, 3.0 / 8], drifts: [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6],
    gradients: [0, 1.0 / 192, 0], reference: chin)

  private static let chin = "Chin, Phys. Lett. A 226, 344 (1997)"
}

/// Steps a Hamiltonian by kicks that use the force and its gradient, and by drifts.
///
/// Compiles only for a system that gives the Hessian of its potential along a direction.
public struct ForceGradientSplitting<System: ForceGradientHamiltonian>: SymplecticStepper, ReversibleStepper {
  public typealias State = Phase<System.Q>

  public let row: ForceGradientPalindrome

  @inlinable
  public init(_ row: ForceGradientPalindrome) { self.row = row }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let drifts = row.palindrome.drifts
    let opensWithDrift = row.palindrome.opening == .drift
    for stage in drifts.indices {
      if !opensWithDrift { kick(stage, &state, system, stepSize) }
      state.position.add(State.Scalar(drifts[stage]) * stepSize, times: system.velocity(state.momentum))
      if opensWithDrift && stage + 1 < drifts.count { kick(stage, &state, system, stepSize) }
    }
    if !opensWithDrift { kick(drifts.count, &state, system, stepSize) }
  }

  @inlinable @inline(__always)
  func kick(_ stage: Int, _ state: inout State, _ system: System, _ stepSize: State.Scalar) {
    let force = system.force(state.position)
    state.momentum.add(State.Scalar(row.palindrome.kicks[stage]) * stepSize, times: force)
    let gradient = State.Scalar(row.gradients[stage])
    if gradient != 0 {
      let bend = system.hessian(at: state.position, times: system.velocity(force))
      state.momentum.add(-2 * gradient * stepSize * stepSize * stepSize, times: bend)
    }
  }
}
