import Autodiff
import Probability

extension DiffusionGenerator.WeightedSamples {
  /// Energies that were NaN or infinite: their weight is 0.
  public var rejected: Int { logWeight.doubles.filter { $0 == -.infinity }.count }

  /// Sampling-importance-resampling: `count` events drawn with replacement in proportion to their weights, `[count, d]`
  /// (Rubin 1988). Traps where no weight is left.
  public func resampled(_ count: Int, key: Key) -> Tensor {
    require(
      logWeight.doubles.contains { $0 > -.infinity },
      "WeightedSamples.resampled: all \(logWeight.count) weights are 0; nothing can be drawn")
    // Systematic: one shift for all, so an event of weight w appears floor or ceil of count w times.
    let weights = ImportanceWeights(logWeights: logWeight).normalized
    let shift = Tensor.uniform([], key: key, dtype: .float64).item()
    var (indices, cumulative, next): ([Int32], Double, Int) = ([], 0, 0)
    for (index, weight) in weights.enumerated() {
      cumulative += weight
      while next < count && (Double(next) + shift) / Double(count) < cumulative {
        indices.append(Int32(index))
        next += 1
      }
    }
    let last = Int32(weights.lastIndex { $0 > 0 } ?? 0)
    return event.gathered(Tensor(indices + [Int32](repeating: last, count: count - indices.count), shape: [count]))
  }
}
