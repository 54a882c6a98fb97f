import Autodiff

/// Affine layer `y = x W + b`, `[batch, in] -> [batch, out]`.
public struct Linear: Layer {
  /// `[in, out]`
  public var weight: Tensor
  /// `[out]`
  public var bias: Tensor

  public init(weight: Tensor, bias: Tensor) {
    require(
      weight.rank == 2 && bias.shape == [weight.shape[1]],
      "Linear: weight \(weight.shape) needs a bias [\(weight.shape.last ?? 0)], got \(bias.shape); give weight [in, out] and bias [out]")
    self.weight = weight
    self.bias = bias
  }

  public init(_ inputs: Int, _ outputs: Int, initializer: Initializer = .lecunUniform, key: Key, dtype: DType = .float32) {
    let keys = key.split()
    self.init(
      weight: initializer.weight(inputs, outputs, key: keys[0], dtype: dtype),
      bias: initializer.bias(inputs, outputs, key: keys[1], dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("weight", &weight)
    walker.parameter("bias", &bias)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.matmul(weight) + bias }
}
