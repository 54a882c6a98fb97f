import KernelFlows
import NeuralNetworks
import Probability

/// Keys of `density-scaling`: what random features cost as the rows grow, and what they give away.
public struct DensityScalingSettings: ExperimentSettings {
  public var scaling = ScalingSection()
  public var model = KernelFlowSection()
  public var sampleCount: Int { 0 }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.section("scaling", &scaling)
    try keys.section("model", &model)
  }
}

/// Numbers of rows, and the training that compares random features with auxiliary points.
public struct ScalingSection: RecipeSection, Sendable {
  public var name = PlanarData.pinwheel
  public var rows = [10_000, 100_000, 1_000_000]
  public var batchSize = 500
  public var comparisonRows = 20_000
  public var comparisonSteps = 2_000
  public var learningRate = 1e-2

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "which density of the plane the rows are drawn from")
    try keys.integers("rows", &rows, 1_000...100_000_000, count: 2...32, "training rows of which an epoch is timed, ascending")
    try keys.integer("batchSize", &batchSize, 1...1_000_000, "rows per step")
    try keys.integer("comparisonRows", &comparisonRows, 100...100_000_000, "training rows for random features and auxiliary points")
    try keys.integer("comparisonSteps", &comparisonSteps, 1...100_000_000, "steps of those two trainings")
    try keys.number("learningRate", &learningRate, .positive, "step size of Adam at the start of half a cosine down to 0")
  }

  /// One training for each number of rows, then one with random features and one with auxiliary points.
  var fitCount: Int { rows.count + 2 }
}
