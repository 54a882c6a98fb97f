import Autodiff

/// Multi-layer perceptron, `[batch, sizes.first] -> [batch, sizes.last]`; the last layer is linear.
public struct MLP: Layer {
  public var layers: [Linear]
  public let activation: Activation

  public init(layers: [Linear], activation: Activation) {
    require(!layers.isEmpty, "MLP: no layers; give at least one Linear")
    for (first, second) in zip(layers, layers.dropFirst()) {
      require(
        first.weight.shape[1] == second.weight.shape[0],
        "MLP: a layer \(first.weight.shape) is followed by \(second.weight.shape); the inner sizes must agree")
    }
    self.layers = layers
    self.activation = activation
  }

  /// Layers of `sizes`, for example `[2, 128, 128, 1]`; `lastInitializer` is that of the last layer alone.
  public init(
    sizes: [Int], activation: Activation, initializer: Initializer = .lecunUniform, lastInitializer: Initializer? = nil, key: Key,
    dtype: DType = .float32
  ) {
    require(
      sizes.count >= 2 && sizes.allSatisfy { $0 > 0 }, "MLP: sizes \(sizes); give two or more positive sizes, [in, hidden..., out]")
    let keys = key.split(sizes.count - 1)
    let layers = (0..<sizes.count - 1).map { index in
      let isLast = index == sizes.count - 2
      return Linear(
        sizes[index], sizes[index + 1], initializer: isLast ? lastInitializer ?? initializer : initializer, key: keys[index], dtype: dtype)
    }
    self.init(layers: layers, activation: activation)
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("layers", &layers)
    walker.setting("activation", activation)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.dropFirst().reduce(layers[0](x)) { hidden, layer in layer(activation(hidden)) }
  }
}
