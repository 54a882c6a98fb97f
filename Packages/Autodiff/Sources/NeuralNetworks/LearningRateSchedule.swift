import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Learning rate as a function of the number of completed steps, computed inside the program in float64.
public enum LearningRateSchedule: Sendable, Hashable, Codable {
  case constant(Double)
  /// Linear from `peak/warmUp` to `peak` over `warmUp` steps, then half a cosine down to `floor` at `total` steps
  /// (Loshchilov and Hutter 2017, without restarts).
  case warmUpCosine(peak: Double, warmUp: Int, total: Int, floor: Double)
  /// `initial * factor^(step/every)`.
  case exponential(initial: Double, factor: Double, every: Int)
  /// `initial * factor^floor(step/every)`.
  case stepwise(initial: Double, factor: Double, every: Int)

  /// Rate, float64 `[]`, after `step` completed steps (int32 `[]`).
  public func callAsFunction(_ step: Tensor) -> Tensor {
    let t = step.cast(to: .float64)
    switch self {
    case .constant(let rate):
      return Tensor(rate, dtype: .float64)
    case .warmUpCosine(let peak, let warmUp, let total, let floor):
      precondition(0 <= warmUp && warmUp < total, "warmUpCosine: warmUp \(warmUp) of total \(total) steps; give 0 <= warmUp < total")
      let one = Tensor(1, dtype: .float64)
      let rise = minimum((t + 1.0) / Double(max(warmUp, 1)), one)
      let progress = minimum(maximum((t - Double(warmUp)) / Double(total - warmUp), Tensor(0, dtype: .float64)), one)
      let cosine = floor + (peak - floor) * 0.5 * (1.0 + cos(Double.pi * progress))
      return warmUp == 0 ? cosine : Tensor.where(t .< Double(warmUp), peak * rise, cosine)
    case .exponential(let initial, let factor, let every):
      return initial * exp((t / Double(every)) * log(factor))
    case .stepwise(let initial, let factor, let every):
      return initial * exp(floor(t / Double(every)) * log(factor))
    }
  }
}
