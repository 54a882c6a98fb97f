import Autodiff
import NeuralNetworks
import Probability

/// A network as the conditioner of a flow: what kernel flows are compared with.
public struct NeuralConditioner<Network: Layer>: Conditioner {
  public var network: Network

  public init(_ network: Network) { self.network = network }

  public mutating func walk(_ walker: inout some Walker) { walker.child("network", &network) }

  public func callAsFunction(_ x: Tensor) -> Tensor { network(x) }
}
