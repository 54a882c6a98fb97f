import Autodiff
import NeuralNetworks

/// The network of a predictor; every key has a default.
public struct PredictorConfiguration: Codable, Sendable, Hashable {
  /// Layers one after the other, or blocks that add to what they are given.
  public enum Network: String, Codable, Sendable, CaseIterable { case perceptron, residual }
  /// How the time enters: by fixed frequencies, or by random ones.
  public enum Time: String, Codable, Sendable, CaseIterable { case sinusoidal, fourier }

  public var network: Network
  /// Width of the hidden layers.
  public var width: Int
  /// Hidden layers of a perceptron, or residual blocks of two layers.
  public var depth: Int
  public var activation: Activation
  public var time: Time
  public var timeFrequencies: Int
  /// Features of the context, 0 for none.
  public var contextFeatures: Int
  /// Whether the best linear predictor stands beside the network.
  public var preconditioned: Bool
  /// Standard deviation of the data.
  public var dataScale: Double

  public init(
    network: Network = .perceptron, width: Int = 128, depth: Int = 3, activation: Activation = .silu, time: Time = .sinusoidal,
    timeFrequencies: Int = 8, contextFeatures: Int = 0, preconditioned: Bool = true, dataScale: Double = 1
  ) {
    self.network = network
    self.width = width
    self.depth = depth
    self.activation = activation
    self.time = time
    self.timeFrequencies = timeFrequencies
    self.contextFeatures = contextFeatures
    self.preconditioned = preconditioned
    self.dataScale = dataScale
  }

  /// Throws for the first value that cannot be used.
  public func validate() throws(ConfigurationError) {
    for (path, value, least) in [
      ("width", width, 1), ("depth", depth, 1), ("timeFrequencies", timeFrequencies, 1), ("contextFeatures", contextFeatures, 0),
    ] {
      guard (least...65_536).contains(value) else {
        throw ConfigurationError(path: "predictor.\(path)", found: "\(value)", expected: "a number from \(least) to 65536")
      }
    }
    guard dataScale > 0 && dataScale.isFinite else {
      throw ConfigurationError(path: "predictor.dataScale", found: "\(dataScale)", expected: "a positive number")
    }
  }
}

extension NetworkVelocityPredictor where Network == VelocityNetwork {
  /// An untrained predictor for a process; its output layer starts at zero, so that it starts as the best linear predictor where it
  /// is preconditioned.
  public init(
    _ configuration: PredictorConfiguration, for process: HamiltonianProcess, key: Key, dtype: DType = .float32
  ) throws(ConfigurationError) {
    try configuration.validate()
    let keys = key.split()
    // Noise levels of diffusion span decades, fractions of an oscillation do not.
    let isDiffusion = process.path?.force == .zero && process.duration > 10
    let scale: TimeFeatures.Scale = isDiffusion ? .logarithmic : .linear(duration: process.duration)
    let time: TimeFeatures =
      switch configuration.time {
      case .sinusoidal: TimeFeatures(scale: scale, frequencies: configuration.timeFrequencies)
      case .fourier:
        TimeFeatures(
          scale: scale,
          waves: .fourier(FourierFeatures(1, frequencies: configuration.timeFrequencies, scale: 1, key: keys[1], dtype: dtype)))
      }
    let position: PositionFeatures =
      if let torus = process.force as? PeriodicBox { .circular(torus.lower[0]...torus.upper[0]) } else { .coordinates }
    let d = process.dimension
    let inputs = position.count(d) + time.count + configuration.contextFeatures
    let (width, depth) = (configuration.width, configuration.depth)
    let network: VelocityNetwork =
      switch configuration.network {
      case .perceptron:
        .perceptron(
          MLP(
            sizes: [inputs] + Array(repeating: width, count: depth) + [d], activation: configuration.activation, lastInitializer: .zeros,
            key: keys[0], dtype: dtype))
      case .residual:
        .residual(
          ResidualMLP(
            inputs, d, width: width, blocks: depth, activation: configuration.activation, lastInitializer: .zeros, key: keys[0],
            dtype: dtype))
      }
    var preconditioning = Preconditioning.none
    if configuration.preconditioned, let path = process.path { preconditioning = .path(path, dataScale: configuration.dataScale) }
    self.init(
      network, time: time, position: position, preconditioning: preconditioning, contextFeatures: configuration.contextFeatures)
  }
}
