/// How a model's parameters are found: the sections `optimizer` and `ema`, which every trained experiment walks.
public struct LearningSettings: RecipeSection, Sendable {
  public var optimizer = OptimizerSection()
  public var ema = AveragingSection()

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.section("optimizer", &optimizer)
    try keys.section("ema", &ema)
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
