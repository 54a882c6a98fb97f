import EDG
import Probability

/// Keys of `energy-diffusion`.
public struct EnergyDiffusionSettings: ExperimentSettings {
  public var learning = LearningSettings()
  public var target = TargetSection()
  public var decoder = DecoderSection()
  public var encoder = EncoderDiffusionSection()
  public var annealing = AnnealingSection()
  public var evaluation = WeightingSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("target", &target)
    try keys.section("decoder", &decoder)
    try keys.section("encoder", &encoder)
    try keys.section("annealing", &annealing)
    try keys.section("evaluation", &evaluation)
  }
}

/// The energy that is sampled.
public struct TargetSection: RecipeSection, Sendable {
  public enum Name: String, CaseIterable, Sendable {
    case mog2, mog2i, mog6, mog9, ring, ring5
    case logisticRegression = "logistic-regression"
    case ising
    case dw4, lj13
  }

  public var name = Name.mog2
  public var path = "Data/blr/heart.h5"
  public var temperature = 2.0
  public var side = 16
  public var pairs = "once"

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "which energy")
    switch name {
    case .logisticRegression: try keys.path("path", &path, "HDF5 file with features and labels")
    case .ising:
      try keys.integer("side", &side, 4...64, "spins along one side of the torus")
      try keys.number("temperature", &temperature, .positive, "temperature in units of the coupling")
    case .lj13: try keys.name("pairs", &pairs, among: ["once", "twice"], "how often the energy counts each pair of particles")
    default: break
    }
  }
}

/// The generator p(x|z).
public struct DecoderSection: RecipeSection, Sendable {
  public enum Kind: String, CaseIterable, Sendable { case plain, hamiltonian }

  public var kind = Kind.hamiltonian
  public var hidden = [64, 64]
  public var spread = 1.0
  public var deviation = 0.5
  public var blocks = 1
  public var iterations = 3
  public var baseStep = 0.1
  public var blockHidden = [16]
  public var gradientLimit: Double?

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("kind", &kind, "a network alone, or one followed by generalised Hamiltonian dynamics on the target")
    try keys.integers("hidden", &hidden, 1...4096, count: 1...8, "widths of the hidden layers of the network")
    try keys.number("spread", &spread, .positive, "standard deviation of the positions before training")
    try keys.number("deviation", &deviation, .positive, "of the plain decoder: standard deviation of its noise before training")
    try keys.integer("blocks", &blocks, 0...100, "K, blocks of dynamics, each with fresh velocities")
    try keys.integer("iterations", &iterations, 1...100, "leapfrog steps of a block")
    try keys.number("baseStep", &baseStep, .positive, "ε₀, the step before training")
    try keys.integers("blockHidden", &blockHidden, 1...4096, count: 1...8, "widths of the hidden layers of the corrections")
    try keys.optionalNumber(
      "gradientLimit", &gradientLimit, .positive, "largest norm of ∇U, in the dynamics and in the loss; null for none")
  }
}

/// The encoder: the diffusion of latents, its score, and how the bound is estimated.
public struct EncoderDiffusionSection: RecipeSection, Sendable {
  public enum Schedule: String, CaseIterable, Sendable { case vp, subvp }
  public enum Form: String, CaseIterable, Sendable { case denoising, hutchinson }
  public enum Times: String, CaseIterable, Sendable { case importance, uniform }
  public enum Gate: String, CaseIterable, Sendable { case learned, linear }

  public var schedule = Schedule.vp
  public var form = Form.denoising
  public var times = Times.importance
  public var start = 1e-4
  public var gate = Gate.learned
  public var width = 96
  public var blocks = 2

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("schedule", &schedule, "variance-preserving or sub-variance-preserving diffusion")
    try keys.choice("form", &form, "the divergence of the score by denoising, or by random signs")
    try keys.choice("times", &times, "times drawn in proportion to the loss's noise, or uniformly")
    try keys.number("start", &start, .between(1e-8, 0.1), "earliest time that is drawn")
    try keys.choice("gate", &gate, "how the exact score at time 0 fades: as a network learns it, or linearly as published")
    try keys.integer("width", &width, 1...4096, "width of the score's residual network")
    try keys.integer("blocks", &blocks, 0...32, "residual blocks of the score's network")
  }
}

/// What training starts from, so that modes are found before barriers stand between them.
public struct AnnealingSection: RecipeSection, Sendable {
  public enum Kind: String, CaseIterable, Sendable { case none, temperature, broad }

  public var kind = Kind.none
  public var fraction = 0.6
  public var from = 2.0
  public var to = 16.0
  public var scale = 4.5
  public var freezeSteps = 300

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("kind", &kind, "nothing, a rising inverse temperature, or a broad normal under the target that fades")
    try keys.number("fraction", &fraction, .between(0, 1), "of the steps, until the target itself is trained on")
    try keys.number("from", &from, .any, "inverse temperature, or energy of the broad normal's centre, at the start")
    try keys.number("to", &to, .any, "of the broad normal: its energy when it is dropped")
    try keys.number("scale", &scale, .positive, "of the broad normal: its standard deviation")
    try keys.integer("freezeSteps", &freezeSteps, 0...1_000_000, "first steps, in which the score alone is trained")
  }
}

/// How much work `evaluate` and `report` do.
public struct WeightingSection: RecipeSection, Sendable {
  public var samples = 20_000
  public var chainSteps = 128
  public var discrepancyPoints = 5_000

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("samples", &samples, 256...10_000_000, "weighted draws from the trained model")
    try keys.integer("chainSteps", &chainSteps, 4...4096, "steps of the encoder's chain by which draws are weighed")
    try keys.integer("discrepancyPoints", &discrepancyPoints, 100...100_000, "draws, and exact draws, between which the MMD is taken")
  }
}
