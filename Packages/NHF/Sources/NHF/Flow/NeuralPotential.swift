import Autodiff
import NeuralNetworks
import Probability

/// Potential energy `V(q)` as a smooth network with one output, `[batch, d] -> [batch]`.
public struct NeuralPotential: Energy, Module {
  public var network: MLP

  public var eventShape: [Int] { [network.layers[0].weight.shape[0]] }

  /// Traps unless the network is smooth with one output: training differentiates `V` twice.
  public init(_ network: MLP) {
    requireSmoothScalar(network, "NeuralPotential")
    self.network = network
  }

  public mutating func walk(_ walker: inout some Walker) { network.walk(&walker) }

  public func callAsFunction(_ q: Tensor) -> Tensor { network(q).squeezed(axis: -1) }
}

func requireSmoothScalar(_ network: MLP, _ name: String) {
  let outputs = network.layers.last?.weight.shape.last ?? 0
  require(
    outputs == 1 && network.activation.isSmooth,
    "\(name): a network with \(outputs) outputs and activation \(network.activation); give one output and softplus, silu, tanh or sigmoid")
}
