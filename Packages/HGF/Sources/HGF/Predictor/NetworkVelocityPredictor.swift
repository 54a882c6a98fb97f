import Autodiff
import NeuralNetworks

/// A network of position, time and context as predictor: `V = c_skip x + c_out N(c_in x, t, context)`.
///
/// Saved as `network.*`, and `time.fourier.frequencies` where times enter by random waves.
public struct NetworkVelocityPredictor<Network: Layer>: VelocityPredictor {
  /// `[batch, inputs] -> [batch, d]`
  public var network: Network
  public var time: TimeFeatures
  public let position: PositionFeatures
  public let preconditioning: Preconditioning
  /// Number of context features, 0 for none.
  public let contextFeatures: Int

  public init(
    _ network: Network, time: TimeFeatures, position: PositionFeatures = .coordinates, preconditioning: Preconditioning = .none,
    contextFeatures: Int = 0
  ) {
    self.network = network
    self.time = time
    self.position = position
    self.preconditioning = preconditioning
    self.contextFeatures = contextFeatures
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("network", &network)
    walker.child("time", &time)
    walker.setting("position", position)
    walker.setting("preconditioning", preconditioning)
    walker.setting("contextFeatures", contextFeatures)
  }

  public func velocity(_ x: Tensor, at t: Tensor, context: Tensor?) -> Tensor {
    require(
      x.rank == 2 && t.shape == [x.shape[0]] && context.map { $0.shape == [x.shape[0], contextFeatures] } ?? true,
      "NetworkVelocityPredictor: positions \(x.shape), times \(t.shape), context \(context.map { "\($0.shape)" } ?? "none"); give [batch, d], [batch] and [batch, \(contextFeatures)] or none"
    )
    let scales = preconditioning.coefficients(at: column(t))
    var inputs = [position(scales.map { $0.input * x } ?? x), time(t)]
    if contextFeatures > 0 { inputs.append(context ?? .zeros([x.shape[0], contextFeatures], dtype: x.dtype)) }
    let output = network(.concatenated(inputs, axis: 1))
    return scales.map { $0.skip * x + $0.output * output } ?? output
  }
}

/// One of the networks that a configuration can name.
public enum VelocityNetwork: Layer {
  case perceptron(MLP)
  case residual(ResidualMLP)

  public mutating func walk(_ walker: inout some Walker) {
    switch self {
    case .perceptron(var network):
      walker.child("", &network)
      self = .perceptron(network)
    case .residual(var network):
      walker.child("", &network)
      self = .residual(network)
    }
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .perceptron(let network): network(x)
    case .residual(let network): network(x)
    }
  }
}

/// The usual predictor, built from a `PredictorConfiguration`.
public typealias NeuralVelocityPredictor = NetworkVelocityPredictor<VelocityNetwork>
