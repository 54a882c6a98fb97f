import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Importance weights `w_n = p̂(x_n)/q(x_n)` of samples from `q`, kept as logarithms; all arithmetic in float64.
public struct ImportanceWeights: Sendable {
  /// `log w_n`
  public let logWeights: [Double]

  /// A figure and its Monte-Carlo standard error.
  public struct Estimate: Sendable, Hashable {
    public let value: Double
    public let standardError: Double
  }

  public init(logWeights: [Double]) {
    require(!logWeights.isEmpty, "ImportanceWeights: no weights; give one for each sample")
    self.logWeights = logWeights
  }

  /// From log weights `[n]` of either floating dtype.
  public init(logWeights: Tensor) { self.init(logWeights: logWeights.doubles) }

  public var count: Int { logWeights.count }

  /// Weights that sum to 1.
  public var normalized: [Double] {
    let scaled = relative
    let total = scaled.reduce(0, +)
    return scaled.map { $0 / total }
  }

  /// Kish's `(Σ w)²/Σ w²`, between 1 and `count`.
  public var effectiveSampleSize: Double { 1 / normalized.reduce(0) { $0 + $1 * $1 } }

  /// `effectiveSampleSize/count`, between `1/count` and 1.
  public var efficiency: Double { effectiveSampleSize / Double(count) }

  /// `log Z = log mean w`, with the standard error of the delta method, `sd(w)/(mean(w) sqrt(n))`.
  public var logNormalizer: Estimate {
    let scaled = relative
    let n = Double(count)
    let mean = scaled.reduce(0, +) / n
    let variance = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    return Estimate(value: largest + log(mean), standardError: (variance / n).squareRoot() / mean)
  }

  /// `mean log w`, a lower bound of `log Z` (Jensen).
  public var evidenceLowerBound: Estimate {
    let n = Double(count)
    let mean = logWeights.reduce(0, +) / n
    let variance = logWeights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    return Estimate(value: mean, standardError: (variance / n).squareRoot())
  }

  /// Self-normalised estimate of `E_p[f]` from the values `f(x_n)`, with its delta-method standard error.
  public func expectation(of values: [Double]) -> Estimate {
    require(
      values.count == count, "ImportanceWeights.expectation: \(values.count) values for \(count) weights; give one value for each")
    let weights = normalized
    let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    let variance = zip(weights, values).reduce(0) { $0 + $1.0 * $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    return Estimate(value: mean, standardError: variance.squareRoot())
  }

  private var largest: Double { logWeights.max() ?? 0 }

  /// `exp(log w_n - max log w)`; all zero weights stay zero rather than become NaN.
  private var relative: [Double] {
    let top = largest
    return logWeights.map { $0 == -.infinity ? 0 : exp($0 - top) }
  }
}
