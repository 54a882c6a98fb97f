import KernelFlows
import NeuralNetworks
import Probability

/// Which flow: one with kernels, or one of the neural flows that it is compared with.
public struct KernelFlowSection: RecipeSection, Sendable {
  public var configuration = KernelFlowConfiguration()

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("architecture", &configuration.architecture, "ff-... have kernels, the others networks")
    try keys.integer("layers", &configuration.layers, 1...1000, "coupling or autoregressive layers")
    try keys.choice("form", &configuration.form, "what a layer without spline does to the coordinates that it changes")
    try keys.optionalNumber("logScaleBound", &configuration.logScaleBound, .positive, "bound b of log scales, b tanh(raw/b); null for none")
    try keys.choice("expansion", &configuration.expansion, "how kernel functions are held")
    try keys.integer("points", &configuration.points, 1...1_000_000, "auxiliary points, or random features, of each layer")
    try keys.section("kernel", &kernel)
    try keys.integers("hidden", &configuration.hidden, 1...65_536, count: 0...16, "hidden layers of networks")
    try keys.choice("activation", &configuration.activation, "of networks")
    try keys.integer("bins", &configuration.bins, 2...64, "bins of splines")
    try keys.number("reach", &configuration.reach, .positive, "splines change [-reach, reach]")
  }

  private var kernel: KernelSection {
    get { KernelSection(configuration: configuration.kernel) }
    set { configuration.kernel = newValue.configuration }
  }
}

/// The kernel of every layer.
private struct KernelSection: RecipeSection {
  var configuration: KernelConfiguration

  mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("form", &configuration.form, "the function of the distance")
    try keys.flag("perDimension", &configuration.isPerDimension, "a lengthscale for each coordinate")
    try keys.number("medianFactor", &configuration.medianFactor, .positive, "lengthscale at the start over the median distance")
  }
}

/// When the parameters are kept, and what holds them back.
public struct StoppingSection: RecipeSection, Sendable {
  public var validationEvery = 50
  public var penalty = 0.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer(
      "validationEvery", &validationEvery, 1...1_000_000, "steps between looks at the validation rows; the best parameters are kept")
    try keys.number("penalty", &penalty, .atLeast(0), "weight of the squared norm of the kernel maps in the loss")
  }
}

/// Points of the plane, generated from the seed.
public struct PlanarDataSection: DataSection {
  public var name = PlanarData.checkerboard
  public var count = 100_000

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "which density")
    try keys.integer("count", &count, 100...10_000_000, "training points drawn")
  }
}

/// A table of numbers.
public struct TableDataSection: DataSection {
  public var path = "Data/tabular/power_plant.h5"
  public var rows = 0
  public var drop = ""
  public var dropIncomplete = false

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.path("path", &path, "HDF5 file in the dataset schema, or a CSV file, which is split 81/9/10 %")
    try keys.integer("rows", &rows, 0...100_000_000, "training rows drawn from the table by the seed; 0 for all")
    try keys.text("drop", &drop, "names of columns to leave out, parted by commas")
    try keys.flag("dropIncomplete", &dropIncomplete, "leave out rows with missing numbers instead of refusing them")
  }
}

/// How much work `evaluate` and `report` do.
public struct DensityEvaluationSection: RecipeSection, Sendable {
  public var samples = 10_000
  public var gridPoints = 200

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("samples", &samples, 100...10_000_000, "draws from the trained model")
    try keys.integer("gridPoints", &gridPoints, 16...2048, "points per axis of the picture of the density")
  }
}

/// Keys of an experiment that learns a density by maximum likelihood.
public struct DensitySettings<Data: DataSection>: ExperimentSettings {
  public var learning = LearningSettings()
  public var model = KernelFlowSection()
  public var stopping = StoppingSection()
  public var data = Data()
  public var evaluation = DensityEvaluationSection()
  public var sampleCount: Int { evaluation.samples }

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try learning.walk(&keys)
    try keys.section("model", &model)
    try keys.section("stopping", &stopping)
    try keys.section("data", &data)
    try keys.section("evaluation", &evaluation)
  }
}

/// Keys of `planar-density`.
public typealias PlanarDensitySettings = DensitySettings<PlanarDataSection>

/// Keys of `table-density`.
public typealias TableDensitySettings = DensitySettings<TableDataSection>
