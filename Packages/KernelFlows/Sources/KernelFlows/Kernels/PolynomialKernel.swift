import Autodiff

/// `(a·b/ℓ² + c)^degree` with a positive offset `c`. It is not bounded: points far out have large values.
public struct PolynomialKernel: CovarianceKernel {
  public let degree: Int
  public var lengthscale: Lengthscale
  /// `log c`, `[]`
  public var logOffset: Tensor

  public init(degree: Int, lengthscale: Lengthscale, offset: Double = 1) {
    require(degree >= 1 && offset > 0, "PolynomialKernel: degree \(degree), offset \(offset); give a positive degree and offset")
    self.degree = degree
    self.lengthscale = lengthscale
    logOffset = log(Tensor(offset, dtype: lengthscale.logarithm.dtype))
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("degree", degree)
    walker.child("lengthscale", &lengthscale)
    walker.parameter("logOffset", &logOffset)
  }

  public func scaled(to x: Tensor, factor: Double) -> PolynomialKernel {
    var next = self
    next.lengthscale = lengthscale.fitted(to: x, factor: factor)
    return next
  }

  public func gram(_ a: Tensor, _ b: Tensor) -> Tensor {
    let scale = 1.0 / lengthscale.value
    return pow((a * scale).matmul((b * scale).transposed()) + exp(logOffset), Double(degree))
  }
}
