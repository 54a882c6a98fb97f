import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ising spins on a square torus without a field: `p(s)` proportional to `exp(Σ_<ij> s_i s_j/T)`, `s = ±1`.
public struct IsingLattice: Sendable, Hashable {
  /// Spins along one side.
  public let side: Int
  /// `T`, in units of the coupling; critical at `2/log(1 + √2) = 2.269185`.
  public let temperature: Double

  public var sites: Int { side * side }

  public init(side: Int, temperature: Double) {
    require(
      side >= 3 && temperature > 0,
      "IsingLattice: side \(side), temperature \(temperature); give 3 spins or more and a positive temperature")
    self.side = side
    self.temperature = temperature
  }

  /// Exact `log Σ_s exp(Σ_<ij> s_i s_j/T)` (Kaufman 1949, equation 61).
  ///
  ///     Z = ½ (2 sinh 2K)^{N/2} [Π 2 cosh(n γ_{2r+1}/2) + Π 2 sinh(n γ_{2r+1}/2) + Π 2 cosh(n γ_{2r}/2) + Π 2 sinh(n γ_{2r}/2)]
  ///
  /// with `K = 1/T`, `cosh γ_l = cosh 2K coth 2K - cos(π l/n)`, and `γ_0 = 2K + log tanh K` with its sign: above the critical
  /// temperature it is negative, and so is the last product.
  public var logPartitionFunction: Double {
    let (n, k) = (Double(side), 1 / temperature)
    let gamma = (0..<2 * side).map { l in
      l == 0 ? 2 * k + log(tanh(k)) : acosh(cosh(2 * k) / tanh(2 * k) - cos(Double.pi * Double(l) / n))
    }
    let exponents = { (parity: Int) in (0..<side).map { 0.5 * n * gamma[2 * $0 + parity] } }
    // log 2 cosh x and log |2 sinh x|, with the sign of the product beside.
    let hyperbolic = { (x: [Double], sign: Double) in x.reduce(0.0) { $0 + $1.magnitude + log1p(sign * exp(-2 * $1.magnitude)) } }
    let sign = { (x: [Double]) in x.reduce(1.0) { $1 < 0 ? -$0 : $1 == 0 ? 0 : $0 } }
    let (odd, even) = (exponents(1), exponents(0))
    let terms = [(hyperbolic(odd, 1), 1), (hyperbolic(odd, -1), sign(odd)), (hyperbolic(even, 1), 1), (hyperbolic(even, -1), sign(even))]
    let largest = terms.map(\.0).max() ?? 0
    let sum = terms.reduce(0.0) { $0 + ($1.1 == 0 ? 0 : $1.1 * exp($1.0 - largest)) }
    return 0.5 * n * n * log(2 * sinh(2 * k)) - log(2) + largest + log(sum)
  }

  /// Eigenvalues of the neighbour matrix, which plane waves of wave number `(a, b)` diagonalise, `[side * side]`.
  var neighbourEigenvalues: [Double] {
    let waves = (0..<side).map { 2 * cos(2 * Double.pi * Double($0) / Double(side)) }
    return waves.flatMap { a in waves.map { a + $0 } }
  }
}
