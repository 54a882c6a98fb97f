import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Vectors of one chain on the host: trees of trajectories branch on every step, only energies and gradients are tensor programs.

/// `a · b`
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in 0..<a.count { sum += a[i] * b[i] }
  return sum
}

/// `a + b`
func added(_ a: [Double], _ b: [Double]) -> [Double] {
  var result = a
  for i in 0..<a.count { result[i] += b[i] }
  return result
}

/// `a + scale b`
func moved(_ a: [Double], by scale: Double, along b: [Double]) -> [Double] {
  var result = a
  for i in 0..<a.count { result[i] += scale * b[i] }
  return result
}

/// `log(exp a + exp b)`
func logSumExp(_ a: Double, _ b: Double) -> Double {
  let (high, low) = (max(a, b), min(a, b))
  return high == -.infinity ? high : high + log1p(exp(low - high))
}
