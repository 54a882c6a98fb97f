/// Weights w₁ … wₙ, the same read backwards and summing to 1, that raise the order of any symmetric method of second
/// order: one step of h is its steps of w₁ h, w₂ h, … wₙ h.
public struct SymmetricComposition: Sendable, Hashable {
  /// The name by which tables and recipes know the row.
  public let name: String
  /// The order of the composed method.
  public let order: Int
  /// Fractions of the step.
  public let weights: [Double]
  /// Where the weights come from.
  public let reference: String

  /// The first half of the weights and, where their count is odd, a middle one chosen so that the whole sums to 1.
  public init(_ name: String, order: Int, half: [Double], reference: String) {
    self.init(name, order: order, weights: Palindrome.closed(half, centres: 1), reference: reference)
  }

  public init(_ name: String, order: Int, weights: [Double], reference: String) {
    precondition(
      weights == weights.reversed(), "SymmetricComposition \(name): weights \(weights) do not read the same backwards")
    let deviation = weights.reduce(-1, +)
    precondition(
      deviation > -1e-12 && deviation < 1e-12,
      "SymmetricComposition \(name): weights sum to \(1 + deviation); scale them to sum to 1")
    precondition(order > 0 && order % 2 == 0, "SymmetricComposition \(name): order \(order) of a symmetric method is even")
    self.name = name
    self.order = order
    self.weights = weights
    self.reference = reference
  }

  /// Each step of `inner` made of steps of `self`: five fifths of fourth order make sixth order.
  func nested(in inner: [Double]) -> [Double] { inner.flatMap { outer in weights.map { outer * $0 } } }
}

extension SymmetricComposition: CustomStringConvertible {
  public var description: String { name }
}

/// A symmetric method of second order composed with itself: the order of the composition, the promises of the base.
///
///     let method = ComposedStepper(StrangSplitting<Rotor>(), .kahanLi6)
public struct ComposedStepper<Base: ReversibleStepper>: ReversibleStepper {
  public typealias System = Base.System
  public typealias State = Base.State

  public let base: Base
  public let composition: SymmetricComposition

  @inlinable
  public init(_ base: Base, _ composition: SymmetricComposition) {
    self.base = base
    self.composition = composition
  }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    var elapsed: State.Scalar = 0
    for weight in composition.weights {
      let part = State.Scalar(weight) * stepSize
      base.step(&state, of: system, at: time + elapsed, by: part)
      elapsed += part
    }
  }
}

extension ComposedStepper: SymplecticStepper where Base: SymplecticStepper {}
