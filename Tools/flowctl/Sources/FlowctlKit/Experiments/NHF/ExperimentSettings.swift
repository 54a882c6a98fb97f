/// Keys of `supernova-posterior`.
public struct SupernovaSettings: ExperimentSettings {
  public var learning = LearningSettings()
  public var model = FlowSection()
  public var supernovae = SupernovaDataSection()
  public var posterior = PosteriorSection()
  public var evaluation = FlowEvaluationSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("model", &model)
    try keys.section("data", &supernovae)
    try keys.section("posterior", &posterior)
    try keys.section("evaluation", &evaluation)
  }
}

/// Keys of `gaussian-mixture`.
public struct MixtureSettings: ExperimentSettings {
  public var learning = LearningSettings()
  public var model = FlowSection()
  public var mixture = MixtureDataSection()
  public var evaluation = FlowEvaluationSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("model", &model)
    try keys.section("data", &mixture)
    try keys.section("evaluation", &evaluation)
  }
}

/// Keys of `digit-images`.
public struct DigitSettings: ExperimentSettings {
  public var learning = LearningSettings()
  public var model = FlowSection()
  public var digits = DigitDataSection()
  public var evaluation = FlowEvaluationSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("model", &model)
    try keys.section("data", &digits)
    try keys.section("evaluation", &evaluation)
  }
}
