/// sqrt(pi) / 2, the slope of the inverse error function at zero.
private let halfRootPi = 0.886226925452758013649

extension ElementwiseFunction {
  /// (d output / d input[index]) * d, or nil where the function is locally constant in that input.
  ///
  /// The Jacobian of an element-wise function is diagonal, so this one rule is both pushforward and pullback.
  func derivative(_ index: Int, _ x: [Tensor], _ y: Tensor, times d: Tensor) -> Tensor? {
    switch self {
    case .negate: -d
    case .abs: d * Autodiff.sign(x[0])
    case .square: d * (2 * x[0])
    case .reciprocal: -(d * Autodiff.square(y))
    case .sqrt: d * 0.5 / y
    case .rsqrt: d * -0.5 * y / x[0]
    case .exp: d * y
    case .expm1: d * (y + 1)
    case .log: d / x[0]
    case .log1p: d / (1 + x[0])
    case .tanh: d * (1 - Autodiff.square(y))
    case .sigmoid: d * (y * (1 - y))
    case .softplus: d * Autodiff.sigmoid(x[0])
    case .sin: d * Autodiff.cos(x[0])
    case .cos: -(d * Autodiff.sin(x[0]))
    case .tan: d * (1 + Autodiff.square(y))
    case .asin: d * Autodiff.rsqrt(1 - Autodiff.square(x[0]))
    case .acos: -(d * Autodiff.rsqrt(1 - Autodiff.square(x[0])))
    case .atan: d / (1 + Autodiff.square(x[0]))
    case .sinh: d * Autodiff.cosh(x[0])
    case .cosh: d * Autodiff.sinh(x[0])
    case .erf: d * (Autodiff.exp(-Autodiff.square(x[0])) / halfRootPi)
    case .erfc: -(d * (Autodiff.exp(-Autodiff.square(x[0])) / halfRootPi))
    case .erfInverse: d * (halfRootPi * Autodiff.exp(Autodiff.square(y)))
    case .logGamma: d * Autodiff.digamma(x[0])
    case .digamma: d * Autodiff.polygamma(1, x[0])
    case .floor, .ceil, .round, .sign, .not, .isFinite: nil
    case .less, .lessOrEqual, .equal, .notEqual, .and, .or: nil
    case .add: d
    case .subtract: index == 0 ? d : -d
    case .multiply: d * x[1 - index]
    case .divide: index == 0 ? d / x[1] : -(d * (y / x[1]))
    case .remainder: index == 0 ? d : -(d * Autodiff.floor(x[0] / x[1]))
    case .power:
      index == 0
        ? d * (x[1] * pow(x[0], x[1] - 1))
        : d * Tensor.where(x[0] .> 0, y * Autodiff.log(Tensor.where(x[0] .> 0, x[0], .ones(like: y))), .zeros(like: y))
    case .maximum, .minimum: d * shareOfExtreme(index, x, y)
    case .atan2:
      index == 0
        ? d * (x[1] / (Autodiff.square(x[0]) + Autodiff.square(x[1])))
        : -(d * (x[0] / (Autodiff.square(x[0]) + Autodiff.square(x[1]))))
    case .polygamma: index == 0 ? nil : d * binary(.polygamma, x[0] + 1, x[1])
    case .gammaSlope:
      misuse(
        "gamma: second derivatives of gamma numbers with respect to their concentration are not known; differentiate once, or use stopGradient"
      )
    case .select:
      switch index {
      case 1: Tensor.where(x[0], d, .zeros(like: d))
      case 2: Tensor.where(x[0], .zeros(like: d), d)
      default: nil
      }
    }
  }

  /// 1 where this input is the extreme one, 1/2 at ties (the convention of JAX), 0 elsewhere.
  private func shareOfExtreme(_ index: Int, _ x: [Tensor], _ y: Tensor) -> Tensor {
    let half = (x[index] .== y).cast(to: y.dtype)
    return half * (1 - 0.5 * (x[1 - index] .== y).cast(to: y.dtype))
  }
}
