import Autodiff

/// A map of each coordinate on its own whose parameters come from elsewhere: the heart of coupling and autoregressive layers.
///
/// With all parameters 0 it is the identity, so that a conditioner that starts at 0 starts at the identity.
public enum CoordinateTransform: Sendable, Hashable, Codable {
  /// `y = x + t`; volume preserving (Dinh et al. 2015).
  case additive
  /// `y = exp(s) x + t` (Dinh et al. 2017); with a bound b, `s = b tanh(raw/b)`.
  case affine(bound: Double? = nil)
  /// A monotone spline on `[-reach, reach]` and the identity outside (Durkan et al. 2019).
  case rationalQuadratic(bins: Int = 8, reach: Double = 4)

  /// Parameters of each coordinate.
  public var parameterCount: Int {
    switch self {
    case .additive: 1
    case .affine: 2
    case .rationalQuadratic(let bins, _): 3 * bins - 1
    }
  }

  /// `y` and `log dy/dx`, both `[batch, d]`; `parameters` are `[batch, parameterCount * d]`, those of one kind side by side.
  public func forward(_ x: Tensor, _ parameters: Tensor) -> (y: Tensor, logDerivative: Tensor) {
    let parts = split(parameters, d: x.shape[1])
    switch self {
    case .additive: return (x + parts, .zeros(like: x))
    case .affine:
      let logScale = self.logScale(parts, d: x.shape[1])
      return (exp(logScale) * x + parts.slice(axis: 1, x.shape[1]..<2 * x.shape[1]), logScale)
    case .rationalQuadratic(let bins, let reach): return RationalQuadraticSpline(parts, bins: bins, reach: reach).forward(x)
    }
  }

  /// `x` and `log dx/dy`, both `[batch, d]`.
  public func inverse(_ y: Tensor, _ parameters: Tensor) -> (x: Tensor, logDerivative: Tensor) {
    let parts = split(parameters, d: y.shape[1])
    switch self {
    case .additive: return (y - parts, .zeros(like: y))
    case .affine:
      let logScale = self.logScale(parts, d: y.shape[1])
      return ((y - parts.slice(axis: 1, y.shape[1]..<2 * y.shape[1])) * exp(-logScale), -logScale)
    case .rationalQuadratic(let bins, let reach): return RationalQuadraticSpline(parts, bins: bins, reach: reach).inverse(y)
    }
  }

  /// Checks the parameters; those of a spline become `[batch, parameterCount, d]`.
  private func split(_ parameters: Tensor, d: Int) -> Tensor {
    require(
      parameters.rank == 2 && parameters.shape[1] == parameterCount * d,
      "CoordinateTransform: parameters \(parameters.shape) for \(d) coordinates; the conditioner must give [batch, \(parameterCount * d)]")
    guard case .rationalQuadratic = self else { return parameters }
    return parameters.reshaped([-1, parameterCount, d])
  }

  private func logScale(_ parameters: Tensor, d: Int) -> Tensor {
    let raw = parameters.slice(axis: 1, 0..<d)
    guard case .affine(let bound?) = self else { return raw }
    return bound * tanh(raw / bound)
  }
}
