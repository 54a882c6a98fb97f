import Autodiff

/// `y = (x + bias) exp(logScale)`, initialised so that `y` has mean 0 and variance 1 (Kingma and Dhariwal 2018, section 3.1).
public struct ActNorm: DataInitialized {
  /// `[d]`
  public var bias: Tensor
  /// `[d]`
  public var logScale: Tensor

  public var eventShape: [Int] { bias.shape }

  public init(bias: Tensor, logScale: Tensor) {
    requireVectors("ActNorm", ["bias": bias, "log scale": logScale])
    self.bias = bias
    self.logScale = logScale
  }

  /// The identity in `dimension` coordinates.
  public init(dimension: Int, dtype: DType = .float32) {
    self.init(bias: .zeros([dimension], dtype: dtype), logScale: .zeros([dimension], dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("bias", &bias)
    walker.parameter("logScale", &logScale)
  }

  /// A coordinate that does not vary in `x` keeps a scale below 10⁶.
  public func initialized(from x: Tensor, key: Key) -> ActNorm {
    requireTrailing(x, eventShape, "ActNorm.initialized")
    let rows = x.reshaped([-1, bias.count])
    return ActNorm(bias: -rows.mean(axis: 0), logScale: -0.5 * log(rows.variance(axis: 0) + 1e-12))
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    requireTrailing(x, eventShape, "ActNorm.forward")
    return ((x + bias) * exp(logScale), logScale.sum().broadcast(to: Array(x.shape.dropLast())))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    requireTrailing(y, eventShape, "ActNorm.inverse")
    return (y * exp(-logScale) - bias, (-logScale.sum()).broadcast(to: Array(y.shape.dropLast())))
  }
}
