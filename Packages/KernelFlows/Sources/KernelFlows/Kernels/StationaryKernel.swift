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
    let (a, b) = scaled(a, b)
    if let profile { return profile.matrix(a, b) }
    let exponent = minusHalfSquaredDistances(a, b)
    let shape = exp(logShape ?? Tensor(0, dtype: exponent.dtype))
    return exp(-shape * log1p(maximum(-exponent, .zeros([], dtype: exponent.dtype)) / shape))
  }

  public func expansion(_ a: Tensor, around b: Tensor, coefficients: Tensor) -> Tensor {
    guard let profile else { return gram(a, b).matmul(coefficients) }
    let (a, b) = scaled(a, b)
    return radialSum(profile, a, b, weights: coefficients)
  }

  /// The forms that have no parameter but the lengthscale.
  private var profile: RadialProfile? {
    switch form {
    case .squaredExponential: .squaredExponential
    case .matern12: .matern12
    case .matern32: .matern32
    case .matern52: .matern52
    case .rationalQuadratic: nil
    }
  }

  private func scaled(_ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
    require(
      a.rank == 2 && b.rank == 2 && a.shape[1] == b.shape[1],
      "StationaryKernel: points \(a.shape) and \(b.shape); give [n, d] and [m, d]")
    let scale = 1.0 / lengthscale.value
    return (a * scale, b * scale)
  }
}
