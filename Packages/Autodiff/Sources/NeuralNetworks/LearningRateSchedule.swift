import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Learning rate as a function of the number of completed steps, computed inside the program in float64.
public indirect enum LearningRateSchedule: Sendable, Hashable, Codable {
  case constant(Double)
  /// Half a cosine from `peak` down to `floor` at `total` steps (Loshchilov and Hutter 2017, without restarts).
  case cosine(peak: Double, total: Int, floor: Double)
  /// Linear from `peak/warmUp` to `peak` over `warmUp` steps, then half a cosine down to `floor` at `total` steps.
  case warmUpCosine(peak: Double, warmUp: Int, total: Int, floor: Double)
  /// `initial * factor^(step/every)`.
  case exponential(initial: Double, factor: Double, every: Int)
  /// `initial * factor^floor(step/every)`.
  case stepwise(initial: Double, factor: Double, every: Int)
  /// Linear over `steps` steps to the first rate of `then`, which follows with its steps counted from there
  /// (Goyal et al. 2017).
  case warmUp(steps: Int, then: LearningRateSchedule)
  /// Half a cosine from `peak/25` up to `peak` over the first 30 % of `total` steps, then one down to `peak/250000`
  /// (Smith and Topin 2019, with the constants of PyTorch's `OneCycleLR`).
  case oneCycle(peak: Double, total: Int)

  /// Rate, float64 `[]`, after `step` completed steps (int32 `[]`).
  public func callAsFunction(_ step: Tensor) -> Tensor { rate(step.cast(to: .float64)) }

  private func rate(_ t: Tensor) -> Tensor {
    switch self {
    case .constant(let rate):
      return Tensor(rate, dtype: .float64)
    case .cosine(let peak, let total, let floor):
      require(total > 0, "cosine: \(total) steps; give a positive number")
      return halfCosine(from: peak, to: floor, clamp(t / Double(total), 0, 1))
    case .warmUpCosine(let peak, let warmUp, let total, let floor):
      require(0 <= warmUp && warmUp < total, "warmUpCosine: warmUp \(warmUp) of total \(total) steps; give 0 <= warmUp < total")
      return LearningRateSchedule.warmUp(steps: warmUp, then: .cosine(peak: peak, total: total - warmUp, floor: floor)).rate(t)
    case .exponential(let initial, let factor, let every):
      return initial * exp((t / Double(every)) * log(factor))
    case .stepwise(let initial, let factor, let every):
      return initial * exp(floor(t / Double(every)) * log(factor))
    case .warmUp(let steps, let next):
      require(steps >= 0, "warmUp: \(steps) steps; give 0 or more")
      if steps == 0 { return next.rate(t) }
      let rise = minimum((t + 1.0) / Double(steps), Tensor(1, dtype: .float64))
      return Tensor.where(t .< Double(steps), next.rate(.zeros(like: t)) * rise, next.rate(t - Double(steps)))
    case .oneCycle(let peak, let total):
      let top = 0.3 * Double(total) - 1
      require(top > 0, "oneCycle: \(total) steps; give 4 or more")
      let rise = halfCosine(from: peak / 25, to: peak, t / top)
      let fall = halfCosine(from: peak, to: peak / 250_000, clamp((t - top) / (Double(total) - 1 - top), 0, 1))
      return Tensor.where(t .<= top, rise, fall)
    }
  }

  /// From `start` at 0 to `end` at 1.
  private func halfCosine(from start: Double, to end: Double, _ progress: Tensor) -> Tensor {
    end + (start - end) * 0.5 * (1.0 + cos(Double.pi * progress))
  }
}
