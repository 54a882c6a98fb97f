/// An explicit Runge-Kutta method as data: kᵢ = f(y₀ + h Σⱼ aᵢⱼ kⱼ, t₀ + cᵢ h), y₁ = y₀ + h Σᵢ bᵢ kᵢ.
///
/// Rows may be shorter than the slopes they could use; what is missing is zero. The slope after the last stage is f(y₁, t₁):
/// a method whose first stage of the next step is its last needs no flag, its error row is merely one longer.
public struct ExplicitTableau: Sendable, Hashable {
  /// The name by which tables and recipes know the row.
  public let name: String
  /// The documented order, which the ledger measures.
  public let order: Int
  /// c, one for each stage, the first 0.
  public let nodes: [Double]
  /// Rows of a from the second stage on.
  public let stages: [[Double]]
  /// b
  public let weights: [Double]
  /// What interpolates within a step; nil for cubic Hermite on both ends and their slopes.
  public let interpolant: Interpolant?
  /// Where the coefficients come from.
  public let reference: String

  /// Nodes start at 0 and equal the sums of their rows; the weights sum to 1.
  public init(
    _ name: String, order: Int, nodes: [Double], stages: [[Double]], weights: [Double], interpolant: Interpolant? = nil,
    reference: String
  ) {
    precondition(order > 0, "ExplicitTableau \(name): order \(order) is not positive")
    precondition(
      nodes.count == stages.count + 1 && nodes[0] == 0,
      "ExplicitTableau \(name): \(nodes.count) nodes for \(stages.count) rows; give one node more than rows, the first 0")
    Self.requireRows(stages, nodes: Array(nodes.dropFirst()), firstStage: 1, of: name)
    precondition(
      weights.count <= nodes.count && abs(weights.reduce(-1, +)) < 1e-12,
      "ExplicitTableau \(name): weights \(weights) do not sum to 1 over \(nodes.count) stages")
    if let interpolant {
      Self.requireRows(interpolant.stages, nodes: interpolant.nodes, firstStage: nodes.count + 1, of: name)
      precondition(
        interpolant.polynomials.count <= nodes.count + 1 + interpolant.nodes.count,
        "ExplicitTableau \(name): more polynomials than slopes")
    }
    self.name = name
    self.order = order
    self.nodes = nodes
    self.stages = stages
    self.weights = weights
    self.interpolant = interpolant
    self.reference = reference
  }

  /// Stages of one step, without the slope at its end.
  public var stageCount: Int { nodes.count }

  static func requireRows(_ rows: [[Double]], nodes: [Double], firstStage: Int, of name: String) {
    precondition(rows.count == nodes.count, "ExplicitTableau \(name): \(nodes.count) nodes for \(rows.count) rows")
    for (offset, row) in rows.enumerated() {
      let size = row.reduce(1) { $0 + abs($1) }
      precondition(
        row.count <= firstStage + offset && abs(row.reduce(-nodes[offset], +)) < 1e-14 * size,
        "ExplicitTableau \(name): row \(offset + 1) is not explicit or does not sum to its node \(nodes[offset])")
    }
  }
}

extension ExplicitTableau: CustomStringConvertible {
  public var description: String { name }
}

/// A published interpolant: y(t₀ + θ h) = y₀ + h Σᵢ bᵢ(θ) kᵢ with bᵢ(θ) = Σₖ polynomials[i][k] θᵏ⁺¹.
///
/// Slopes are those of the stages, then f(y₁, t₁), then those of the stages given here, which cost evaluations only where
/// a step is interpolated.
public struct Interpolant: Sendable, Hashable {
  /// The documented order of y(t₀ + θ h), which the ledger measures.
  public let order: Int
  /// c of the further stages.
  public let nodes: [Double]
  /// Rows of a of the further stages.
  public let stages: [[Double]]
  public let polynomials: [[Double]]

  public init(order: Int, nodes: [Double] = [], stages: [[Double]] = [], polynomials: [[Double]]) {
    self.order = order
    self.nodes = nodes
    self.stages = stages
    self.polynomials = polynomials
  }
}
