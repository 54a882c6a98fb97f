import Autodiff
import NeuralNetworks

/// The decoder without dynamics: mean `affine(z) + network(z)`, and a log standard deviation for each coordinate.
public struct PlainDecoder: Decoder {
  /// `[latentDimension] -> [d]`: what the decoder is before training.
  public var affine: Linear
  /// `[latentDimension] -> [2 d]`: the rest of the mean and of the log standard deviation; its last layer starts at zero.
  public var network: MLP
  /// Log standard deviation before training, `[d]`
  public var logStandardDeviation: Tensor

  public var latentDimension: Int { affine.weight.shape[0] }
  public var eventDimension: Int { affine.weight.shape[1] }

  public init(affine: Linear, network: MLP, logStandardDeviation: Tensor) {
    let (n, d) = (affine.weight.shape[0], affine.weight.shape[1])
    require(
      network.layers[0].weight.shape[0] == n && network.layers[network.layers.count - 1].weight.shape[1] == 2 * d
        && logStandardDeviation.shape == [d] && network.activation.isSmooth,
      "PlainDecoder: a network from \(network.layers[0].weight.shape[0]) to \(network.layers[network.layers.count - 1].weight.shape[1]) "
        + "with \(network.activation); give a smooth one from \(n) to \(2 * d), and \(d) log standard deviations")
    self.affine = affine
    self.network = network
    self.logStandardDeviation = logStandardDeviation
  }

  /// Starts as `x = center + factorᵀ z[..<d] + deviation noise`: `factor` `[d, d]`, `center` `[d]`.
  public init(
    latentDimension: Int, center: Tensor, factor: Tensor, deviation: Double, hidden: [Int], activation: Activation = .silu, key: Key
  ) {
    let d = center.shape[0]
    require(latentDimension >= d, "PlainDecoder: \(latentDimension) latents for \(d) coordinates; give at least as many")
    let weight = latentDimension == d ? factor : .concatenated([factor, .zeros([latentDimension - d, d], dtype: factor.dtype)], axis: 0)
    self.init(
      affine: Linear(weight: weight, bias: center),
      network: MLP(
        sizes: [latentDimension] + hidden + [2 * d], activation: activation, lastInitializer: .zeros, key: key, dtype: center.dtype),
      logStandardDeviation: log(Tensor.full([d], deviation, dtype: center.dtype)))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("affine", &affine)
    walker.child("network", &network)
    walker.parameter("logStandardDeviation", &logStandardDeviation)
  }

  public func callAsFunction(_ z: Tensor) -> ConditionalNormal {
    let d = eventDimension
    let rest = network(z)
    return ConditionalNormal(
      mean: affine(z) + rest.slice(axis: 1, 0..<d), logStandardDeviation: logStandardDeviation + rest.slice(axis: 1, d..<2 * d))
  }
}
