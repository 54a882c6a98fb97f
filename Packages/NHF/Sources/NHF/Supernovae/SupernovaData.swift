import Autodiff

/// Distance moduli of type Ia supernovae with their errors, checked.
public struct SupernovaData: Sendable {
  /// Errors of the moduli, in magnitudes.
  public enum Errors: Sendable {
    /// Independent standard deviations.
    case independent([Double])
    /// Covariance, row by row, `n * n` numbers.
    case covariance([Double])
  }

  public let redshifts: [Double]
  /// `μ_i`
  public let moduli: [Double]
  public let errors: Errors
  /// `L⁻¹` where `L Lᵀ` is the covariance, `[n, n]`, float64; `nil` where errors are independent.
  let whitening: Tensor?
  /// `½ log det(2π C)`
  let logNormalizer: Double

  public var count: Int { redshifts.count }

  /// Throws `SupernovaDataError` where lengths differ, a number is not finite, a redshift or error is not positive, or the
  /// covariance is not positive definite.
  public init(redshifts: [Double], moduli: [Double], errors: Errors) throws(SupernovaDataError) {
    let n = redshifts.count
    guard n > 0 else { throw .empty }
    guard moduli.count == n else { throw .count(what: "distance moduli", found: moduli.count, expected: n) }
    if let row = redshifts.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .value(what: "redshift", row: row, found: redshifts[row], expected: "a positive number")
    }
    if let row = moduli.firstIndex(where: { !$0.isFinite }) {
      throw .value(what: "distance modulus", row: row, found: moduli[row], expected: "a finite number")
    }
    var logDeterminant: Double
    switch errors {
    case .independent(let deviations):
      guard deviations.count == n else { throw .count(what: "errors", found: deviations.count, expected: n) }
      if let row = deviations.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
        throw .value(what: "error", row: row, found: deviations[row], expected: "a positive number")
      }
      whitening = nil
      logDeterminant = log(Tensor(deviations, dtype: .float64)).sum().item()
    case .covariance(let entries):
      guard entries.count == n * n else { throw .count(what: "covariance entries", found: entries.count, expected: n * n) }
      if let entry = entries.firstIndex(where: { !$0.isFinite }) {
        throw .value(what: "covariance", row: entry / n, found: entries[entry], expected: "a finite number")
      }
      let factor = Tensor(entries, shape: [n, n], dtype: .float64).cholesky()
      let identity = Tensor.identity(n, dtype: .float64)
      logDeterminant = log((factor * identity).sum(axis: 1)).sum().item()
      guard logDeterminant.isFinite else { throw .notPositiveDefinite }
      whitening = Tensor(factor.triangularSolve(identity).doubles, shape: [n, n], dtype: .float64)
    }
    self.redshifts = redshifts
    self.moduli = moduli
    self.errors = errors
    logNormalizer = logDeterminant + 0.5 * Double(n) * log(Tensor(2 * Double.pi, dtype: .float64)).item()
  }

  /// Residuals `[batch, n]` in units of independent standard deviations.
  func standardized(_ residuals: Tensor) -> Tensor {
    switch errors {
    case .independent(let deviations): residuals * Tensor(deviations.map { 1 / $0 }, dtype: residuals.dtype)
    case .covariance: residuals.matmul(whitening!.transposed().cast(to: residuals.dtype))
    }
  }
}

/// Supernova data that cannot be used.
public enum SupernovaDataError: Error, Sendable, Hashable, CustomStringConvertible {
  case empty
  case count(what: String, found: Int, expected: Int)
  case value(what: String, row: Int, found: Double, expected: String)
  case notPositiveDefinite

  public var description: String {
    switch self {
    case .empty: "the supernova data have no rows; give at least one redshift, distance modulus and error"
    case .count(let what, let found, let expected):
      "the supernova data have \(found) \(what); give \(expected), as many as the redshifts need"
    case .value(let what, let row, let found, let expected): "\(what) of row \(row) is \(found); give \(expected)"
    case .notPositiveDefinite:
      "the covariance of the distance moduli is not positive definite; give a symmetric one with positive eigenvalues"
    }
  }
}
