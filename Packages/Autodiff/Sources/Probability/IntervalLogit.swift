import Autodiff

/// From unconstrained `x` to the open box `(lower, upper)`: `y = lower + (upper - lower) f(x)`, `f` the logistic sigmoid.
public struct IntervalLogit: Bijection {
  /// `[d]`
  public var lower: Tensor
  /// `[d]`
  public var upper: Tensor

  public var eventShape: [Int] { lower.shape }

  public init(lower: Tensor, upper: Tensor) {
    require(
      lower.rank == 1 && lower.shape == upper.shape, "IntervalLogit: lower \(lower.shape), upper \(upper.shape); give two of shape [d]")
    self.lower = lower
    self.upper = upper
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("lower", &lower)
    walker.buffer("upper", &upper)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    (lower + (upper - lower) * sigmoid(x), logDerivative(x))
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let x = log(y - lower) - log(upper - y)
    return (x, -logDerivative(x))
  }

  /// `Σ log (upper - lower) f(x) f(-x)`
  private func logDerivative(_ x: Tensor) -> Tensor {
    sumOverEvent(log(upper - lower) - softplus(x) - softplus(-x))
  }
}
