import Autodiff
import NeuralNetworks
import Probability

/// A network whose output for coordinate i sees the inputs before i only (Germain et al. 2015, "MADE"): weights are masked by the
/// degrees of the units that they connect.
public struct MaskedNetwork: Conditioner {
  public var layers: [Linear]
  public let activation: Activation
  /// Degrees of the units of each layer, inputs first.
  private let degrees: [[Int]]

  /// `[batch, dimension] -> [batch, parameters * dimension]`, what is of one kind side by side; the last layer starts at 0.
  public init(dimension: Int, parameters: Int, hidden: [Int], activation: Activation, key: Key, dtype: DType = .float32) {
    let sizes = [dimension] + hidden + [parameters * dimension]
    let keys = key.split(sizes.count)
    layers = (0..<sizes.count - 1).map { index in
      Linear(
        sizes[index], sizes[index + 1], initializer: index == sizes.count - 2 ? .zeros : .lecunUniform, key: keys[index], dtype: dtype)
    }
    self.activation = activation
    // Inputs 1 ... d; hidden units cycle through 1 ... d - 1; an output of coordinate i reads units of degree below i.
    degrees =
      [Array(1...dimension)] + hidden.map { (0..<$0).map { 1 + $0 % max(1, dimension - 1) } }
      + [(0..<parameters * dimension).map { $0 % dimension }]
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("layers", &layers)
    walker.setting("activation", activation)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.indices.reduce(x) { hidden, index in
      (index == 0 ? hidden : activation(hidden)).matmul(layers[index].weight * mask(index)) + layers[index].bias
    }
  }

  /// Trained scalars that the masks let through.
  public var connectionCount: Int {
    layers.indices.reduce(0) { $0 + Int(mask($1).sum().item()) + layers[$1].bias.count }
  }

  /// 1 where a unit may read another, `[from, to]`.
  private func mask(_ index: Int) -> Tensor {
    let values = degrees[index].flatMap { from in degrees[index + 1].map { from <= $0 ? 1.0 : 0.0 } }
    return Tensor(values, shape: layers[index].weight.shape, dtype: layers[index].weight.dtype)
  }
}
