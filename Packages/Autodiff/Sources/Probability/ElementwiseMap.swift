import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `y_i = f(x_i)` with one of a few fixed functions; `Inverted` gives `log`, `logit` and the inverse of tanh.
public struct ElementwiseMap: Bijection {
  /// The functions, by what they map the real numbers to.
  public enum Function: String, Sendable, Codable, CaseIterable {
    /// To the positive numbers.
    case exp
    /// `log(1 + exp x)`, to the positive numbers.
    case softplus
    /// To (0, 1).
    case sigmoid
    /// To (-1, 1).
    case tanh
  }

  public let function: Function
  public let dimension: Int

  public var eventShape: [Int] { [dimension] }

  public init(_ function: Function, dimension: Int) {
    self.function = function
    self.dimension = dimension
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("function", function)
    walker.setting("dimension", dimension)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    requireTrailing(x, eventShape, "ElementwiseMap.forward")
    switch function {
    case .exp: return (Autodiff.exp(x), sumOverEvent(x))
    case .softplus: return (Autodiff.softplus(x), -sumOverEvent(Autodiff.softplus(-x)))
    case .sigmoid: return (Autodiff.sigmoid(x), -sumOverEvent(Autodiff.softplus(x) + Autodiff.softplus(-x)))
    case .tanh: return (Autodiff.tanh(x), 2.0 * sumOverEvent(log(2) - x - Autodiff.softplus(-2.0 * x)))
    }
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    requireTrailing(y, eventShape, "ElementwiseMap.inverse")
    switch function {
    case .exp: return (log(y), -sumOverEvent(log(y)))
    case .softplus:
      let logDerivative = log(-expm1(-y))
      return (y + logDerivative, -sumOverEvent(logDerivative))
    case .sigmoid: return (log(y) - log1p(-y), -sumOverEvent(log(y) + log1p(-y)))
    case .tanh: return (0.5 * (log1p(y) - log1p(-y)), -sumOverEvent(log1p(y) + log1p(-y)))
    }
  }
}
