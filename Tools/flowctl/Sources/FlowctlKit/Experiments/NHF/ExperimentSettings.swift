/// Keys of an experiment with a neural Hamiltonian flow: how it learns, the flow, its data, and what is looked at.
public struct FlowSettings<Data: DataSection>: ExperimentSettings {
  public var learning = LearningSettings()
  public var model = FlowSection()
  public var data = Data()
  public var evaluation = FlowEvaluationSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("model", &model)
    try keys.section("data", &data)
    try keys.section("evaluation", &evaluation)
  }
}

/// Keys of `gaussian-mixture`.
public typealias MixtureSettings = FlowSettings<MixtureDataSection>

/// Keys of `digit-images`.
public typealias DigitSettings = FlowSettings<DigitDataSection>

/// Keys of `supernova-posterior`.
public struct SupernovaSettings: ExperimentSettings {
  public var flow = FlowSettings<SupernovaDataSection>()
  public var posterior = PosteriorSection()
  public var sampleCount: Int { flow.sampleCount }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try flow.walk(&keys)
    try keys.section("posterior", &posterior)
  }
}
