/// An explicit method that also estimates its own error, as h Σᵢ eᵢ kᵢ: what a step-size controller needs.
public struct EmbeddedTableau: Sendable, Hashable {
  /// The method that advances the solution: the more accurate one of the pair.
  public let base: ExplicitTableau
  /// The order of the estimate: it falls as h to the power of `errorOrder` + 1.
  public let errorOrder: Int
  /// e, in one row; or in two, which are combined as e₅² / √(e₅² + e₃²/100) (Hairer, Nørsett, Wanner, II.10).
  public let errors: [[Double]]

  /// An error row as long as the stages, or one longer to use f(y₁, t₁) too; each sums to 0.
  public init(
    _ name: String, order: Int, errorOrder: Int, nodes: [Double], stages: [[Double]], weights: [Double], errors: [[Double]],
    interpolant: Interpolant? = nil, reference: String
  ) {
    precondition(errors.count == 1 || errors.count == 2, "EmbeddedTableau \(name): give one or two error rows")
    for row in errors {
      precondition(
        row.count <= nodes.count + 1 && abs(row.reduce(0, +)) < 1e-12,
        "EmbeddedTableau \(name): error row \(row) does not sum to 0 over \(nodes.count + 1) slopes")
    }
    base = ExplicitTableau(
      name, order: order, nodes: nodes, stages: stages, weights: weights, interpolant: interpolant, reference: reference)
    self.errorOrder = errorOrder
    self.errors = errors
  }

  public var name: String { base.name }
  public var order: Int { base.order }

  /// Whether the estimate uses the slope at the end of the step, which the next step then need not evaluate.
  public var errorUsesEndSlope: Bool { errors.contains { $0.count > base.stageCount } }
}

extension EmbeddedTableau: CustomStringConvertible {
  public var description: String { name }
}
