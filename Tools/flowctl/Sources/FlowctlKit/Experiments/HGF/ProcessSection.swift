import Autodiff
import HGF
import NeuralNetworks

/// The way from data to noise: Holderrieth, Xu, Jaakkola (2024), arXiv:2410.20470.
public struct ProcessSection: RecipeSection, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case oscillation
    case diffusion
    case variancePreserving
    case flowMatching
    case optimalTransport
    case reflection
    case torus
  }

  public var kind = Kind.oscillation
  public var frequency = 1.0
  public var duration = 3.0
  public var box = -1.0...1.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("kind", &kind, "the force and the law of launch velocities")
    try keys.number("frequency", &frequency, .positive, "α of the oscillation, a change of clock")
    try keys.number("duration", &duration, .positive, "T of diffusion, reflection and torus")
    try keys.interval("box", &box, within: -1e6...1e6, "ends of the box of reflection and torus, in every coordinate")
  }

  /// The process for data of deviation `dataScale`; a setting that cannot be used is an error of the recipe.
  func process(dimension: Int, dataScale: Double) throws(UserError) -> HamiltonianProcess {
    do {
      switch kind {
      case .oscillation: return try .oscillation(dimension: dimension, frequency: frequency, dataScale: dataScale)
      case .diffusion: return try .diffusion(dimension: dimension, duration: duration, minimumTime: 0, dataScale: dataScale)
      case .variancePreserving: return try .variancePreserving(dimension: dimension, dataScale: dataScale)
      case .flowMatching, .optimalTransport:
        return try .flowMatching(dimension: dimension, optimalTransport: kind == .optimalTransport, dataScale: dataScale)
      case .reflection:
        let scale = (box.upperBound - box.lowerBound) / 2
        return try HamiltonianProcess(ReflectionBox(box, dimension: dimension), velocityScale: scale, duration: duration)
      case .torus:
        let scale = (box.upperBound - box.lowerBound) / 2
        return try HamiltonianProcess(PeriodicBox(box, dimension: dimension), velocityScale: scale, duration: duration)
      }
    } catch {
      throw UserError.failure("the recipe's process cannot be built: \(error)")
    }
  }
}

/// The network that predicts velocities.
public struct PredictorSection: RecipeSection, Sendable {
  public enum Network: String, CaseIterable, Sendable { case perceptron, residual }
  public enum Weighting: String, CaseIterable, Sendable { case uniform, unitTarget }

  public var network = Network.perceptron
  public var width = 64
  public var depth = 3
  public var timeFrequencies = 4
  public var weighting = Weighting.unitTarget

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("network", &network, "hidden layers one after the other, or residual blocks of two")
    try keys.integer("width", &width, 1...4096, "width of the hidden layers")
    try keys.integer("depth", &depth, 1...64, "hidden layers, or residual blocks")
    try keys.integer("timeFrequencies", &timeFrequencies, 1...256, "frequencies by which the network sees the time")
    try keys.choice("weighting", &weighting, "weight of times in the loss: as they are, or each to unit scale of what is learned")
  }

  /// An untrained flow; a setting that cannot be used is an error of the recipe.
  func flow(
    _ process: HamiltonianProcess, dataScale: Double, contextFeatures: Int = 0, key: Key, precision: Recipe.Precision
  ) throws(UserError) -> VelocityFlow {
    let configuration = PredictorConfiguration(
      network: network == .perceptron ? .perceptron : .residual, width: width, depth: depth, timeFrequencies: timeFrequencies,
      contextFeatures: contextFeatures, dataScale: dataScale)
    do {
      let predictor = try NeuralVelocityPredictor(configuration, for: process, key: key, dtype: precision.dtype)
      // Noise levels of diffusion span decades: drawn as by Karras et al. (2022), about the scale of the data.
      let isDiffusion = process.path?.force == .zero && process.duration > 10
      return VelocityFlow(
        predictor, process, times: isDiffusion ? .logNormal(mean: -0.8, standardDeviation: 1.4) : .stratified,
        weighting: weighting == .uniform ? .uniform : .unitTarget)
    } catch {
      throw UserError.failure("the recipe's model cannot be built: \(error)")
    }
  }
}

typealias VelocityFlow = HamiltonianGenerativeFlow<NeuralVelocityPredictor>

/// How draws are made.
public struct SamplerSection: RecipeSection, Sendable {
  public enum Method: String, CaseIterable, Sendable { case euler, heun, midpoint, rungeKutta4, exactMotion, exactMidpoint }

  public var method = Method.heun
  public var evaluations = 100
  public var spacing = 1.0
  public var diffusionSpacing = 7.0
  public var stochasticity = 0.0
  public var guidance = 1.0

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("method", &method, "one step back in time")
    try keys.integer("evaluations", &evaluations, 1...1_000_000, "evaluations of the predictor for each draw")
    try keys.number("spacing", &spacing, .atLeast(1), "power by which times crowd towards the data; 1 for even steps")
    try keys.number("diffusionSpacing", &diffusionSpacing, .atLeast(1), "the same for diffusion, whose noise levels span decades")
    try keys.number("stochasticity", &stochasticity, .atLeast(0), "rate of the noise that is added on the way; 0 for none")
    try keys.number(
      "guidance", &guidance, .atLeast(0), "weight of the label where the model has labels; 1 for none beyond the label itself")
  }

  /// Throws where the process cannot be followed in this way.
  func sampler(for process: HamiltonianProcess, evaluations: Int? = nil) throws(UserError) -> Sampler {
    var spacing = spacing
    if process.path?.force == .zero, case .independent = process.coupling { spacing = diffusionSpacing }
    do {
      let sampler = try Sampler(
        Sampler.Method(rawValue: method.rawValue)!, evaluations: evaluations ?? self.evaluations,
        spacing: spacing == 1 ? .even : .power(spacing), stochasticity: stochasticity)
      try sampler.validate(for: process)
      return sampler
    } catch {
      throw UserError.failure("the recipe's sampler cannot be used: \(error)")
    }
  }
}
