// Element-wise functions of tensors, under their usual mathematical names.

/// The absolute value; slope 0 at 0.
public func abs(_ x: Tensor) -> Tensor { unary(.abs, x) }
/// -1, 0 or 1.
public func sign(_ x: Tensor) -> Tensor { unary(.sign, x) }
/// x * x
public func square(_ x: Tensor) -> Tensor { unary(.square, x) }
/// 1 / x
public func reciprocal(_ x: Tensor) -> Tensor { unary(.reciprocal, x) }
/// Square root; NaN below 0.
public func sqrt(_ x: Tensor) -> Tensor { unary(.sqrt, x) }
/// 1 / sqrt(x)
public func rsqrt(_ x: Tensor) -> Tensor { unary(.rsqrt, x) }
/// e to the power of x.
public func exp(_ x: Tensor) -> Tensor { unary(.exp, x) }
/// exp(x) - 1 without cancellation near 0.
public func expm1(_ x: Tensor) -> Tensor { unary(.expm1, x) }
/// Natural logarithm.
public func log(_ x: Tensor) -> Tensor { unary(.log, x) }
/// log(1 + x) without cancellation near 0.
public func log1p(_ x: Tensor) -> Tensor { unary(.log1p, x) }
/// Hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor { unary(.tanh, x) }
/// 1 / (1 + exp(-x))
public func sigmoid(_ x: Tensor) -> Tensor { unary(.sigmoid, x) }
/// log(1 + exp(x)), without overflow.
public func softplus(_ x: Tensor) -> Tensor { unary(.softplus, x) }
/// Sine of an angle in radians.
public func sin(_ x: Tensor) -> Tensor { unary(.sin, x) }
/// Cosine of an angle in radians.
public func cos(_ x: Tensor) -> Tensor { unary(.cos, x) }
/// Tangent of an angle in radians.
public func tan(_ x: Tensor) -> Tensor { unary(.tan, x) }
/// Inverse sine, in [-π/2, π/2]; NaN outside of [-1, 1].
public func asin(_ x: Tensor) -> Tensor { unary(.asin, x) }
/// Inverse cosine, in [0, π]; NaN outside of [-1, 1].
public func acos(_ x: Tensor) -> Tensor { unary(.acos, x) }
/// Inverse tangent, in (-π/2, π/2).
public func atan(_ x: Tensor) -> Tensor { unary(.atan, x) }
/// Hyperbolic sine.
public func sinh(_ x: Tensor) -> Tensor { unary(.sinh, x) }
/// Hyperbolic cosine.
public func cosh(_ x: Tensor) -> Tensor { unary(.cosh, x) }
/// Error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.
public func erf(_ x: Tensor) -> Tensor { unary(.erf, x) }
/// 1 - erf(x) without cancellation for large x.
public func erfc(_ x: Tensor) -> Tensor { unary(.erfc, x) }
/// The inverse of `erf` on (-1, 1).
public func erfInverse(_ x: Tensor) -> Tensor { unary(.erfInverse, x) }
/// log |Gamma(x)|; infinite at 0, -1, -2, ...
public func logGamma(_ x: Tensor) -> Tensor { unary(.logGamma, x) }
/// The derivative of `logGamma`; NaN at 0, -1, -2, ...
public func digamma(_ x: Tensor) -> Tensor { unary(.digamma, x) }
/// The derivative of digamma of that order, 0 to 64: `polygamma(1, x)` is the trigamma function.
public func polygamma(_ order: Int, _ x: Tensor) -> Tensor {
  require((0...64).contains(order), "polygamma: order \(order) is out of range; use 0...64")
  return binary(.polygamma, .full([], Double(order), dtype: x.dtype), x)
}
/// The largest integer not above x.
public func floor(_ x: Tensor) -> Tensor { unary(.floor, x) }
/// The smallest integer not below x.
public func ceil(_ x: Tensor) -> Tensor { unary(.ceil, x) }
/// To the nearest integer, ties to even.
public func round(_ x: Tensor) -> Tensor { unary(.round, x) }
/// Neither infinite nor NaN, as `bool`.
public func isFinite(_ x: Tensor) -> Tensor { unary(.isFinite, x) }
/// Not a number, as `bool`.
public func isNaN(_ x: Tensor) -> Tensor { x .!= x }

