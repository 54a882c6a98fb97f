import KernelFlows
import NeuralNetworks

/// Keys of `density-comparison`: flows with kernels and with networks, trained alike on small samples of tables.
public struct DensityComparisonSettings: ExperimentSettings {
  public var comparison = ComparisonSection()
  public var kernel = FlowTrainingSection()
  public var neural = FlowTrainingSection()
  public var sampleCount: Int { 0 }

  public init() {
    kernel.model.configuration.layers = 6
    neural.model.configuration.architecture = .realNVP
  }

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.section("comparison", &comparison)
    try keys.section("kernel", &kernel)
    try keys.section("neural", &neural)
  }
}

/// What is compared.
public struct ComparisonSection: RecipeSection, Sendable {
  public var tables = "Data/tabular/power_plant.h5,Data/tabular/wine_quality_white.h5"
  public var models = FlowArchitecture.allCases.map(\.rawValue).joined(separator: ",")
  public var rows = 500
  public var validationRows = 500
  public var seeds = 5
  public var seconds = 0.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.text("tables", &tables, "HDF5 or CSV files, parted by commas; relative paths start at the workspace")
    try keys.text("models", &models, "architectures, parted by commas, as in model.architecture of table-density")
    try keys.integer("rows", &rows, 0...100_000_000, "training rows, drawn anew for each seed; 0 for all")
    try keys.integer("validationRows", &validationRows, 1...100_000_000, "validation rows at most")
    try keys.integer("seeds", &seeds, 2...1000, "trainings of each model on each table")
    try keys.number(
      "seconds", &seconds, .atLeast(0),
      "wall-clock seconds of a training, from which its steps follow by the pace of the first; 0: steps as given")
  }

  /// One training for each table, seed and model, in this order.
  public var fitCount: Int { paths.count * seeds * modelNames.count }

  var paths: [String] { separated(tables) }
  var modelNames: [String] { separated(models) }

  func architectures() throws(UserError) -> [FlowArchitecture] {
    var found: [FlowArchitecture] = []
    for name in modelNames {
      guard let architecture = FlowArchitecture(rawValue: name) else {
        let all = FlowArchitecture.allCases.map(\.rawValue)
        throw .failure("comparison.models: no model '\(name)'\(Suggestion.sentence(Suggestion.nearest(to: name, among: all)))")
      }
      found.append(architecture)
    }
    return found
  }
}

/// The parts of a list that is written as one text.
func separated(_ list: String) -> [String] {
  list.split(separator: ",").map { $0.drop { $0 == " " } }.map { String($0) }
}

/// A flow and its training, for all architectures of one kind.
public struct FlowTrainingSection: RecipeSection, Sendable {
  public var model = KernelFlowSection()
  public var steps = 1000
  public var batchSize = 100
  public var learningRate = 1e-2
  public var weightDecay = 0.0
  public var penalty = 0.0
  public var validationEvery = 10
  public var patience = 30

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.section("model", &model)
    try keys.integer("steps", &steps, 1...100_000_000, "optimiser steps at most")
    try keys.integer("batchSize", &batchSize, 1...1_000_000, "rows per step")
    try keys.number("learningRate", &learningRate, .positive, "step size of Adam at the start of half a cosine down to 0")
    try keys.number("weightDecay", &weightDecay, .atLeast(0), "decay of the weights, outside of Adam's moments")
    try keys.number("penalty", &penalty, .atLeast(0), "weight of the squared norm of the kernel maps in the loss")
    try keys.integer("validationEvery", &validationEvery, 1...1_000_000, "steps between looks at the validation rows")
    try keys.integer("patience", &patience, 1...1_000_000, "looks without improvement after which training ends")
  }

  func training(steps: Int) -> MaximumLikelihood {
    MaximumLikelihood(
      steps: steps, batchSize: batchSize, learningRate: .cosine(peak: learningRate, total: steps, floor: 0), weightDecay: weightDecay,
      penalty: penalty, validationEvery: validationEvery, patience: patience)
  }
}
