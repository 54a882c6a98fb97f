import Autodiff

/// `h + W₂ σ(W₁ σ(h))`: a block with an identity path (He et al. 2016, "Identity mappings in deep residual networks").
public struct ResidualBlock: Layer {
  public var first: Linear
  public var second: Linear
  public let activation: Activation

  public init(
    _ width: Int, activation: Activation, initializer: Initializer = .lecunUniform, lastInitializer: Initializer? = nil, key: Key,
    dtype: DType = .float32
  ) {
    let keys = key.split()
    first = Linear(width, width, initializer: initializer, key: keys[0], dtype: dtype)
    second = Linear(width, width, initializer: lastInitializer ?? initializer, key: keys[1], dtype: dtype)
    self.activation = activation
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("first", &first)
    walker.child("second", &second)
    walker.setting("activation", activation)
  }

  public func callAsFunction(_ h: Tensor) -> Tensor { h + second(activation(first(activation(h)))) }
}

/// Multi-layer perceptron of residual blocks, `[batch, inputs] -> [batch, outputs]`.
///
/// A linear layer to `width`, `blocks` residual blocks, the activation, and a linear layer to `outputs`.
public struct ResidualMLP: Layer {
  public var input: Linear
  public var blocks: [ResidualBlock]
  public var output: Linear
  public let activation: Activation

  /// `blockInitializer` is that of the last layer of each block: with `.zeros` every block starts as the identity.
  public init(
    _ inputs: Int, _ outputs: Int, width: Int, blocks: Int, activation: Activation, initializer: Initializer = .lecunUniform,
    blockInitializer: Initializer? = nil, lastInitializer: Initializer? = nil, key: Key, dtype: DType = .float32
  ) {
    require(
      inputs > 0 && outputs > 0 && width > 0 && blocks >= 0,
      "ResidualMLP: \(inputs) inputs, \(outputs) outputs, width \(width), \(blocks) blocks; give positive sizes")
    let keys = key.split(blocks + 2)
    input = Linear(inputs, width, initializer: initializer, key: keys[0], dtype: dtype)
    self.blocks = (0..<blocks).map {
      ResidualBlock(
        width, activation: activation, initializer: initializer, lastInitializer: blockInitializer, key: keys[$0 + 1], dtype: dtype)
    }
    output = Linear(width, outputs, initializer: lastInitializer ?? initializer, key: keys[blocks + 1], dtype: dtype)
    self.activation = activation
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("input", &input)
    walker.child("blocks", &blocks)
    walker.child("output", &output)
    walker.setting("activation", activation)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { output(activation(blocks.reduce(input(x)) { h, block in block(h) })) }
}
