import Autodiff
import NeuralNetworks
import Probability

/// Everything that defines an untrained flow but its data and random key; every key has a default.
public struct KernelFlowConfiguration: Codable, Sendable, Hashable {
  public var architecture: FlowArchitecture
  /// Coupling or autoregressive layers.
  public var layers: Int
  public var form: CouplingForm
  /// With a bound b, the log scale of affine layers is `b tanh(raw/b)`; kernels are bounded and need none.
  public var logScaleBound: Double?
  public var expansion: KernelExpansion
  /// Auxiliary points, or random features, of each layer.
  public var points: Int
  public var kernel: KernelConfiguration
  /// Hidden layers of neural conditioners.
  public var hidden: [Int]
  public var activation: Activation
  /// Bins of splines, and the range `[-reach, reach]` that they cover.
  public var bins: Int
  public var reach: Double

  public init(
    architecture: FlowArchitecture = .ferumalGlow, layers: Int = 8, form: CouplingForm = .affine, logScaleBound: Double? = nil,
    expansion: KernelExpansion = .auxiliaryPoints, points: Int = 150, kernel: KernelConfiguration = KernelConfiguration(),
    hidden: [Int] = [128, 128], activation: Activation = .relu, bins: Int = 8, reach: Double = 4
  ) {
    self.architecture = architecture
    self.layers = layers
    self.form = form
    self.logScaleBound = logScaleBound
    self.expansion = expansion
    self.points = points
    self.kernel = kernel
    self.hidden = hidden
    self.activation = activation
    self.bins = bins
    self.reach = reach
  }

  /// Throws for the first value that cannot be used with rows of `dimension` coordinates.
  public func validate(dimension: Int) throws(ConfigurationError) {
    func check(_ holds: Bool, _ path: String, _ found: String, _ expected: String) throws(ConfigurationError) {
      if !holds { throw ConfigurationError(path: path, found: found, expected: expected) }
    }
    try check(
      dimension >= 2, "dimension", "\(dimension)",
      "rows of two coordinates or more: a coupling keeps some to change the others; for one, use a mixture or a spline")
    try check(layers >= 1, "layers", "\(layers)", "a positive number")
    try check(points >= 1, "points", "\(points)", "a positive number")
    try check(
      kernel.medianFactor > 0 && kernel.medianFactor.isFinite, "kernel.medianFactor", "\(kernel.medianFactor)", "a positive number")
    try check(hidden.allSatisfy { $0 > 0 }, "hidden", "\(hidden)", "positive sizes")
    try check((2...64).contains(bins), "bins", "\(bins)", "a number between 2 and 64")
    try check(reach > 0 && reach.isFinite, "reach", "\(reach)", "a positive number")
    if let logScaleBound { try check(logScaleBound > 0, "logScaleBound", "\(logScaleBound)", "a positive number, or none") }
  }
}

extension KernelCouplingFlow {
  /// An untrained flow for `rows`, `[n, d]`: couplings at the identity, the rest from the data.
  ///
  /// With fewer rows than `points` it has one point for each row. Throws `ConfigurationError`.
  public init(
    _ configuration: KernelFlowConfiguration, rows: Tensor, key: Key, dtype: DType = .float32
  ) throws(ConfigurationError) {
    require(rows.rank == 2 && rows.shape[0] >= 1, "KernelCouplingFlow: rows \(rows.shape); give [n, d]")
    let keys = key.split(3)
    try self.init(configuration, dimension: rows.shape[1], rowCount: rows.shape[0], key: keys[0], dtype: dtype)
    self = initialized(from: rows.cast(to: dtype), key: keys[1])
  }

  /// The flow before it has seen its data, of the shapes that `rowCount` rows of `dimension` coordinates give it.
  public init(
    _ configuration: KernelFlowConfiguration, dimension: Int, rowCount: Int, key: Key, dtype: DType = .float32
  ) throws(ConfigurationError) {
    try configuration.validate(dimension: dimension)
    var parts: [any Bijection] = []
    for (index, layerKey) in key.split(configuration.layers).enumerated() {
      let keys = layerKey.split()
      let random = Tensor.permutation(dimension, key: keys[0]).scalars(Int32.self).map { Int($0) }
      parts.append(ActNorm(dimension: dimension, dtype: dtype))
      // Random orders and reversals alternate, so that no coordinate stays in one half.
      if configuration.architecture.isMixedLinearly {
        parts.append(PLULinear(order: random, dtype: dtype))
      } else {
        parts.append(Permutation(index % 2 == 0 ? random : (0..<dimension).reversed()))
      }
      parts.append(configuration.layer(dimension: dimension, rowCount: rowCount, key: keys[1], dtype: dtype))
    }
    parts.append(ActNorm(dimension: dimension, dtype: dtype))
    self.init(Chain(parts))
  }
}

extension KernelFlowConfiguration {
  var transform: CoordinateTransform {
    if architecture.hasSpline { return .rationalQuadratic(bins: bins, reach: reach) }
    return form == .additive ? .additive : .affine(bound: logScaleBound)
  }

  /// One coupling or autoregressive layer, at the identity.
  fileprivate func layer(dimension: Int, rowCount: Int, key: Key, dtype: DType) -> any Bijection {
    let kept = dimension / 2
    let outputs = transform.parameterCount * (dimension - kept)
    func coupling(_ conditioner: some Conditioner) -> any Bijection {
      Coupling(conditioner, transform: transform, dimension: dimension, kept: kept)
    }
    if architecture == .maskedAutoregressive {
      let network = MaskedNetwork(
        dimension: dimension, parameters: transform.parameterCount, hidden: hidden, activation: activation, key: key, dtype: dtype)
      return MaskedAutoregressive(network, transform: transform, dimension: dimension)
    }
    guard architecture.hasKernels else {
      let network = MLP(
        sizes: [kept] + hidden + [outputs], activation: activation, lastInitializer: .zeros, key: key, dtype: dtype)
      return coupling(NeuralConditioner(network))
    }
    let function = kernel.kernel(dimension: kept, dtype: dtype)
    if expansion == .randomFeatures {
      return coupling(
        RandomFeatureConditioner(
          kernel.form, features: points, outputs: outputs, lengthscale: function.lengthscale, inputs: kept,
          medianFactor: kernel.medianFactor, key: key))
    }
    let count = expansion == .fullData ? rowCount : min(points, rowCount)
    return coupling(
      KernelConditioner(
        kernel: function, points: .zeros([count, kept], dtype: dtype), coefficients: .zeros([count, outputs], dtype: dtype),
        role: expansion == .fullData ? .fullData : .auxiliary, medianFactor: kernel.medianFactor))
  }
}
