import Autodiff

/// A positive semi-definite function of two points, `k(a, b) = k(b, a)`.
public protocol CovarianceKernel: Module {
  /// `k(a_i, b_j)`, `[n, d]` and `[m, d]` to `[n, m]`.
  func gram(_ a: Tensor, _ b: Tensor) -> Tensor

  /// The same kernel with its lengthscales fitted to the spread of the rows `x`, `[n, d]`, times `factor`.
  func scaled(to x: Tensor, factor: Double) -> Self
}

/// `k₁ + k₂`.
public struct KernelSum<First: CovarianceKernel, Second: CovarianceKernel>: CovarianceKernel {
  public var first: First
  public var second: Second

  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("first", &first)
    walker.child("second", &second)
  }

  public func gram(_ a: Tensor, _ b: Tensor) -> Tensor { first.gram(a, b) + second.gram(a, b) }

  public func scaled(to x: Tensor, factor: Double) -> KernelSum {
    KernelSum(first.scaled(to: x, factor: factor), second.scaled(to: x, factor: factor))
  }
}

/// `k₁ k₂`.
public struct KernelProduct<First: CovarianceKernel, Second: CovarianceKernel>: CovarianceKernel {
  public var first: First
  public var second: Second

  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("first", &first)
    walker.child("second", &second)
  }

  public func gram(_ a: Tensor, _ b: Tensor) -> Tensor { first.gram(a, b) * second.gram(a, b) }

  public func scaled(to x: Tensor, factor: Double) -> KernelProduct {
    KernelProduct(first.scaled(to: x, factor: factor), second.scaled(to: x, factor: factor))
  }
}

public func + <First: CovarianceKernel, Second: CovarianceKernel>(first: First, second: Second) -> KernelSum<First, Second> {
  KernelSum(first, second)
}

public func * <First: CovarianceKernel, Second: CovarianceKernel>(first: First, second: Second) -> KernelProduct<First, Second> {
  KernelProduct(first, second)
}
