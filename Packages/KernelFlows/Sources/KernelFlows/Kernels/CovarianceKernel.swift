import Autodiff

/// A positive semi-definite function of two points, `k(a, b) = k(b, a)`.
public protocol CovarianceKernel: Module {
  /// `k(a_i, b_j)`, `[n, d]` and `[m, d]` to `[n, m]`.
  func gram(_ a: Tensor, _ b: Tensor) -> Tensor

  /// `Σ_j k(a_i, b_j) c_j`, `[n, d]`, `[m, d]` and `[m, p]` to `[n, p]`, without the matrix of all `k(a_i, b_j)` where that can be.
  func expansion(_ a: Tensor, around b: Tensor, coefficients: Tensor) -> Tensor

  /// The same kernel with its lengthscales fitted to the spread of the rows `x`, `[n, d]`, times `factor`.
  func scaled(to x: Tensor, factor: Double) -> Self
}

extension CovarianceKernel {
  public func expansion(_ a: Tensor, around b: Tensor, coefficients: Tensor) -> Tensor { gram(a, b).matmul(coefficients) }
}

/// `k₁ + k₂` or `k₁ k₂`, written with the operators.
public struct CombinedKernel<First: CovarianceKernel, Second: CovarianceKernel>: CovarianceKernel {
  /// How the two kernels are combined.
  public enum Operation: Sendable, Hashable {
    case sum
    case product
  }

  public let operation: Operation
  public var first: First
  public var second: Second

  public init(_ operation: Operation, _ first: First, _ second: Second) {
    self.operation = operation
    self.first = first
    self.second = second
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("operation", operation)
    walker.child("first", &first)
    walker.child("second", &second)
  }

  public func gram(_ a: Tensor, _ b: Tensor) -> Tensor {
    switch operation {
    case .sum: first.gram(a, b) + second.gram(a, b)
    case .product: first.gram(a, b) * second.gram(a, b)
    }
  }

  public func expansion(_ a: Tensor, around b: Tensor, coefficients: Tensor) -> Tensor {
    switch operation {
    case .sum:
      first.expansion(a, around: b, coefficients: coefficients) + second.expansion(a, around: b, coefficients: coefficients)
    case .product: gram(a, b).matmul(coefficients)
    }
  }

  public func scaled(to x: Tensor, factor: Double) -> CombinedKernel {
    CombinedKernel(operation, first.scaled(to: x, factor: factor), second.scaled(to: x, factor: factor))
  }
}

/// `k₁ + k₂`
public func + <First: CovarianceKernel, Second: CovarianceKernel>(first: First, second: Second) -> CombinedKernel<First, Second> {
  CombinedKernel(.sum, first, second)
}

/// `k₁ k₂`
public func * <First: CovarianceKernel, Second: CovarianceKernel>(first: First, second: Second) -> CombinedKernel<First, Second> {
  CombinedKernel(.product, first, second)
}
