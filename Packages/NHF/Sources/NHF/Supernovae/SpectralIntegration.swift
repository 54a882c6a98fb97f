#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `∫_0^{z_i} f dz = Σ_j A_ij f(z_j)` for smooth `f`, with Chebyshev nodes `z_j` on `[0, upper]` fixed in advance.
///
/// `f` is replaced by its Chebyshev interpolant, whose integral is known; exact for polynomials of degree below `count`
/// (Clenshaw and Curtis 1960). The sum is a matrix product, so it lives inside the differentiated program.
struct SpectralIntegration {
  /// `z_j`
  let nodes: [Double]
  private let upper: Double

  init(count: Int, upper: Double) {
    self.upper = upper
    nodes = SpectralIntegration.chebyshev(count).map { upper * ($0 + 1) / 2 }
  }

  /// `A_i`, one weight for each node, for the integral from 0 to `end` in `[0, upper]`.
  func weights(to end: Double) -> [Double] {
    let n = nodes.count
    let x = 2 * end / upper - 1
    let primitives = (0..<n).map { upper / 2 * SpectralIntegration.primitive($0, x) }
    return SpectralIntegration.chebyshev(n).map { node in
      // Coefficient k of the Lagrange polynomial of `node` is (2 - δ_k0)/n T_k(node).
      primitives.enumerated().reduce(0) { sum, term in
        sum + (term.offset == 0 ? 1.0 : 2.0) / Double(n) * SpectralIntegration.polynomial(term.offset, node) * term.element
      }
    }
  }

  /// Zeros of `T_n`, ascending.
  private static func chebyshev(_ n: Int) -> [Double] { (0..<n).map { -cos(Double.pi * (Double($0) + 0.5) / Double(n)) } }

  /// `T_k(x) = cos(k arccos x)` on `[-1, 1]`.
  private static func polynomial(_ k: Int, _ x: Double) -> Double { cos(Double(k) * acos(min(max(x, -1), 1))) }

  /// `∫_{-1}^x T_k`
  private static func primitive(_ k: Int, _ x: Double) -> Double {
    switch k {
    case 0: return x + 1
    case 1: return (x * x - 1) / 2
    default:
      let antiderivative = { (x: Double) in
        (polynomial(k + 1, x) / Double(k + 1) - polynomial(k - 1, x) / Double(k - 1)) / 2
      }
      return antiderivative(x) - antiderivative(-1)
    }
  }
}
