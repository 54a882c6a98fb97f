import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Pareto-smoothed importance weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024): the largest weights are replaced by the quantiles of
/// a generalised Pareto law fitted to them, whose shape `k̂` says whether the weights can be trusted.
public struct ParetoSmoothing: Sendable {
  /// `k̂`: moments of the weights beyond order `1/k̂` do not exist. Above 0.7 no estimate is reliable; infinite where the tail has fewer
  /// than five weights of its own.
  public let shape: Double
  /// Smoothed log weights that sum to 1 as weights.
  public let logWeights: [Double]
  /// How many of the largest weights were fitted.
  public let tailCount: Int

  /// `relativeEfficiency`: effective samples over samples of the proposal, less than 1 for Markov chains.
  public init(_ weights: ImportanceWeights, relativeEfficiency: Double = 1) {
    let n = weights.count
    let largest = weights.logWeights.max() ?? 0
    var logs = weights.logWeights.map { $0 - largest }
    let order = logs.indices.sorted { (logs[$0], $0) < (logs[$1], $1) }
    let wanted = Int((min(Double(n) / 5, 3 * (Double(n) / relativeEfficiency).squareRoot())).rounded(.up))
    // Below the smallest normal number a weight is nothing.
    let cutoff = max(logs[order[max(n - wanted - 1, 0)]], log(Double.leastNormalMagnitude))
    let tail = order.filter { logs[$0] > cutoff }
    tailCount = tail.count
    if tail.count <= 4 {
      shape = .infinity
    } else {
      let excess = tail.map { exp(logs[$0]) - exp(cutoff) }
      let fit = GeneralizedPareto(fittedTo: excess)
      shape = fit.shape
      if fit.shape.isFinite {
        for (place, index) in tail.enumerated() {
          let smoothed = fit.quantile((Double(place) + 0.5) / Double(tail.count))
          logs[index] = min(0, log(smoothed + exp(cutoff)))
        }
      }
    }
    let total = log(logs.reduce(0.0) { $0 + exp($1) })
    logWeights = logs.map { $0 - total }
  }
}

/// `P(X > x) = (1 + k x/σ)^{-1/k}`: a positive shape `k` is a heavy tail.
struct GeneralizedPareto {
  let shape: Double
  let scale: Double

  /// Empirical Bayes estimate of Zhang and Stephens (2009) from ascending positive excesses, the shape drawn towards 0.5 as by ten more.
  init(fittedTo excess: [Double]) {
    let n = Double(excess.count)
    let candidates = 30 + Int(n.squareRoot())
    let quartile = excess[Int(n / 4 + 0.5) - 1]
    let longest = excess[excess.count - 1]
    var rates: [Double] = []
    for place in 1...candidates {
      let ratio = Double(candidates) / (Double(place) - 0.5)
      rates.append((1 - ratio.squareRoot()) / (3 * quartile) + 1 / longest)
    }
    let meanLog = { (rate: Double) -> Double in
      var sum = 0.0
      for x in excess { sum += log1p(-rate * x) }
      return sum / n
    }
    let likelihoods = rates.map { (rate: Double) -> Double in
      let k = meanLog(rate)
      return n * (log(-(rate / k)) - k - 1)
    }
    let weights = likelihoods.map { (own: Double) -> Double in 1 / likelihoods.reduce(0.0) { $0 + exp($1 - own) } }
    let kept = weights.indices.filter { weights[$0] >= 10 * Double.ulpOfOne }
    let total = kept.reduce(0.0) { $0 + weights[$1] }
    let rate = kept.reduce(0.0) { $0 + rates[$1] * weights[$1] } / total
    let k = meanLog(rate)
    scale = -k / rate
    shape = (n * k + 5) / (n + 10)
  }

  /// The excess below which a share of `probability` lies.
  func quantile(_ probability: Double) -> Double {
    let survival = log1p(-probability)
    return scale * (shape.magnitude < Double.ulpOfOne ? -survival : expm1(-shape * survival) / shape)
  }
}
