/// A function k of the distance r, 1 at 0 and less elsewhere (Rasmussen and Williams 2006, section 4.2).
public enum RadialProfile: Sendable, Hashable, CaseIterable {
  /// `exp(-r²/2)`
  case squaredExponential
  /// `exp(-r)`
  case matern12
  /// `(1 + √3 r) exp(-√3 r)`
  case matern32
  /// `(1 + √5 r + 5 r²/3) exp(-√5 r)`
  case matern52

  /// `k(|x_i - y_j|)`, `[n, d]` and `[m, d]` to `[n, m]`.
  public func matrix(_ x: Tensor, _ y: Tensor) -> Tensor { value(ofExponent: minusHalfSquaredDistances(x, y)) }

  /// `k(r)` from `-r²/2`.
  private func value(ofExponent exponent: Tensor) -> Tensor {
    switch self {
    case .squaredExponential: return exp(exponent)
    case .matern12: return exp(-distance(exponent).r)
    case .matern32:
      let t = 3.0.squareRoot() * distance(exponent).r
      return (1.0 + t) * exp(-t)
    case .matern52:
      let t = 5.0.squareRoot() * distance(exponent).r
      return (1.0 + t + square(t) / 3.0) * exp(-t)
    }
  }

  /// `-dk/d(r²/2)` from `-r²/2`.
  func slope(ofExponent exponent: Tensor) -> Tensor {
    if self == .squaredExponential { return exp(exponent) }
    let (r, root) = distance(exponent)
    switch self {
    case .squaredExponential, .matern12: return Tensor.where(r .> 0, exp(-r) / root, .zeros(like: r))
    case .matern32: return 3.0 * (r / root) * exp(-3.0.squareRoot() * r)
    case .matern52:
      let t = 5.0.squareRoot() * r
      return 5.0 / 3.0 * (r / root) * (1.0 + t) * exp(-t)
    }
  }

  /// `r`, with a derivative that stays finite where points coincide: wrong by `r₀ = 10⁻⁴` at most, and 0 at 0.
  private func distance(_ exponent: Tensor) -> (r: Tensor, root: Tensor) {
    let smallest = 1e-4
    let root = sqrt(maximum(-2.0 * exponent, Tensor(smallest * smallest, dtype: exponent.dtype)))
    return (root - smallest, root)
  }
}

/// `-|x_i - y_j|²/2 = x·y - |x|²/2 - |y|²/2`, `[n, d]` and `[m, d]` to `[n, m]`: one matrix product. Rounding may leave it a little
/// above 0.
public func minusHalfSquaredDistances(_ x: Tensor, _ y: Tensor) -> Tensor {
  require(
    x.rank == 2 && y.rank == 2 && x.shape[1] == y.shape[1],
    "minusHalfSquaredDistances: points \(x.shape) and \(y.shape); give [n, d] and [m, d]")
  let halfSquare = { (points: Tensor) in 0.5 * square(points).sum(axis: 1, keepingDimensions: true) }
  return x.matmul(y.transposed()) - halfSquare(x) - halfSquare(y).transposed()
}