/// The larger of both, NaN if either is; at ties each gets half of the gradient.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { binary(.maximum, a, b) }
/// The smaller of both, NaN if either is; at ties each gets half of the gradient.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { binary(.minimum, a, b) }
/// The angle of the point (x, y), in radians.
public func atan2(y: Tensor, x: Tensor) -> Tensor { binary(.atan2, y, x) }

/// x - y floor(x / y), which has the sign of y, as in Python; for int32 0 where y is 0, for floating point NaN.
public func remainder(_ x: Tensor, _ y: Tensor) -> Tensor { binary(.remainder, x, y) }

/// x to the power of each element of `exponent`.
public func pow(_ x: Tensor, _ exponent: Tensor) -> Tensor { binary(.power, x, exponent) }

/// x to a constant power; small whole and half powers become products and roots.
public func pow(_ x: Tensor, _ exponent: Double) -> Tensor {
  switch exponent {
  case 0: .ones(like: x)
  case 1: x
  case 2: square(x)
  case 3: x * square(x)
  case 4: square(square(x))
  case 0.5: sqrt(x)
  case -0.5: rsqrt(x)
  case -1: reciprocal(x)
  case -2: reciprocal(square(x))
  default: x.constantPower(exponent)
  }
}

/// log(exp(a) + exp(b)) without overflow.
public func logAddExp(_ a: Tensor, _ b: Tensor) -> Tensor {
  let larger = maximum(a, b)
  let difference = Tensor.where(a .== b, .zeros(like: larger), -abs(a - b))
  return larger + log1p(exp(difference))
}

/// x limited to [lower, upper]; no gradient outside, half of it at a bound.
public func clamp(_ x: Tensor, _ lower: Double, _ upper: Double) -> Tensor {
  minimum(maximum(x, .full([], lower, dtype: x.dtype)), .full([], upper, dtype: x.dtype))
}

/// x limited to bounds that broadcast with it; what lies outside sends its gradient to the bound.
public func clamp(_ x: Tensor, _ lower: Tensor, _ upper: Tensor) -> Tensor { minimum(maximum(x, lower), upper) }

extension Tensor {
  /// The exponent carries no gradient, so its (logarithmic) derivative is never built.
  fileprivate func constantPower(_ exponent: Double) -> Tensor {
    .apply(ConstantPower(exponent: exponent), [self])
  }
}

/// x ** exponent for a fixed exponent.
struct ConstantPower: Primitive {
  let exponent: Double

  var name: String { "power" }
  func result(of inputs: [TensorSpec]) -> TensorSpec { inputs[0] }

  func kernel(inputs: [TensorSpec], output: TensorSpec) -> Kernel {
    let builder = FusedKernelBuilder(shape: [output.count], compute: output.dtype)
    let x = builder.input(dtype: output.dtype, strides: [1])
    builder.append(.power, into: builder.output(dtype: output.dtype), [x, builder.constant(exponent)])
    let kernel = builder.finish()
    return Kernel(workspaceByteCount: kernel.scratchByteCount) { kernel.run($0) }
  }

  func batched(_ inputs: [Tensor], isMapped: [Bool], count: Int) -> Tensor? { .apply(self, inputs) }

  func pushforward(inputs: [Tensor], output: Tensor, tangents: [Tensor?]) -> Tensor? {
    tangents[0].map { $0 * slope(inputs[0]) }
  }

  func pullback(inputs: [Tensor], output: Tensor, cotangent: Tensor) -> [Tensor?] { [cotangent * slope(inputs[0])] }

  func splitting(inputs: [TensorSpec], output: TensorSpec) -> [Splitting] { output.rank == 0 ? [] : [.rows([true])] }

  private func slope(_ x: Tensor) -> Tensor { exponent * pow(x, exponent - 1) }
}
