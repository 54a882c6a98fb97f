import Autodiff

/// Layer normalisation over the last axis, `[batch..., features] -> [batch..., features]` (Ba, Kiros and Hinton 2016).
///
///     y = scale (x - mean)/sqrt(variance + ε) + shift
public struct LayerNorm: Layer {
  /// `[features]`
  public var scale: Tensor
  /// `[features]`
  public var shift: Tensor
  public let epsilon: Double

  public init(_ features: Int, epsilon: Double = 1e-5, dtype: DType = .float32) {
    scale = .ones([features], dtype: dtype)
    shift = .zeros([features], dtype: dtype)
    self.epsilon = epsilon
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("scale", &scale)
    walker.parameter("shift", &shift)
    walker.setting("epsilon", epsilon)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireExtent(x, scale.count, axis: -1)
    return standardized(x, over: [-1], epsilon: epsilon).value * scale + shift
  }
}
