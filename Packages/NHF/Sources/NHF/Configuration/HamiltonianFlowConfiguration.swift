import Autodiff
import NeuralNetworks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Everything that defines an untrained flow but its random key; every key has a default.
public struct HamiltonianFlowConfiguration: Codable, Sendable, Hashable {
  /// `d`; default 2.
  public var dimension: Int
  /// Network of `V`.
  public var potential: NetworkConfiguration
  public var kinetic: KineticConfiguration
  /// Networks of the encoder's mean and log standard deviation.
  public var encoder: NetworkConfiguration
  public var prior: PriorConfiguration
  /// `L`; default 5.
  public var leapfrogSteps: Int
  /// `T`; default 1.
  public var integrationTime: Double

  public init(
    dimension: Int = 2, potential: NetworkConfiguration = NetworkConfiguration(), kinetic: KineticConfiguration = KineticConfiguration(),
    encoder: NetworkConfiguration = NetworkConfiguration(), prior: PriorConfiguration = PriorConfiguration(), leapfrogSteps: Int = 5,
    integrationTime: Double = 1
  ) {
    self.dimension = dimension
    self.potential = potential
    self.kinetic = kinetic
    self.encoder = encoder
    self.prior = prior
    self.leapfrogSteps = leapfrogSteps
    self.integrationTime = integrationTime
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    dimension = try values.decodeIfPresent(Int.self, forKey: .dimension) ?? dimension
    potential = try values.decodeIfPresent(NetworkConfiguration.self, forKey: .potential) ?? potential
    kinetic = try values.decodeIfPresent(KineticConfiguration.self, forKey: .kinetic) ?? kinetic
    encoder = try values.decodeIfPresent(NetworkConfiguration.self, forKey: .encoder) ?? encoder
    prior = try values.decodeIfPresent(PriorConfiguration.self, forKey: .prior) ?? prior
    leapfrogSteps = try values.decodeIfPresent(Int.self, forKey: .leapfrogSteps) ?? leapfrogSteps
    integrationTime = try values.decodeIfPresent(Double.self, forKey: .integrationTime) ?? integrationTime
  }

  /// Throws for the first value that cannot be used.
  public func validate() throws(ConfigurationError) {
    guard dimension > 0 else { throw ConfigurationError(path: "dimension", found: "\(dimension)", expected: "a positive number") }
    guard (1...10_000).contains(leapfrogSteps) else {
      throw ConfigurationError(path: "leapfrogSteps", found: "\(leapfrogSteps)", expected: "a number of steps between 1 and 10000")
    }
    guard integrationTime > 0 && integrationTime.isFinite else {
      throw ConfigurationError(path: "integrationTime", found: "\(integrationTime)", expected: "a positive time")
    }
    try potential.validate(at: "potential", smooth: true)
    if kinetic.form == .learned { try kinetic.network.validate(at: "kinetic.network", smooth: true) }
    try encoder.validate(at: "encoder", smooth: false)
    try prior.validate(at: "prior")
  }
}

extension HamiltonianFlow where Potential == NeuralPotential {
  /// What an untrained flow is made from.
  public typealias Configuration = HamiltonianFlowConfiguration

  /// An untrained flow; throws `ConfigurationError` where the configuration cannot be used.
  ///
  /// Mass is the identity. The encoder starts as the momentum prior, its best value where the flow is short.
  public init(_ configuration: Configuration, key: Key, dtype: DType = .float32) throws(ConfigurationError) {
    try configuration.validate()
    let d = configuration.dimension
    let keys = key.split(4)
    let network = { (c: NetworkConfiguration, outputs: Int, last: Initializer?, key: Key) in
      MLP(sizes: [d] + c.hidden + [outputs], activation: c.activation, lastInitializer: last, key: key, dtype: dtype)
    }
    let kinetic: KineticEnergy =
      switch configuration.kinetic.form {
      case .scalar: .scalar(scale: Tensor(1, dtype: dtype))
      case .diagonal: .diagonal(scale: Tensor.ones([d], dtype: dtype))
      case .full: .full(factor: Tensor.identity(d, dtype: dtype))
      case .learned: .learned(network(configuration.kinetic.network, 1, nil, keys[1]))
      }
    var encoder = MomentumEncoder(
      mean: network(configuration.encoder, d, .zeros, keys[2]), logStandardDeviation: network(configuration.encoder, d, .zeros, keys[3]))
    let last = encoder.logStandardDeviation.layers.count - 1
    encoder.logStandardDeviation.layers[last].bias =
      Tensor.full([d], log(configuration.prior.momentumStandardDeviation), dtype: dtype)
    self.init(
      potential: NeuralPotential(network(configuration.potential, 1, nil, keys[0])), kinetic: kinetic, encoder: encoder,
      prior: configuration.prior.prior(dimension: d), leapfrogSteps: configuration.leapfrogSteps,
      integrationTime: configuration.integrationTime)
  }
}
