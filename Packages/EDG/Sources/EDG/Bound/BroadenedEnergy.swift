import Autodiff
import Probability

/// `-log(exp(-U) + exp(-level - |x - c|²/(2 s²)))`: a target with a broad normal beneath it, from which training may start.
///
/// While `level` rises the barriers between modes rise with it, but the modes keep their shares, which a change of temperature does not
/// grant where they differ in width. Far above the barriers' height nothing of the normal is left.
public struct BroadenedEnergy<Target: Energy>: Energy {
  public let target: Target
  /// `[]`, in units of `U`
  public let level: Tensor
  /// `c`, `[d]`
  public let center: Tensor
  /// `s`
  public let scale: Double

  public var eventShape: [Int] { target.eventShape }

  public init(_ target: Target, level: Tensor, center: Tensor, scale: Double) {
    require(
      level.rank == 0 && center.shape == target.eventShape && scale > 0,
      "BroadenedEnergy: level \(level.shape), center \(center.shape), scale \(scale); give [], \(target.eventShape) and a positive scale")
    self.target = target
    self.level = level
    self.center = center
    self.scale = scale
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let broad = square(x - center).sum(axis: -1) * (0.5 / (scale * scale))
    return -logAddExp(-target(x), -level - broad)
  }
}
