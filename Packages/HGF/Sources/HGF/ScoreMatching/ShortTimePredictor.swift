import Autodiff
import NeuralNetworks

/// `V = t N(x, t)`: a predictor that vanishes at time 0, as the best one does, `V* = t (F - ∇log p) + O(t³)`.
public struct ShortTimePredictor<Network: Layer>: VelocityPredictor {
  /// `[batch, d + 1] -> [batch, d]`, of position and t/T.
  public var network: Network
  /// T
  public let duration: Double

  public init(_ network: Network, duration: Double) {
    self.network = network
    self.duration = duration
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("network", &network)
    walker.setting("duration", duration)
  }

  public func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor {
    let t = column(time)
    return t * network(.concatenated([x, t / duration], axis: 1))
  }
}

/// `V = t (F(x) - S(x, t))`: beside the force F that is judged, fixed here, the network only has to find the score, `S -> ∇log p`, which
/// stays where it is while F moves. So the two players of the game need not chase each other.
public struct RelativePredictor<Force: Layer, Network: Layer>: VelocityPredictor {
  public var force: Force
  /// S, `[batch, d + 1] -> [batch, d]`, of position and t/T.
  public var network: Network
  /// T
  public let duration: Double

  public init(force: Force, _ network: Network, duration: Double) {
    self.force = force
    self.network = network
    self.duration = duration
  }

  public mutating func walk(_ walker: inout some Walker) {
    var fixed = Frozen(force)
    walker.child("force", &fixed)
    force = fixed.module
    walker.child("network", &network)
    walker.setting("duration", duration)
  }

  public func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor {
    let t = column(time)
    return t * (force.mapTensors(stopGradient)(x) - network(.concatenated([x, t / duration], axis: 1)))
  }
}
