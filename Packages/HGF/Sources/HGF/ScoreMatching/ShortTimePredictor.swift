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
