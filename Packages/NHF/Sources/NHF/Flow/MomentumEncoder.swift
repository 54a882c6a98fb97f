import Autodiff
import NeuralNetworks
import Probability

/// `f(p|q) = N(p; μ(q), diag σ(q)²)`, the guess of the momentum that belongs to a data point; two networks `d -> d`.
public struct MomentumEncoder: Module {
  /// `μ`
  public var mean: MLP
  /// `log σ`
  public var logStandardDeviation: MLP

  public init(mean: MLP, logStandardDeviation: MLP) {
    self.mean = mean
    self.logStandardDeviation = logStandardDeviation
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("mean", &mean)
    walker.child("logStandardDeviation", &logStandardDeviation)
  }

  /// `p = μ(q) + σ(q) ε` and `log f(p|q)`, `[batch, d] -> [batch, d], [batch]`.
  public func sample(_ q: Tensor, noise: Tensor) -> (momentum: Tensor, logDensity: Tensor) {
    let logScale = logStandardDeviation(q)
    return (mean(q) + exp(logScale) * noise, standardNormalLogDensity(noise, logStandardDeviation: logScale))
  }

  /// `log f(p|q)`, `[batch]`.
  public func logDensity(_ p: Tensor, given q: Tensor) -> Tensor {
    normalLogDensity(p, mean: mean(q), logStandardDeviation: logStandardDeviation(q))
  }
}
