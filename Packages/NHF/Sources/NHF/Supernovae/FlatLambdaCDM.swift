import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Distance moduli of a flat Λ-CDM universe at given redshifts, as functions of `θ = (h, Ω_m)`.
///
///     d_L(z) = (1 + z) c/H₀ ∫_0^z dz'/E,   E² = Ω_m (1 + z')³ + 1 - Ω_m,   μ(z) = 5 log₁₀(d_L/Mpc) + 25
///
/// with `H₀ = 100 h km/s/Mpc`. Moduli are computed as differences from a reference universe, which is evaluated in
/// float64 when the model is built: in float32 the difference keeps the digits that `μ ≈ 40` would lose.
public struct FlatLambdaCDM: Sendable {
  /// Speed of light, km/s.
  public static let speedOfLight = 299_792.458

  public let redshifts: [Double]
  /// `(h, Ω_m)` of the reference universe.
  public let reference: (h: Double, omegaM: Double)
  /// `μ_ref(z_i)`, float64.
  public let referenceModulus: [Double]

  private let cubes: [Double]
  /// `A_ij/I_ref(z_i)`, node by redshift.
  private let relativeWeights: [Double]

  /// Redshifts are positive; `nodes` Chebyshev nodes reach 1e-10 in `μ` up to redshift 2.3.
  public init(redshifts: [Double], reference: (h: Double, omegaM: Double) = (0.7, 0.3), nodes: Int = 24) {
    require(
      !redshifts.isEmpty && redshifts.allSatisfy { $0 > 0 && $0.isFinite },
      "FlatLambdaCDM: redshifts \(redshifts.prefix(3))...; give positive numbers")
    let integration = SpectralIntegration(count: nodes, upper: redshifts.max() ?? 1)
    let cubes = integration.nodes.map { pow(1 + $0, 3) }
    let inverseE = cubes.map { 1 / (1 + reference.omegaM * ($0 - 1)).squareRoot() }
    let weights = redshifts.map { integration.weights(to: $0) }
    let integrals = weights.map { row in zip(row, inverseE).reduce(0) { $0 + $1.0 * $1.1 } }

    self.redshifts = redshifts
    self.reference = reference
    self.cubes = cubes
    referenceModulus = zip(redshifts, integrals).map { z, integral in
      5 * log10((1 + z) * FlatLambdaCDM.speedOfLight / (100 * reference.h) * integral) + 25
    }
    relativeWeights = (0..<nodes).flatMap { j in zip(weights, integrals).map { $0[j] / $1 } }
  }

  /// `μ(z_i; θ) - μ_ref(z_i)`, `[batch, 2] -> [batch, redshifts]`, in the dtype of `θ`.
  public func modulusDifference(_ parameters: Tensor) -> Tensor {
    require(
      parameters.rank == 2 && parameters.shape[1] == 2, "FlatLambdaCDM: parameters \(parameters.shape); give (h, omega_m) as [batch, 2]")
    let dtype = parameters.dtype
    let h = parameters.slice(axis: 1, 0..<1)
    let omegaM = parameters.slice(axis: 1, 1..<2)
    let excess = Tensor(cubes.map { $0 - 1 }, shape: [1, cubes.count], dtype: dtype)
    let inverseE = 1.0 / sqrt(1.0 + omegaM * excess)
    let ratio = inverseE.matmul(Tensor(relativeWeights, shape: [cubes.count, redshifts.count], dtype: dtype))
    return (log(ratio) - log(h / reference.h)) * (5 / log(10.0))
  }

  /// `μ(z_i; θ)`, `[batch, 2] -> [batch, redshifts]`.
  public func modulus(_ parameters: Tensor) -> Tensor {
    modulusDifference(parameters) + Tensor(referenceModulus, dtype: parameters.dtype)
  }
}
