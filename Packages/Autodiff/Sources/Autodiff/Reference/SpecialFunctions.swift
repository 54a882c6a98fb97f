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
}
