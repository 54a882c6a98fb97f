/// Keys of `velocity-plane`.
public struct PlaneVelocitySettings: ExperimentSettings {
  public var learning = LearningSettings()
  public var process = ProcessSection()
  public var model = PredictorSection()
  public var data = ToyDataSection()
  public var sampler = SamplerSection()
  public var evaluation = VelocityEvaluationSection()
  public var sampleCount: Int { min(evaluation.samples, 10_000) }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("process", &process)
    try keys.section("model", &model)
    try keys.section("data", &data)
    try keys.section("sampler", &sampler)
    try keys.section("evaluation", &evaluation)
  }
}

/// Points of the line or the plane from a known law, as many as are asked for.
public struct ToyDataSection: RecipeSection, Sendable {
  public enum Name: String, CaseIterable, Sendable {
    case twoModes = "two-modes"
    case fourCorners = "four-corners"
    case checkerboard
  }

  public var name = Name.twoModes

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "0.4 N(-2, 1) + 0.6 N(2, 1), four Gaussians of deviation 0.5 at (±2, ±2), or a checkerboard on [-4, 4]²")
  }
}

/// How much work `evaluate` does.
public struct VelocityEvaluationSection: RecipeSection, Sendable {
  public var samples = 50_000
  public var likelihoodRows = 2_000

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("samples", &samples, 100...1_000_000, "draws that are held against as many fresh points")
    try keys.integer("likelihoodRows", &likelihoodRows, 10...1_000_000, "points whose likelihood is computed")
  }
}

/// Keys of `velocity-rows`.
public struct RowVelocitySettings: ExperimentSettings {
  public var learning = LearningSettings()
  public var process = ProcessSection()
  public var processes: [String] = []
  public var repeats = 1
  public var model = PredictorSection()
  public var data = RowDataSection()
  public var sampler = SamplerSection()
  public var evaluation = RowEvaluationSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("process", &process)
    try keys.texts("processes", &processes, "kinds of processes that are trained side by side and compared; empty for process.kind alone")
    try keys.integer("repeats", &repeats, 1...32, "models of each kind, from as many seeds")
    try keys.section("model", &model)
    try keys.section("data", &data)
    try keys.section("sampler", &sampler)
    try keys.section("evaluation", &evaluation)
  }
}

/// Rows of a file in the dataset schema.
public struct RowDataSection: RecipeSection, Sendable {
  public var path = "Data/images/digits.h5"
  public var levels = 17
  public var labels = false
  public var labelDropout = 0.15
  public var streamed = false

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.path("path", &path, "HDF5 file in the dataset schema: /train/x, /test/x")
    try keys.integer("levels", &levels, 0...65_536, "grey levels of images, made continuous by noise of one level; 0 for rows as they are")
    try keys.flag("labels", &labels, "give the classes /train/y to the model")
    try keys.number("labelDropout", &labelDropout, .between(0, 1), "share of rows trained without their label")
    try keys.flag("streamed", &streamed, "read batches from the file while training: for data larger than memory")
  }
}

/// How much work `evaluate` does.
public struct RowEvaluationSection: RecipeSection, Sendable {
  public var samples = 1_000
  public var budgets = [5, 10, 20, 50]
  public var split = Split.test

  public enum Split: String, CaseIterable, Sendable { case validation, test }

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("samples", &samples, 100...1_000_000, "draws, and training rows beside them")
    try keys.integers("budgets", &budgets, 1...100_000, count: 1...16, "evaluations of the predictor for which draws are judged")
    try keys.choice("split", &split, "rows that draws are judged by: validation for choosing settings, test for the figures")
  }
}
