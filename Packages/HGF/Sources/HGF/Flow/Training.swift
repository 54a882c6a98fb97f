import Autodiff
import NeuralNetworks

/// How the times of a training batch are drawn.
public enum TimeDistribution: Hashable, Sendable, Codable {
  /// Evenly, one in each of `batch` equal intervals.
  case stratified
  /// `log t` normal, cut to the process's times (Karras et al. 2022: mean -1.2, deviation 1.2).
  case logNormal(mean: Double, standardDeviation: Double)

  /// `[batch]`, between `start` and `end`.
  public func sample(_ batch: Int, from start: Double, to end: Double, key: Key, dtype: DType) -> Tensor {
    switch self {
    case .stratified:
      let keys = key.split()
      let slot = Tensor.permutation(batch, key: keys[0]).cast(to: dtype)
      let u = (slot + Tensor.uniform([batch], key: keys[1], dtype: dtype)) / Double(batch)
      return start + (end - start) * u
    case .logNormal(let mean, let deviation):
      return clamp(exp(mean + deviation * Tensor.normal([batch], key: key, dtype: dtype)), Swift.max(start, 1e-5), end)
    }
  }
}

/// The weight of each time in the loss.
public enum TimeWeighting: String, Hashable, Sendable, Codable, CaseIterable {
  /// `|V - v_t|²` as it is.
  case uniform
  /// Divided by `c_out²` of the preconditioning: what the network has to learn has unit scale at all times.
  case unitTarget
}

extension Preconditioning {
  /// The weight at times `[batch]`, `[batch, 1]`, or nil for 1.
  func weight(_ weighting: TimeWeighting, at time: Tensor) -> Tensor? {
    guard weighting == .unitTarget, let output = coefficients(at: column(time))?.output else { return nil }
    return 1.0 / square(output)
  }
}
