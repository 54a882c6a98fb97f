import Autodiff

extension ImportanceWeights {
  /// A statistic of the weights and its standard deviation over weights drawn anew with replacement (Efron 1979).
  public func bootstrapped(resamples: Int = 200, key: Key, statistic: (ImportanceWeights) -> Double) -> Estimate {
    require(resamples > 1, "ImportanceWeights.bootstrapped: \(resamples) resamples; give 2 or more")
    let values = (0..<resamples).map { index in
      let rows = Tensor.randomIntegers([count], in: 0..<count, key: key.folded(index)).scalars(Int32.self)
      return statistic(ImportanceWeights(logWeights: rows.map { logWeights[Int($0)] }))
    }
    let mean = values.reduce(0, +) / Double(resamples)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(resamples - 1)
    return Estimate(value: statistic(self), standardError: variance.squareRoot())
  }

  /// Rows of a sample of the target: sampling-importance-resampling (Rubin 1988), systematic, so that row `n` comes `count · w_n` times up
  /// to rounding; int32 `[count]`, for `points.gathered(rows)`.
  public func resampledRows(_ count: Int, key: Key) -> Tensor {
    require(count > 0, "ImportanceWeights.resampledRows: \(count) rows; give 1 or more")
    let keys = key.split()
    let offset = Tensor.uniform([1], key: keys[0], dtype: .float64)
    let marks = (Tensor.iota([count]).cast(to: .float64) + offset) * (1 / Double(count))
    let cumulative = Tensor(normalized, dtype: .float64).cumulativeSum(axis: 0)
    let last = Tensor.full([], Double(self.count - 1), dtype: .int32)
    // The order of systematic draws is that of the points; shuffled, any part of them is a sample too.
    return minimum(cumulative.searchSorted(marks, afterEqual: true), last).shuffled(key: keys[1])
  }
}
