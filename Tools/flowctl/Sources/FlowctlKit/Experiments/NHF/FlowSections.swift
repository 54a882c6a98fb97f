/// The neural Hamiltonian flow: Souveton et al. (2023), arXiv:2302.01955.
public struct FlowSection: RecipeSection, Sendable {
  /// K(p) quadratic with a learned mass matrix, or a network.
  public enum Kind: String, CaseIterable, Sendable { case fixedKinetic, learnedKinetic }
  /// The form of the mass matrix of a fixed kinetic energy.
  public enum Mass: String, CaseIterable, Sendable { case scalar, diagonal, full }

  public var kind = Kind.fixedKinetic
  public var mass = Mass.scalar
  public var hidden = [128, 128]
  public var kineticHidden = [128, 128]
  public var encoder = EncoderSection()
  public var leapfrogSteps = 5
  public var integrationTime = 1.0
  public var prior = PriorSection()

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("kind", &kind, "kinetic energy: quadratic in the momenta, or a network")
    try keys.choice("mass", &mass, "mass matrix of the fixed kinetic energy")
    try keys.integers("hidden", &hidden, 1...4096, count: 1...8, "widths of the hidden layers of the potential V")
    try keys.integers("kineticHidden", &kineticHidden, 1...4096, count: 1...8, "widths of the hidden layers of a learned K")
    try keys.section("encoder", &encoder)
    try keys.integer("leapfrogSteps", &leapfrogSteps, 1...1000, "L, leapfrog steps of the flow")
    try keys.number("integrationTime", &integrationTime, .positive, "T, so that one leapfrog step is T/L")
    try keys.section("prior", &prior)
  }
}

/// The momentum encoder f(p|q): mean and deviation of a diagonal Gaussian.
public struct EncoderSection: RecipeSection, Sendable {
  public var hidden = [128]

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integers("hidden", &hidden, 1...4096, count: 1...8, "widths of the hidden layers of the momentum encoder")
  }
}

/// The prior over phase space from which the flow starts.
public struct PriorSection: RecipeSection, Sendable {
  public enum Kind: String, CaseIterable, Sendable { case gaussian, softUniform }

  public var kind = Kind.gaussian
  public var width = 1.0
  public var sharpness = 10.0
  public var momentumWidth = 1.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("kind", &kind, "prior of the positions")
    try keys.number("width", &width, .positive, "standard deviation of the Gaussian, or full width of the soft uniform")
    try keys.number("sharpness", &sharpness, .positive, "steepness of the edges of the soft uniform")
    try keys.number("momentumWidth", &momentumWidth, .positive, "standard deviation of the Gaussian prior of the momenta")
  }
}

/// How much work `evaluate` and `report` do.
public struct FlowEvaluationSection: RecipeSection, Sendable {
  public var samples = 10_000
  public var importanceSamples = 64
  public var gridPoints = 256

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("samples", &samples, 100...10_000_000, "draws from the trained model")
    try keys.integer("importanceSamples", &importanceSamples, 1...100_000, "momentum draws per point in the likelihood estimate (IWAE)")
    try keys.integer("gridPoints", &gridPoints, 16...2048, "points per axis of grids: exact quadrature and the map of V")
  }
}
