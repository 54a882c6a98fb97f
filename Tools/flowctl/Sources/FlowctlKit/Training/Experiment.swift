import DataIO
import Plotting

/// A model in training together with its data: what the training loop, the sampler, and the report need to know of it.
///
/// Built from a resolved recipe by an `ExperimentBuilder`; the same recipe and seed must give the same bits.
public protocol Experiment: AnyObject {
  /// Names of what `advance()` returns: `loss` first, then for instance `gradient_norm`, `learning_rate`.
  var metricNames: [String] { get }

  /// Optimiser steps taken; restored from the checkpoint.
  var completedSteps: Int { get }

  /// Facts for the report and `--dry-run`, such as `("parameters", "34,178")`.
  var facts: [(name: String, value: String)] { get }

  /// Takes one optimiser step and returns its metrics in the order of `metricNames`.
  func advance() throws -> [Double]

  /// Path of the first parameter, in the order of the module's walk, that holds a NaN or an infinity.
  func firstNonFiniteParameter() -> String?

  /// Writes everything that the next step depends on: parameters, optimiser, averages, keys, position in the data, steps taken.
  /// The file appears whole or not at all.
  func saveCheckpoint(to path: String) throws

  /// What `saveCheckpoint` would write, as it is now, so that it can be written while training goes on; nil where that is not offered.
  func capturedCheckpoint() throws -> PendingCheckpoint?

  /// Seconds that training waited for data so far; nil where no data is read.
  var dataSeconds: Double? { get }

  /// Restores what `saveCheckpoint` wrote; strict about names, shapes, and types.
  func restoreCheckpoint(from path: String) throws

  /// `count` draws from the trained model.
  func sample(count: Int, seed: Int) throws -> SampleSet

  /// Arrays by which another implementation can check that it read the checkpoint right, such as points before and after the
  /// flow under `prior/position` and `data/position`.
  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray]

  /// `log p` of each row of `values`, `[rows, names.count]`, in nats and in units of the data.
  func logDensities(_ values: [Double], names: [String]) throws -> [Double]

  /// Figures of merit, beside exact and published values where there are any.
  func evaluate() throws -> Evaluation

  /// What the report shows besides the training curves.
  func figures() throws -> [Figure]
}

extension Experiment {
  public func saveCheckpoint(to path: String) throws {
    guard let checkpoint = try capturedCheckpoint() else {
      preconditionFailure("\(Self.self): an experiment offers capturedCheckpoint or saveCheckpoint; it has neither")
    }
    try checkpoint().write(to: path)
  }

  public var dataSeconds: Double? { nil }

  public func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    throw UserError.failure("this experiment has no reference points")
  }

  public func logDensities(_ values: [Double], names: [String]) throws -> [Double] {
    throw UserError.failure("this experiment has no density of rows; 'flowctl density' takes runs of planar-density and table-density")
  }
}

/// A checkpoint of the moment in which it was captured; the arrays are copied out of the model where it is called, on whatever thread.
public typealias PendingCheckpoint = @Sendable () throws -> CheckpointFile

/// An array with the path under which a file of reference points holds it.
public struct ReferenceArray: Sendable {
  public let path: String
  /// `[points, features]`
  public let shape: [Int]
  public let values: [Double]

  public init(path: String, shape: [Int], values: [Double]) {
    self.path = path
    self.shape = shape
    self.values = values
  }
}

/// What an experiment may know of its surroundings besides the recipe.
public struct ExperimentContext: Sendable {
  /// Folder against which relative paths in a recipe are resolved.
  public let workspaceFolder: String
  /// Worker threads; results do not depend on it.
  public let threads: Int

  public init(workspaceFolder: String, threads: Int) {
    self.workspaceFolder = workspaceFolder
    self.threads = threads
  }

  /// A path of the recipe as an absolute path.
  public func resolve(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileAccess.absolute("\(workspaceFolder)/\(path)")
  }
}

/// Makes the experiment that a recipe describes; throws `UserError` for data that is missing or wrong.
public typealias ExperimentBuilder = @Sendable (ResolvedRecipe, ExperimentContext) throws -> any Experiment

/// Draws with the names of their columns.
public struct SampleSet: Sendable {
  /// One name per column.
  public let names: [String]
  /// `[count, names.count]`, row after row.
  public let values: [Double]
  /// Logarithm of each draw's importance weight, where the target density is known.
  public let logWeights: [Double]?

  public init(names: [String], values: [Double], logWeights: [Double]? = nil) {
    precondition(
      !names.isEmpty && values.count % names.count == 0,
      "SampleSet: \(values.count) values do not fill rows of \(names.count) columns; pass [count, \(names.count)] values")
    self.names = names
    self.values = values
    self.logWeights = logWeights
  }

  public var count: Int { values.count / names.count }

  /// One column, `[count]`.
  public func column(_ index: Int) -> [Double] { stride(from: index, to: values.count, by: names.count).map { values[$0] } }
}
