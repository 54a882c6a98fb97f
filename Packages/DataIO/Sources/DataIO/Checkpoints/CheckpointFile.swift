import HDF5

/// A checkpoint: all that a run needs to go on, readable without any model code. Layout: FORMAT.md, section 3.
public struct CheckpointFile: Sendable, Equatable {
  /// State of an optimiser.
  public struct Optimizer: Sendable, Equatable {
    /// For instance `adam`.
    public var kind: String
    public var step: Int
    /// Other attributes, such as the learning rate.
    public var attributes: [String: AttributeValue]
    /// For instance `first.layers.0.weight`.
    public var arrays: [StoredArray]

    public init(kind: String, step: Int, attributes: [String: AttributeValue] = [:], arrays: [StoredArray]) {
      self.kind = kind
      self.step = step
      self.attributes = attributes
      self.arrays = arrays
    }
  }

  /// A named key of the random-number generator.
  public struct RandomKey: Sendable, Equatable {
    public var name: String
    public var words: KeyWords

    public init(name: String, words: KeyWords) {
      self.name = name
      self.words = words
    }
  }

  /// Which data, and where in it.
  public struct Data: Sendable, Equatable {
    /// Where the data came from, in the recipe's words.
    public var source: String
    /// SHA-256 of the data file; empty when the data is generated.
    public var sha256: String
    public var position: BatchPosition
    public var attributes: [String: AttributeValue]
    /// By which the model's numbers become physical ones; nil when the model sees physical numbers.
    public var scaling: Scaling?

    public init(
      source: String, sha256: String = "", position: BatchPosition, attributes: [String: AttributeValue] = [:], scaling: Scaling? = nil
    ) {
      self.source = source
      self.sha256 = sha256
      self.position = position
      self.attributes = attributes
      self.scaling = scaling
    }
  }

  /// How far the run has come.
  public struct Progress: Sendable, Equatable {
    public var step: Int
    public var metrics: MetricsHistory
    public var attributes: [String: AttributeValue]

    public init(step: Int, metrics: MetricsHistory = MetricsHistory(), attributes: [String: AttributeValue] = [:]) {
      self.step = step
      self.metrics = metrics
      self.attributes = attributes
    }
  }

  public var provenance: Provenance
  public var model: [StoredArray]
  /// Moving average of the parameters, under the model's paths; empty when there is none.
  public var ema: [StoredArray]
  public var optimizer: Optimizer?
  public var randomKeys: [RandomKey]
  public var data: Data?
  public var progress: Progress
  /// The resolved recipe, JSON.
  public var recipe: String
  /// The machine and the software, JSON.
  public var environment: String

  public init(
    provenance: Provenance, model: [StoredArray], ema: [StoredArray] = [], optimizer: Optimizer? = nil, randomKeys: [RandomKey] = [],
    data: Data? = nil, progress: Progress = Progress(step: 0), recipe: String = "{}", environment: String = "{}"
  ) {
    // The order of a file's names is alphabetical, and so is that of a value written to it.
    self.provenance = provenance
    self.model = model.sorted { $0.path < $1.path }
    self.ema = ema.sorted { $0.path < $1.path }
    self.optimizer = optimizer
    self.optimizer?.arrays.sort { $0.path < $1.path }
    self.randomKeys = randomKeys
    self.data = data
    self.progress = progress
    self.recipe = recipe
    self.environment = environment
  }

  /// The name of the generator, as stored.
  static let generator = "threefry2x32-20"
}
