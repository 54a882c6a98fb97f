/// What a run is made from: every key with its default, as the strict decoder reads them.
public struct Recipe: RecipeSection, Sendable {
  /// Which experiment the other keys describe.
  public enum ExperimentName: String, CaseIterable, Sendable {
    case supernovaPosterior = "supernova-posterior"
    case gaussianMixture = "gaussian-mixture"
    case digitImages = "digit-images"
  }

  public enum Precision: String, CaseIterable, Sendable { case float32, float64 }

  public var title = ""
  public var about: [String] = []
  public var reference = ""
  public var experiment = ExperimentName.gaussianMixture
  public var seed = 0
  public var precision = Precision.float32
  public var training = TrainingSection()
  public var optimizer = OptimizerSection()
  public var ema = AveragingSection()
  public var model = ModelSection()
  public var supernovae = SupernovaDataSection()
  public var posterior = PosteriorSection()
  public var mixture = MixtureDataSection()
  public var digits = DigitDataSection()
  public var evaluation = EvaluationSection()

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.text("title", &title, "one line shown by `flowctl list` and at the head of the report")
    try keys.texts("about", &about, "what the run shows and why its numbers are what they are, one text per paragraph")
    try keys.text("reference", &reference, "the paper or data release behind the run")
    try keys.choice("experiment", &experiment, "which experiment the other keys describe")
    try keys.integer("seed", &seed, 0...Int.max, "seed of every random number of the run")
    try keys.choice("precision", &precision, "floating-point type of parameters and arithmetic")
    try keys.section("training", &training)
    try keys.section("optimizer", &optimizer)
    try keys.section("ema", &ema)
    try keys.section("model", &model)
    switch experiment {
    case .supernovaPosterior:
      try keys.section("data", &supernovae)
      try keys.section("posterior", &posterior)
    case .gaussianMixture: try keys.section("data", &mixture)
    case .digitImages: try keys.section("data", &digits)
    }
    try keys.section("evaluation", &evaluation)
  }
}

/// How long, how large, and how often to save.
public struct TrainingSection: RecipeSection, Sendable {
  public var steps = 2000
  public var batchSize = 256
  public var checkpointEvery = 500
  public var metricsEvery = 10

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("steps", &steps, 1...100_000_000, "optimiser steps of the whole run")
    try keys.integer("batchSize", &batchSize, 1...1_000_000, "examples or prior draws per step")
    try keys.integer("checkpointEvery", &checkpointEvery, 1...100_000_000, "steps between checkpoints; the last step always has one")
    try keys.integer("metricsEvery", &metricsEvery, 1...1_000_000, "steps between rows of metrics.csv")
  }
}

/// Adam with a schedule: Kingma and Ba (2015), arXiv:1412.6980.
public struct OptimizerSection: RecipeSection, Sendable {
  public var learningRate = 1e-3
  public var schedule = ScheduleSection()
  public var firstMomentDecay = 0.9
  public var secondMomentDecay = 0.999
  public var epsilon = 1e-8
  public var clipNorm: Double?

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.number("learningRate", &learningRate, .positive, "step size of Adam at the top of the schedule")
    try keys.section("schedule", &schedule)
    try keys.number("firstMomentDecay", &firstMomentDecay, .below(1, from: 0), "Adam's beta1")
    try keys.number("secondMomentDecay", &secondMomentDecay, .below(1, from: 0), "Adam's beta2")
    try keys.number("epsilon", &epsilon, .positive, "Adam's epsilon")
    try keys.optionalNumber("clipNorm", &clipNorm, .positive, "largest Euclidean norm of the whole gradient; null for no limit")
  }
}

/// How the learning rate moves: a linear rise over `warmupSteps`, then constant, or a half cosine down to `finalFraction` of the top.
public struct ScheduleSection: RecipeSection, Sendable {
  public enum Kind: String, CaseIterable, Sendable { case constant, cosine }

  public var kind = Kind.constant
  public var warmupSteps = 0
  public var finalFraction = 0.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("kind", &kind, "shape of the learning rate after the warm-up")
    try keys.integer("warmupSteps", &warmupSteps, 0...100_000_000, "steps of linear rise from zero")
    try keys.number("finalFraction", &finalFraction, .between(0, 1), "learning rate at the last step, as a fraction of the top")
  }
}

/// The exponential moving average of the parameters that sampling and evaluation use.
public struct AveragingSection: RecipeSection, Sendable {
  public var decay = 0.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.number("decay", &decay, .below(1, from: 0), "decay of the moving average of the parameters; 0 uses the last parameters")
  }
}

/// How much work `evaluate` and `report` do.
public struct EvaluationSection: RecipeSection, Sendable {
  public var samples = 10_000
  public var importanceSamples = 64
  public var gridPoints = 256

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("samples", &samples, 100...10_000_000, "draws from the trained model")
    try keys.integer("importanceSamples", &importanceSamples, 1...100_000, "momentum draws per point in the likelihood estimate (IWAE)")
    try keys.integer("gridPoints", &gridPoints, 16...2048, "points per axis of grids: exact quadrature and the map of V")
  }
}
