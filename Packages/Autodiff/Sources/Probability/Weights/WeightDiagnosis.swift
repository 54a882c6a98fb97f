import Autodiff

/// Whether estimates from importance weights mean anything.
public enum WeightVerdict: Sendable, Hashable, CustomStringConvertible {
  /// `k̂` at most 0.7 and enough effective samples: estimates and their errors hold.
  case reliable(shape: Double)
  /// Weights with no finite value, or not a number.
  case undefined(weights: Int, of: Int)
  /// Fewer effective samples than an error bar needs.
  case fewEffectiveSamples(Double, wanted: Double)
  /// `k̂` above 0.7: a few weights decide, and those that matter most were probably never drawn.
  case heavyTail(shape: Double)
  /// Samples of the target have weights that the proposal's do not: a part of the target is missed.
  case missingMass(gap: Double, error: Double)

  public var isReliable: Bool { if case .reliable = self { true } else { false } }

  public var description: String {
    switch self {
    case .reliable(let shape): "reliable: k-hat \(hundredths(shape)) is at most 0.7"
    case .undefined(let weights, let count): "unusable: \(weights) of \(count) weights are not a number or infinite"
    case .fewEffectiveSamples(let size, let wanted):
      "degenerate: \(hundredths(size)) effective samples, fewer than \(wanted); draw more, or improve the proposal"
    case .heavyTail(let shape): "degenerate: k-hat \(hundredths(shape)) is above 0.7, a few weights decide; improve the proposal"
    case .missingMass(let gap, let error):
      "collapsed: log Z from samples of the target lies \(hundredths(gap)) ± \(hundredths(error)) nats above that from the proposal's, which misses a part of it"
    }
  }
}

/// Rounded to two decimals, for sentences.
private func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

/// A figure that is only there where it means something.
public enum CheckedEstimate: Sendable, Hashable, CustomStringConvertible {
  case value(ImportanceWeights.Estimate)
  case unusable(WeightVerdict)

  public var estimate: ImportanceWeights.Estimate? { if case .value(let estimate) = self { estimate } else { nil } }

  public var description: String {
    switch self {
    case .value(let estimate): "\(estimate.value) ± \(estimate.standardError)"
    case .unusable(let verdict): "no figure (\(verdict))"
    }
  }
}

/// What importance weights `p̂(x)/q(x)` are worth, and the figures that they support.
public struct WeightDiagnosis: Sendable {
  public let weights: ImportanceWeights
  public let smoothing: ParetoSmoothing
  public let verdict: WeightVerdict
  /// Bounds of `log Z`, in nats.
  public let bounds: LogNormalizerBounds

  /// Effective samples below which no error bar is given.
  public static let fewestEffectiveSamples = 10.0

  /// `targetLogWeights`: `log p̂ - log q` of samples from the target itself, for instance by Markov chains, where there are any; they find
  /// what the proposal's own samples cannot show.
  public init(
    _ weights: ImportanceWeights, targetLogWeights: [Double]? = nil, resamples: Int = 200, key: Key = Key(seed: 0)
  ) {
    let broken = weights.logWeights.filter { $0.isNaN || $0 == .infinity }.count
    let none = weights.logWeights.allSatisfy { $0 == -.infinity }
    self.weights = weights
    let usable = broken == 0 && !none ? weights : ImportanceWeights(logWeights: weights.logWeights.map { _ in 0 })
    smoothing = ParetoSmoothing(usable)
    bounds = LogNormalizerBounds(weights, targetLogWeights: targetLogWeights, resamples: resamples, key: key)
    if broken > 0 || none {
      verdict = .undefined(weights: none ? weights.count : broken, of: weights.count)
    } else if weights.effectiveSampleSize < WeightDiagnosis.fewestEffectiveSamples {
      verdict = .fewEffectiveSamples(weights.effectiveSampleSize, wanted: WeightDiagnosis.fewestEffectiveSamples)
    } else if let gap = bounds.excess, gap.value > 5 * gap.standardError && gap.value > 0.1 {
      verdict = .missingMass(gap: gap.value, error: gap.standardError)
    } else if smoothing.shape > 0.7 && !WeightDiagnosis.areNearlyEqual(weights) {
      verdict = .heavyTail(shape: smoothing.shape)
    } else {
      verdict = .reliable(shape: smoothing.shape)
    }
  }

  /// Equal weights have no tail of their own to fit a law to.
  private static func areNearlyEqual(_ weights: ImportanceWeights) -> Bool { weights.efficiency > 0.999 }

  /// `log Z = log mean w` with its bootstrap error, where the verdict allows one.
  public var logNormalizer: CheckedEstimate { verdict.isReliable ? .value(bounds.estimate) : .unusable(verdict) }

  /// Self-normalised mean of the values `f(x_n)` under the target with the smoothed weights, where the verdict allows one.
  public func expectation(of values: [Double]) -> CheckedEstimate {
    guard verdict.isReliable else { return .unusable(verdict) }
    return .value(ImportanceWeights(logWeights: smoothing.logWeights).expectation(of: values))
  }
}

/// Bounds of `log Z` from log weights of both sides, with bootstrap errors.
public struct LogNormalizerBounds: Sendable, Hashable {
  /// `E_q[log w] ≤ log Z`, the evidence lower bound.
  public let lower: ImportanceWeights.Estimate
  /// `log mean w`, below `log Z` on average and equal to it in the limit.
  public let estimate: ImportanceWeights.Estimate
  /// `E_p[log w] ≥ log Z` from samples of the target; without them from the weighted samples, which is an upper bound only of what the
  /// proposal has visited.
  public let upper: ImportanceWeights.Estimate
  /// Whether samples of the target went into `upper`.
  public let isUpperFromTarget: Bool
  /// What `log Z` by the target's samples, `-log mean 1/w`, exceeds `estimate` by; nothing without them.
  public let excess: ImportanceWeights.Estimate?

  public init(_ weights: ImportanceWeights, targetLogWeights: [Double]? = nil, resamples: Int = 200, key: Key = Key(seed: 0)) {
    let keys = key.split()
    let own = { (statistic: (ImportanceWeights) -> Double) in
      weights.bootstrapped(resamples: resamples, key: keys[0], statistic: statistic)
    }
    lower = own { $0.evidenceLowerBound.value }
    estimate = own { $0.logNormalizer.value }
    isUpperFromTarget = targetLogWeights != nil
    guard let target = targetLogWeights.map({ ImportanceWeights(logWeights: $0) }) else {
      upper = own { $0.logNormalizer.value + $0.forwardDivergence }
      excess = nil
      return
    }
    upper = target.bootstrapped(resamples: resamples, key: keys[1]) { $0.evidenceLowerBound.value }
    let reversed = ImportanceWeights(logWeights: target.logWeights.map { -$0 })
    let fromTarget = reversed.bootstrapped(resamples: resamples, key: keys[1]) { -$0.logNormalizer.value }
    excess = ImportanceWeights.Estimate(
      value: fromTarget.value - estimate.value,
      standardError: (fromTarget.standardError * fromTarget.standardError + estimate.standardError * estimate.standardError).squareRoot())
  }
}
