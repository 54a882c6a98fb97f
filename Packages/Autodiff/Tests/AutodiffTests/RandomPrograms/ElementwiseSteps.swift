import Autodiff

extension RandomOperation {
  /// A function of one value with moderate results for moderate arguments.
  private static func of(
    _ name: String, _ smoothness: Smoothness = .smooth, _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> RandomOperation {
    RandomOperation(name, smoothness) { function($0.pick()) }
  }

  static let unary: [RandomOperation] =
    [
      of("negate") { -$0 }, of("square") { 0.4 * square($0) }, of("reciprocal") { reciprocal(1 + square($0)) },
      of("sqrt") { sqrt(1 + square($0)) }, of("rsqrt") { rsqrt(0.5 + square($0)) }, of("exp") { exp(0.4 * $0) },
      of("expm1") { expm1(0.3 * $0) }, of("log") { log(0.5 + square($0)) }, of("log1p") { log1p(square($0)) },
      of("tanh") { tanh($0) }, of("sigmoid") { sigmoid($0) }, of("softplus") { softplus($0) }, of("sin") { sin($0) },
      of("cos") { cos($0) }, of("tan") { tan(sin($0)) }, of("asin") { asin(0.8 * sin($0)) }, of("acos") { acos(0.8 * cos($0)) },
      of("atan") { atan($0) }, of("sinh") { sinh(sin($0)) }, of("cosh") { cosh(sin($0)) }, of("erf") { erf($0) },
      of("erfc") { erfc($0) }, of("erfInverse") { erfInverse(0.9 * sin($0)) }, of("logGamma") { 0.3 * logGamma(0.3 + square($0)) },
      of("digamma") { 0.3 * digamma(0.5 + square($0)) },
      of("polygamma") { 0.2 * polygamma(2, 0.7 + square($0)) }, of("power 1.3") { pow(0.5 + 0.2 * square($0), 1.3) },
      of("power 3") { 0.2 * pow($0, 3) },
    ] + [
      of("abs", .kinked) { abs($0) }, of("clamp", .kinked) { clamp($0, -0.8, 0.7) },
      // Offsets keep what may be 0 or 1/2 away from the jumps.
      of("sign", .jumping) { $0 * sign($0) - sign($0 + 0.0123) }, of("floor", .jumping) { $0 - floor(1.7 * $0 + 0.3141) },
      of("ceil", .jumping) { 0.5 * ceil(1.7 * $0 + 0.3141) }, of("round", .jumping) { $0 - 0.5 * round(1.7 * $0 + 0.3141) },
      of("cast to int32", .jumping) { x in
        let whole = (5 * x + 0.3141).cast(to: .int32)
        return (whole * whole - remainder(whole, whole / 3)).cast(to: x.dtype) * 0.02
      },
      of("integers", .jumping) { x in
        let whole = floor(5 * x + 0.3141).cast(to: .int32)
        let other = maximum(-whole, minimum(abs(whole), square(whole) - 3))
        let condition = (other .< whole) .| ((other .== whole) .& .!(whole .<= 2))
        return Tensor.where(condition, sign(whole), pow(whole, .full([], 2, dtype: .int32))).cast(to: x.dtype) * 0.1 + x
      },
      of("isFinite", .jumping) { x in .where(isFinite(x), x, .zeros(like: x)) },
      of("stopGradient", .stopped) { $0 * stopGradient($0) * 0.5 },
    ] + [
      RandomOperation("through float64") { context in
        guard context.style.dtype == .float32 else { return nil }
        return sin(2 * context.pick().cast(to: .float64)).cast(to: .float32)
      }
    ]

  /// A function of two values that broadcast.
  private static func pair(
    _ name: String, _ smoothness: Smoothness = .smooth, _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> RandomOperation {
    RandomOperation(name, smoothness) { context in
      let a = context.pick()
      let b = context.partner(of: a)
      return context.dice.chance(50) ? function(a, b) : function(b, a)
    }
  }

  static let binary: [RandomOperation] = [
    pair("add") { 0.6 * ($0 + $1) }, pair("subtract") { 0.7 * ($0 - $1) }, pair("multiply") { 0.5 * ($0 * $1) },
    pair("divide") { $0 / (1 + square($1)) }, pair("product of sigmoid and softplus") { sigmoid($0) * softplus($0) - $1 },
    pair("power") { pow(0.5 + square($0), sin($1)) }, pair("atan2") { atan2(y: $0, x: 1.5 + square($1)) },
    pair("logAddExp") { logAddExp($0, $1) }, pair("maximum", .kinked) { maximum($0, $1) }, pair("minimum", .kinked) { minimum($0, $1) },
    pair("remainder", .jumping) { remainder(1.3 * $0 + 0.0123, 1.1 + square($1)) },
    pair("where", .jumping) { .where($0 .> $1 + 0.0123, $0, 0.5 * $1) },
    pair("notEqual", .jumping) { a, b in
      .where((a .!= b + 0.0123) .& (a .<= b - 0.0071), a * b * 0.3, b)
    },
  ]
}
