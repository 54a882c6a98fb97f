import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16, 667. Draws are `[chains][draws]`, chains of one length;
// fewer than four draws, or a value that is not finite, give NaN.

/// Rank-normalised split R-hat: the larger of that of the ranks and that of the ranks of the distances to the median. 1 where chains
/// agree; above 1.01 they have not mixed.
public func rankNormalizedPotentialScaleReduction(_ chains: [[Double]]) -> Double {
  guard isUsable(chains, "rankNormalizedPotentialScaleReduction") else { return .nan }
  let halves = split(chains)
  let middle = quantile(halves.flatMap { $0 }, 0.5)
  let folded = halves.map { $0.map { ($0 - middle).magnitude } }
  return max(potentialScaleReduction(normalScores(halves)), potentialScaleReduction(normalScores(folded)))
}

/// Effective number of draws for the centre of the law: that of the mean of the normal scores of the ranks.
public func bulkEffectiveSampleSize(_ chains: [[Double]]) -> Double {
  guard isUsable(chains, "bulkEffectiveSampleSize") else { return .nan }
  return effectiveSampleSize(normalScores(split(chains)))
}

/// Effective number of draws for the tails: the lesser of those of the 5 % and 95 % quantiles.
public func tailEffectiveSampleSize(_ chains: [[Double]]) -> Double {
  guard isUsable(chains, "tailEffectiveSampleSize") else { return .nan }
  let values = chains.flatMap { $0 }
  return [0.05, 0.95].map { level in
    let bound = quantile(values, level)
    return effectiveSampleSize(split(chains.map { $0.map { $0 <= bound ? 1 : 0 } }))
  }.min() ?? .nan
}

/// Effective number of draws for the mean: `variance/(standard error)²`.
public func meanEffectiveSampleSize(_ chains: [[Double]]) -> Double {
  guard isUsable(chains, "meanEffectiveSampleSize") else { return .nan }
  return effectiveSampleSize(split(chains))
}

private func isUsable(_ chains: [[Double]], _ operation: String) -> Bool {
  let length = chains.first?.count ?? 0
  require(
    !chains.isEmpty && chains.allSatisfy { $0.count == length },
    "\(operation): chains of \(chains.map(\.count)) draws; give one or more of one length")
  return length >= 4 && chains.allSatisfy { $0.allSatisfy { $0.isFinite } }
}

/// First and last halves as chains of their own; the middle draw of an odd number is left out.
private func split(_ chains: [[Double]]) -> [[Double]] {
  let half = chains[0].count / 2
  return chains.map { Array($0.prefix(half)) } + chains.map { Array($0.suffix(half)) }
}

/// `Φ⁻¹((rank - 3/8)/(n + 1/4))` of the ranks among all draws (Blom 1958).
private func normalScores(_ chains: [[Double]]) -> [[Double]] {
  let ranks = averageRanks(chains.flatMap { $0 })
  let shares = ranks.map { 2 * ($0 - 0.375) / (Double(ranks.count) + 0.25) - 1 }
  let scores = (erfInverse(Tensor(shares, dtype: .float64)) * 2.0.squareRoot()).doubles
  let length = chains[0].count
  return chains.indices.map { Array(scores[$0 * length..<($0 + 1) * length]) }
}

/// `sqrt((B/W + n - 1)/n)` with the variances between and within chains.
private func potentialScaleReduction(_ chains: [[Double]]) -> Double {
  let n = Double(chains[0].count)
  let between = n * variance(chains.map(mean))
  let within = mean(chains.map(variance))
  return ((between / within + n - 1) / n).squareRoot()
}

/// `chains · draws/τ` with Geyer's initial monotone sequence of the autocorrelations of all chains together.
private func effectiveSampleSize(_ chains: [[Double]]) -> Double {
  let (m, n) = (chains.count, chains[0].count)
  let values = chains.flatMap { $0 }
  let total = Double(m * n)
  // All draws equal: nothing is lost by their number.
  if (values.max() ?? 0) - (values.min() ?? 0) < 1e-15 { return total }
  let means = chains.map(mean)
  let centred = zip(chains, means).map { chain, mean in chain.map { $0 - mean } }
  let covariance = { (lag: Int) -> Double in
    centred.reduce(0.0) { sum, chain in
      sum + chain.withUnsafeBufferPointer { x in (0..<n - lag).reduce(0.0) { $0 + x[$1] * x[$1 + lag] } } / Double(n)
    } / Double(m)
  }
  let within = covariance(0) * Double(n) / Double(n - 1)
  let overall = within * Double(n - 1) / Double(n) + (m > 1 ? variance(means) : 0)
  let correlation = { (lag: Int) in 1 - (within - covariance(lag)) / overall }

  var correlations = [1, correlation(1)]
  var (even, odd, lag) = (1.0, correlations[1], 1)
  while lag < n - 3 && even + odd > 0 {
    even = correlation(lag + 1)
    odd = correlation(lag + 2)
    correlations += even + odd >= 0 ? [even, odd] : [0, 0]
    lag += 2
  }
  let last = lag - 2
  if even > 0 && last + 1 >= 0 { correlations[last + 1] = even }
  var t = 1
  while t <= last - 2 {
    let (before, here) = (correlations[t - 1] + correlations[t], correlations[t + 1] + correlations[t + 2])
    if here > before {
      correlations[t + 1] = before / 2
      correlations[t + 2] = before / 2
    }
    t += 2
  }
  let sum = correlations.prefix(max(last + 1, 0)).reduce(0, +)
  let time = -1 + 2 * sum + (last + 1 >= 0 ? correlations[last + 1] : 0)
  // Chains may be antithetic, but not beyond what so many draws can show.
  return total / max(time, 1 / log10(total))
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func variance(_ values: [Double]) -> Double {
  let center = mean(values)
  return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)
}

/// Between the two nearest order statistics (type 7 of R).
func quantile(_ values: [Double], _ level: Double) -> Double {
  let sorted = values.sorted()
  let place = level * Double(sorted.count - 1)
  let below = Int(place)
  return below + 1 < sorted.count ? sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below]) : sorted[below]
}
