import Autodiff

/// A function of the scaled distance `r = |(a - b)/ℓ|`, 1 at 0 and less elsewhere.
public struct StationaryKernel: CovarianceKernel {
  /// Which function of `r` (Rasmussen and Williams 2006, section 4.2).
  public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
    /// `exp(-r²/2)`
    case squaredExponential = "squared-exponential"
    /// `exp(-r)`
    case matern12 = "matern-1/2"
    /// `(1 + √3 r) exp(-√3 r)`
    case matern32 = "matern-3/2"
    /// `(1 + √5 r + 5 r²/3) exp(-√5 r)`
    case matern52 = "matern-5/2"
    /// `(1 + r²/(2α))^-α`
    case rationalQuadratic = "rational-quadratic"
  }

  public let form: Form
  public var lengthscale: Lengthscale
  /// `log α` of the rational quadratic kernel, `[]`.
  public var logShape: Tensor?

  public init(_ form: Form, lengthscale: Lengthscale) {
    self.form = form
    self.lengthscale = lengthscale
    logShape = form == .rationalQuadratic ? Tensor(0, dtype: lengthscale.logarithm.dtype) : nil
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("form", form)
    walker.child("lengthscale", &lengthscale)
    walker.child("logShape", &logShape)
  }

  public func scaled(to x: Tensor, factor: Double) -> StationaryKernel {
    var next = self
    next.lengthscale = lengthscale.fitted(to: x, factor: factor)
    return next
  }

  public func gram(_ a: Tensor, _ b: Tensor) -> Tensor {
    let exponent = minusHalfSquaredDistance(a, b)
    switch form {
    case .squaredExponential: return exp(exponent)
    case .matern12: return exp(-distance(exponent))
    case .matern32:
      let r = 3.0.squareRoot() * distance(exponent)
      return (1.0 + r) * exp(-r)
    case .matern52:
      let r = 5.0.squareRoot() * distance(exponent)
      return (1.0 + r + square(r) / 3.0) * exp(-r)
    case .rationalQuadratic:
      let shape = exp(logShape ?? Tensor(0, dtype: exponent.dtype))
      return exp(-shape * log1p(maximum(-exponent, .zeros([], dtype: exponent.dtype)) / shape))
    }
  }

  /// `-r²/2 = a·b - |a|²/2 - |b|²/2` of scaled points: one matrix product, the rest fused behind it. Rounding may leave it a little
  /// above 0, which moves a squared exponential by no more than that.
  private func minusHalfSquaredDistance(_ a: Tensor, _ b: Tensor) -> Tensor {
    require(
      a.rank == 2 && b.rank == 2 && a.shape[1] == b.shape[1],
      "StationaryKernel.gram: points \(a.shape) and \(b.shape); give [n, d] and [m, d]")
    let scale = 1.0 / lengthscale.value
    let (a, b) = (a * scale, b * scale)
    let halfSquare = { (x: Tensor) in 0.5 * square(x).sum(axis: 1, keepingDimensions: true) }
    return a.matmul(b.transposed()) - halfSquare(a) - halfSquare(b).transposed()
  }

  /// `r`, with a derivative that stays finite where points coincide; wrong by `r₀ = 10⁻⁴` at most, and 0 at 0.
  private func distance(_ exponent: Tensor) -> Tensor {
    let smallest = 1e-4
    return sqrt(maximum(-2.0 * exponent, Tensor(smallest * smallest, dtype: exponent.dtype))) - smallest
  }
}
