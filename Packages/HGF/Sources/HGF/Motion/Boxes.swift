import Autodiff
import DifferentiableIntegrators
import Integrators

/// Free motion in a box with reflecting walls: F = 0 inside, infinite at the walls (paper, section 7). Coordinates do not
/// see each other, and Gaussian velocities spread any data evenly over the box.
public struct ReflectionBox: ForceField {
  /// `[d]`
  public let lower: [Double]
  /// `[d]`
  public let upper: [Double]

  public init(lower: [Double], upper: [Double]) {
    requireBox(lower, upper, "ReflectionBox")
    (self.lower, self.upper) = (lower, upper)
  }

  /// The box `[lower, upper)` in each of `dimension` coordinates.
  public init(_ range: ClosedRange<Double>, dimension: Int) {
    self.init(lower: .init(repeating: range.lowerBound, count: dimension), upper: .init(repeating: range.upperBound, count: dimension))
  }

  public func carried(_ point: Phase<Tensor>, from start: Tensor, to end: Tensor) -> Phase<Tensor> {
    let (origin, width) = frame(lower, upper, point.position.dtype)
    // In units of the box: folded back and forth with period 2.
    let unfolded = (point.position + column(end - start) * point.momentum - origin) / width
    let phase = unfolded - 2.0 * floor(0.5 * unfolded)
    let isReturning = phase .> 1
    let position = origin + width * Tensor.where(isReturning, 2.0 - phase, phase)
    return Phase(position: position, momentum: Tensor.where(isReturning, -point.momentum, point.momentum))
  }
}

/// Free motion on a torus: a point that leaves the box enters it on the other side. For angles.
public struct PeriodicBox: ForceField {
  /// `[d]`
  public let lower: [Double]
  /// `[d]`
  public let upper: [Double]

  public init(lower: [Double], upper: [Double]) {
    requireBox(lower, upper, "PeriodicBox")
    (self.lower, self.upper) = (lower, upper)
  }

  /// The range `[lower, upper)` of each of `dimension` coordinates.
  public init(_ range: ClosedRange<Double>, dimension: Int) {
    self.init(lower: .init(repeating: range.lowerBound, count: dimension), upper: .init(repeating: range.upperBound, count: dimension))
  }

  public func carried(_ point: Phase<Tensor>, from start: Tensor, to end: Tensor) -> Phase<Tensor> {
    let (origin, width) = frame(lower, upper, point.position.dtype)
    let turns = (point.position + column(end - start) * point.momentum - origin) / width
    return Phase(position: origin + width * (turns - floor(turns)), momentum: point.momentum)
  }
}

private func requireBox(_ lower: [Double], _ upper: [Double], _ type: String) {
  require(
    !lower.isEmpty && lower.count == upper.count && zip(lower, upper).allSatisfy { $0 < $1 && $0.isFinite && $1.isFinite },
    "\(type): from \(lower) to \(upper); give as many finite upper bounds as lower ones, each above its lower one")
}

private func frame(_ lower: [Double], _ upper: [Double], _ dtype: DType) -> (origin: Tensor, width: Tensor) {
  (Tensor(lower, dtype: dtype), Tensor(zip(lower, upper).map { $1 - $0 }, dtype: dtype))
}
