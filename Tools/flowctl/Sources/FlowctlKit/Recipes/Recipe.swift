/// What a run is made from: the keys that every run has, and those of its experiment.
public struct Recipe: RecipeSection, Sendable {
  public enum Precision: String, CaseIterable, Sendable { case float32, float64 }

  public var title = ""
  public var about: [String] = []
  public var reference = ""
  /// Which line of the `ExperimentCatalogue` the other keys describe.
  public var experiment = ExperimentCatalogue.standard
  public var seed = 0
  public var precision = Precision.float32
  public var training = TrainingSection()
  public var settings = ExperimentCatalogue.settings(of: ExperimentCatalogue.standard)

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.text("title", &title, "one line shown by `flowctl list` and at the head of the report")
    try keys.texts("about", &about, "what the run shows and why its numbers are what they are, one text per paragraph")
    try keys.text("reference", &reference, "the paper or data release behind the run")
    try keys.name("experiment", &experiment, among: ExperimentCatalogue.names, "which experiment the other keys describe")
    settings = ExperimentCatalogue.settings(of: experiment)
    try keys.integer("seed", &seed, 0...Int.max, "seed of every random number of the run")
    try keys.choice("precision", &precision, "floating-point type of parameters and arithmetic")
    try keys.section("training", &training)
    try settings.walk(&keys)
  }
}

/// The keys that one experiment adds: sections such as `optimizer`, `model`, `data`, `evaluation`, walked at the top level of a recipe.
public protocol ExperimentSettings: RecipeSection, Sendable {
  /// Draws that the sample file of a finished run holds.
  var sampleCount: Int { get }

  init()
}

/// The section `data` of an experiment.
public protocol DataSection: RecipeSection, Sendable {
  init()
}

/// How long, how large, and how often to save.
public struct TrainingSection: RecipeSection, Sendable {
  public var steps = 2000
  public var batchSize = 256
  public var checkpointEvery = 500
  public var metricsEvery = 10
  public var keepLast = 0
  public var keepBest = false

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.integer("steps", &steps, 1...100_000_000, "optimiser steps of the whole run")
    try keys.integer("batchSize", &batchSize, 1...1_000_000, "examples or prior draws per step")
    try keys.integer("checkpointEvery", &checkpointEvery, 1...100_000_000, "steps between checkpoints; the last step always has one")
    try keys.integer("metricsEvery", &metricsEvery, 1...1_000_000, "steps between rows of metrics.csv")
    try keys.integer("keepLast", &keepLast, 0...10_000, "checkpoints kept as step-<n>.h5 beside latest.h5")
    try keys.flag("keepBest", &keepBest, "whether the checkpoint of the lowest mean loss is kept as best.h5")
  }

  /// Whether the metrics of `step` are kept.
  func isRecorded(_ step: Int) -> Bool { step == 1 || step % metricsEvery == 0 || step == steps }
}
