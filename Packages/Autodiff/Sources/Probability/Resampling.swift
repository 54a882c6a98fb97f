import Autodiff

/// Standard error of a statistic of two samples `[n, ...]` and `[m, ...]`: its standard deviation over `resamples` pairs of samples
/// drawn from the given ones with replacement (Efron 1979).
///
/// For statistics of pairs, such as the energy distance, repeated points shift the values, but their scatter is still the error.
public func bootstrapStandardError(
  _ x: Tensor, _ y: Tensor, resamples: Int = 200, key: Key, statistic: (Tensor, Tensor) -> Double
) -> Double {
  require(resamples > 1, "bootstrapStandardError: \(resamples) resamples; give 2 or more")
  let values = (0..<resamples).map { index in
    let keys = key.folded(index).split()
    return statistic(resampled(x, keys[0]), resampled(y, keys[1]))
  }
  let mean = values.reduce(0, +) / Double(resamples)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(resamples - 1)).squareRoot()
}

/// Probability that a statistic of two samples `[n, ...]` and `[m, ...]` of one law is as large as that of the given ones: the share
/// of `permutations` random divisions of all points whose statistic is, the given one counted (Phipson and Smyth 2010).
public func permutationPValue(
  _ x: Tensor, _ y: Tensor, permutations: Int = 199, key: Key, statistic: (Tensor, Tensor) -> Double
) -> Double {
  require(permutations > 0, "permutationPValue: \(permutations) permutations; give 1 or more")
  let (observed, pooled) = (statistic(x, y), Tensor.concatenated([x, y], axis: 0))
  let (n, count) = (x.shape[0], x.shape[0] + y.shape[0])
  let asLarge = (0..<permutations).filter { index in
    let shuffled = pooled.shuffled(key: key.folded(index))
    return statistic(shuffled.slice(axis: 0, 0..<n), shuffled.slice(axis: 0, n..<count)) >= observed
  }
  return Double(asLarge.count + 1) / Double(permutations + 1)
}

private func resampled(_ x: Tensor, _ key: Key) -> Tensor {
  x.gathered(.randomIntegers([x.shape[0]], in: 0..<x.shape[0], key: key))
}
