// Activation functions of networks.

/// max(x, 0), with derivative 0 at 0.
public func relu(_ x: Tensor) -> Tensor { .where(x .<= 0, .zeros(like: x), x) }

/// x where x >= 0, else slope * x.
public func leakyRelu(_ x: Tensor, slope: Double = 0.01) -> Tensor { .where(x .>= 0, x, slope * x) }

/// x where x > 0, else scale * (exp(x) - 1) (Clevert, Unterthiner and Hochreiter 2015).
public func elu(_ x: Tensor, scale: Double = 1) -> Tensor {
  let isPositive = x .> 0
  // The branch not taken must not overflow: its derivative would be NaN.
  return .where(isPositive, x, scale * expm1(.where(isPositive, .zeros(like: x), x)))
}

/// x * sigmoid(x) (Elfwing, Uchibe and Doya 2017), also named swish.
public func silu(_ x: Tensor) -> Tensor { x * sigmoid(x) }

/// The forms of `gelu`.
public enum GELUForm: Sendable, Hashable, CaseIterable {
  /// x times the normal distribution function of x.
  case exact
  /// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), within 5e-4 of the exact form.
  case tanh
}

/// The Gaussian error linear unit (Hendrycks and Gimpel 2016).
public func gelu(_ x: Tensor, form: GELUForm = .exact) -> Tensor {
  switch form {
  case .exact: return 0.5 * x * erfc(x * -0.707106781186547524401)
  case .tanh: return 0.5 * x * (1 + tanh(0.797884560802865355880 * (x + 0.044715 * (x * square(x)))))
  }
}
