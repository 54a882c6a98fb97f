import Autodiff

/// Batch normalisation, `[batch, channels, ...] -> [batch, channels, ...]` (Ioffe and Szegedy 2015).
///
/// `normalizingBatch` is for training: it uses the moments of the batch and returns the layer with the new running moments.
/// A call is for evaluation: it uses the running moments. The running moments are buffers, so they are saved and not trained.
public struct BatchNorm: Layer {
  /// `[channels]`
  public var scale: Tensor
  /// `[channels]`
  public var shift: Tensor
  /// `[channels]`
  public var runningMean: Tensor
  /// `[channels]`, unbiased
  public var runningVariance: Tensor
  /// Weight of the newest batch in the running moments.
  public let momentum: Double
  public let epsilon: Double

  public init(_ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, dtype: DType = .float32) {
    require(0 < momentum && momentum <= 1, "BatchNorm: momentum \(momentum); give 0 < momentum <= 1, the weight of the newest batch")
    scale = .ones([channels], dtype: dtype)
    shift = .zeros([channels], dtype: dtype)
    runningMean = .zeros([channels], dtype: dtype)
    runningVariance = .ones([channels], dtype: dtype)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("scale", &scale)
    walker.parameter("shift", &shift)
    walker.buffer("runningMean", &runningMean)
    walker.buffer("runningVariance", &runningVariance)
    walker.setting("momentum", momentum)
    walker.setting("epsilon", epsilon)
  }

  /// Evaluation: standardised with the running moments.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireExtent(x, scale.count, axis: 1, rank: 2)
    let factor = scale * rsqrt(runningVariance + epsilon)
    return x * alongChannels(factor, rank: x.rank) + alongChannels(shift - runningMean * factor, rank: x.rank)
  }

  /// Training: standardised with the moments of the batch, and the layer with these averaged into its running moments.
  public func normalizingBatch(_ x: Tensor) -> (output: Tensor, updated: BatchNorm) {
    requireExtent(x, scale.count, axis: 1, rank: 2)
    let count = x.count / scale.count
    require(count > 1, "BatchNorm: \(x.shape) has one value per channel, whose variance is 0; train on more")
    let (value, mean, variance) = standardized(x, over: x.shape.indices.filter { $0 != 1 }, epsilon: epsilon)
    var updated = self
    let unbiased = variance * (Double(count) / Double(count - 1))
    updated.runningMean = runningMean + momentum * (stopGradient(mean).reshaped(runningMean.shape) - runningMean)
    updated.runningVariance = runningVariance + momentum * (stopGradient(unbiased).reshaped(runningVariance.shape) - runningVariance)
    return (value * alongChannels(scale, rank: x.rank) + alongChannels(shift, rank: x.rank), updated)
  }
}
