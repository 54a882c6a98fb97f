#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Functions that the C library lacks, for the reference interpreter.
enum SpecialFunctions {
  /// The y with erf(y) = x, by Newton's method from below on the concave side, where it cannot overshoot.
  static func erfInverse(_ x: Double) -> Double {
    if x < 0 { return -erfInverse(-x) }
    if x == 0 || x.isNaN || x > 1 { return x > 1 ? .nan : x }
    if x == 1 { return .infinity }
    let rootPi = Double.pi.squareRoot()
    // erf(y) <= 2 y / sqrt(pi), hence y = x sqrt(pi) / 2 lies below the solution.
    var y = x * rootPi / 2
    for _ in 0..<100 {
      // erf(y) - x without cancellation near 1, where 1 - x is exact.
      let excess = x < 0.5 ? erf(y) - x : (1 - x) - erfc(y)
      let step = excess * rootPi / 2 * exp(y * y)
      y -= step
      if abs(step) <= 1e-17 * y { break }
    }
    return y
  }

  /// d/dx log Gamma(x); NaN at the poles.
  static func digamma(_ x: Double) -> Double {
    // psi(1 - x) - psi(x) = pi cot(pi x)
    if x <= 0 { return x == x.rounded() ? .nan : digamma(1 - x) - .pi / tan(.pi * x.remainder(dividingBy: 1)) }
    // psi(x) = psi(x + 1) - 1 / x
    if x < 20 { return digamma(x + 1) - 1 / x }
    // log x - 1 / 2x - sum of B_2k / (2k x^2k)
    var sum = log(x) - 0.5 / x
    for (k, bernoulli) in evenBernoulli.enumerated() { sum -= bernoulli / (Double(2 * k + 2) * pow(x, Double(2 * k + 2))) }
    return sum
  }

  /// x - y floor(x / y), exactly: the C library's remainder has the sign of x.
  static func remainder(_ x: Double, _ y: Double) -> Double {
    let rest = fmod(x, y)
    if rest == 0 { return y < 0 ? -0.0 : 0.0 }
    return (rest < 0) != (y < 0) ? rest + y : rest
  }

  /// The derivative of digamma of that order: (-1)^(n + 1) n! times the sum over k of (x + k)^-(n + 1).
  static func polygamma(order n: Int, _ x: Double) -> Double {
    if n == 0 { return digamma(x) }
    guard x > 0 || x != x.rounded() else { return n % 2 == 0 ? .nan : .infinity }
    let s = Double(n + 1)
    var sum = 0.0
    var tail = x
    while tail < s + 20 {
      sum += pow(tail, -s)
      tail += 1
    }
    // The terms left over by Euler and Maclaurin: the integral, half of the first, and derivatives at its end.
    sum += pow(tail, 1 - s) / (s - 1) + pow(tail, -s) / 2
    var derivative = s * pow(tail, -s - 1)
    var factorial = 2.0
    for (k, bernoulli) in evenBernoulli.enumerated() {
      sum += bernoulli / factorial * derivative
      let order = Double(2 * k + 1)
      derivative *= (s + order) * (s + order + 1) / (tail * tail)
      factorial *= (order + 2) * (order + 3)
    }
    return (n % 2 == 0 ? -1 : 1) * tgamma(s) * sum
  }

  /// The change of a gamma number x with its concentration a at a fixed probability P(a, x): -(dP / da) / (dP / dx), where
  /// P is the sum over n of x^(a + n) e^-x / Gamma(a + n + 1).
  static func gammaSlope(_ a: Double, _ x: Double) -> Double {
    guard a > 0, x >= 0, a < .infinity, x < .infinity else { return .nan }
    if x == 0 { return 0 }
    let density = exp((a - 1) * log(x) - x - lgamma(a).0)
    var slope = 0.0
    var term = density * x / a
    var n = 0.0
    // Terms grow until n is about x - a, and then die away.
    while a + n < x || term > 1e-20 * density {
      slope += term * (log(x) - digamma(a + n + 1))
      n += 1
      term *= x / (a + n)
    }
    return -slope / density
  }

  /// B_2, B_4, ...
  private static let evenBernoulli = [1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6]
}
