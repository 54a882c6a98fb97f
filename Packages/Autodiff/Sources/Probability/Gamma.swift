import Autodiff

/// Gamma density in each coordinate, `p = rate^k x^(k - 1) exp(-rate x)/Γ(k)` for `x > 0`, with concentration `k`.
public struct Gamma: CoordinateDistribution, ClosedFormEntropy, ClosedFormDivergence {
  /// `k`, `[d]`
  public var concentration: Tensor
  /// `[d]`
  public var rate: Tensor

  public var eventShape: [Int] { concentration.shape }
  public var dtype: DType { concentration.dtype }
  public var isReparameterized: Bool { true }

  public init(concentration: Tensor, rate: Tensor) {
    requireVectors("Gamma", ["concentration": concentration, "rate": rate])
    self.concentration = concentration
    self.rate = rate
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.parameter("concentration", &concentration)
    walker.parameter("rate", &rate)
  }

  public func coordinateLogDensity(_ x: Tensor) -> Tensor {
    onSupport(x .> 0, concentration * log(rate) + (concentration - 1.0) * log(x) - rate * x - logGamma(concentration))
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    Tensor.gamma([count] + eventShape, concentration: concentration, key: key, dtype: dtype) / rate
  }

  public var entropy: Tensor {
    (concentration - log(rate) + logGamma(concentration) + (1.0 - concentration) * digamma(concentration)).sum()
  }

  public func kullbackLeibler(to other: Gamma) -> Tensor {
    let shape = (concentration - other.concentration) * digamma(concentration) - logGamma(concentration) + logGamma(other.concentration)
    return (shape + other.concentration * log(rate / other.rate) + concentration * (other.rate / rate - 1.0)).sum()
  }
}
