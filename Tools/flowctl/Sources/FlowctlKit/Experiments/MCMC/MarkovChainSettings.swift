import Probability

/// Keys of `markov-chains`.
public struct MarkovChainSettings: ExperimentSettings {
  public var target = MarkovTargetSection()
  public var sampler = HamiltonianSamplerSection()
  public var annealing = EvidenceAnnealingSection()
  public var sampleCount = 10_000

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.section("target", &target)
    try keys.section("sampler", &sampler)
    try keys.section("annealing", &annealing)
    try keys.integer("samples", &sampleCount, 1...10_000_000, "draws in the sample file, chosen from all chains")
  }
}

/// Which density is sampled.
public struct MarkovTargetSection: RecipeSection, Sendable {
  public enum Name: String, CaseIterable, Sendable {
    case funnel
    case logisticRegression = "logistic-regression"
    case supernova
  }

  public var name = Name.funnel
  public var dimension = 10
  public var path = "Data/blr/german_credit.h5"
  public var priorScale = 1.0

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "Neal's funnel without its centre, a logistic regression, or the posterior of the supernovae")
    try keys.integer("dimension", &dimension, 2...1000, "coordinates of the funnel")
    try keys.path("path", &path, "HDF5 file with the data; not used for the funnel")
    try keys.number("priorScale", &priorScale, .positive, "standard deviation of the normal prior of each weight")
  }
}

/// How the chains move. A step of the run is one round: `training.batchSize` chains with a warm-up of their own.
public struct HamiltonianSamplerSection: RecipeSection, Sendable {
  public enum Path: String, CaseIterable, Sendable { case noUTurn, fixed }
  public enum Mass: String, CaseIterable, Sendable { case unit, diagonal, dense }

  public var path = Path.noUTurn
  public var leapfrogSteps = 20
  public var maximumDepth = 10
  public var mass = Mass.diagonal
  public var targetAcceptance = 0.8
  public var warmup = 1000
  public var draws = 1000

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("path", &path, "until a trajectory turns back, or a fixed number of leapfrog steps")
    try keys.integer("leapfrogSteps", &leapfrogSteps, 1...100_000, "leapfrog steps where they are fixed")
    try keys.integer("maximumDepth", &maximumDepth, 1...20, "doublings of a trajectory at most")
    try keys.choice("mass", &mass, "what the mass matrix is adapted to")
    try keys.number("targetAcceptance", &targetAcceptance, .between(0.01, 0.999), "mean acceptance that the step size is adapted to")
    try keys.integer("warmup", &warmup, 0...1_000_000, "iterations of each chain that adapt and are not kept")
    try keys.integer("draws", &draws, 8...1_000_000, "iterations of each chain that are kept")
  }

  /// The sampler for so many chains.
  func sampler(chains: Int) -> HamiltonianSampler {
    HamiltonianSampler(
      path: path == .noUTurn ? .noUTurn(maximumDepth: maximumDepth) : .fixed(leapfrogSteps: leapfrogSteps),
      mass: HamiltonianSampler.Mass(rawValue: mass.rawValue)!, targetAcceptance: targetAcceptance, chains: chains, warmup: warmup,
      draws: draws)
  }
}

/// Annealed importance sampling of log Z beside the chains.
public struct EvidenceAnnealingSection: RecipeSection, Sendable {
  public var particles = 512
  public var rungs = 500
  public var leapfrogSteps = 2

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("particles", &particles, 2...1_000_000, "particles annealed from the prior to the target")
    try keys.integer("rungs", &rungs, 2...1_000_000, "densities between the two")
    try keys.integer("leapfrogSteps", &leapfrogSteps, 1...10_000, "leapfrog steps at each of them")
  }
}
