import Autodiff
import Probability

/// The generator `p(x|z)`: a normal law of events for every latent; nothing needs to be invertible (EDG, section 3).
public protocol Decoder: Module {
  var latentDimension: Int { get }
  var eventDimension: Int { get }

  /// The law of events given latents `[batch, latentDimension]`, each row on its own.
  func callAsFunction(_ z: Tensor) -> ConditionalNormal
}

/// Normal laws `N(mean, diag exp(2 logStandardDeviation))`, one for each row.
public struct ConditionalNormal: Module {
  /// `[batch, d]`
  public var mean: Tensor
  /// `[batch, d]`, or `[batch, 1]` for one number for all coordinates.
  public var logStandardDeviation: Tensor

  public init(mean: Tensor, logStandardDeviation: Tensor) {
    self.mean = mean
    self.logStandardDeviation = logStandardDeviation
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("mean", &mean)
    walker.parameter("logStandardDeviation", &logStandardDeviation)
  }

  /// `log N(x)`, `[batch]`
  public func logDensity(_ x: Tensor) -> Tensor { normalLogDensity(x, mean: mean, logStandardDeviation: logStandardDeviation) }

  /// `mean + standard deviation * noise`, `[batch, d]`
  public func event(noise: Tensor) -> Tensor { mean + exp(logStandardDeviation) * noise }

  /// `E log N(x)` over `x` of the law itself, `[batch]`
  public var negativeEntropy: Tensor {
    let broadcast = logStandardDeviation.broadcast(to: mean.shape)
    return -broadcast.sum(axis: 1) - Double(mean.shape[1]) * 1.4189385332046727  // ½ log 2πe
  }
}

extension Decoder {
  /// `∇_z [log p(x|z) + log p(z)]`, the exact score of `p(z|x)` up to a constant: `[batch, latentDimension]`.
  public func jointScore(_ z: Tensor, given x: Tensor) -> Tensor {
    grad(z) { self($0).logDensity(x).sum() } - z
  }
}
