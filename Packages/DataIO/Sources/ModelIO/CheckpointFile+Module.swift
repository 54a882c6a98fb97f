import Autodiff
import DataIO
import HDF5

extension CheckpointFile {
  /// A checkpoint of `model` and, where kept, of the moving average of its parameters.
  public init<Model: Module>(
    provenance: Provenance, model: Model, ema: Model? = nil, optimizer: Optimizer? = nil, randomKeys: [RandomKey] = [],
    data: Data? = nil, progress: Progress = Progress(step: 0), recipe: String = "{}", environment: String = "{}"
  ) {
    self.init(
      provenance: provenance, model: model.storedArrays(), ema: ema.map { $0.storedArrays().filter { $0.role == .parameter } } ?? [],
      optimizer: optimizer, randomKeys: randomKeys, data: data, progress: progress, recipe: recipe, environment: environment)
  }

  /// Puts `/model` into `model`, strictly; `file` names the checkpoint in errors.
  public func restore<Model: Module>(into model: inout Model, file: String, allowing allowances: Set<RestoreAllowance> = []) throws {
    try model.restore(from: self.model, file: file + ":/model", allowing: allowances)
  }

  /// Puts the moving averages into `model`, and `/model` where there is none: buffers have no average.
  public func restoreAverages<Model: Module>(
    into model: inout Model, file: String, allowing allowances: Set<RestoreAllowance> = []
  ) throws {
    let averaged = self.model.map { stored in
      StoredArray(path: stored.path, array: ema[stored.path] ?? stored.array, role: stored.role, axes: stored.axes)
    }
    try model.restore(from: averaged, file: file + ":/ema", allowing: allowances)
  }
}

extension CheckpointFile.Optimizer {
  /// The state of an optimiser that is a module, under its own paths: `first.layers.0.weight`.
  public init(kind: String, step: Int, attributes: [String: AttributeValue] = [:], state: some Module) {
    self.init(kind: kind, step: step, attributes: attributes, arrays: state.storedArrays())
  }

  /// Puts the arrays into `state`, strictly.
  public func restore<State: Module>(into state: inout State, file: String, allowing allowances: Set<RestoreAllowance> = []) throws {
    try state.restore(from: arrays, file: file + ":/optimizer", allowing: allowances)
  }
}

extension CheckpointFile.RandomKey {
  public init(name: String, key: Key) { self.init(name: name, words: KeyWords(key)) }

  public var key: Key { Key(words) }
}
