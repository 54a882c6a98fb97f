import Autodiff
import Probability

/// Energies of a batch, with those that are not finite set apart.
public struct GuardedEnergies: Module {
  /// `U(x)`; 0 where it was rejected. `[batch]`
  public var values: Tensor
  /// 1 where energy and gradient are finite, else 0. `[batch]`
  public var accepted: Tensor

  public mutating func walk(_ walker: inout some Walker) {
    walker.buffer("values", &values)
    walker.buffer("accepted", &accepted)
  }

  /// `U` at `[batch, d]`. Its derivative is `∇U` with rows limited to the norm `limit`, and none for rejected rows.
  ///
  /// First derivatives only: that of a loss, not of a force.
  public static func of<Target: Energy>(_ energy: Target, at x: Tensor, limit: Double? = nil) -> GuardedEnergies {
    let fixed = stopGradient(x)
    let values = energy(fixed)
    requireEnergies(values, x)
    let gradient = LimitedGradient(of: energy, limit: limit)(fixed)
    let accepted = isFinite(values) .& (isFinite(gradient).cast(to: x.dtype).min(axis: 1) .> 0.5)
    let clean = Tensor.where(accepted, values, .zeros(like: values))
    let slope = Tensor.where(accepted.expanded(axis: 1), gradient, .zeros(like: gradient))
    let tangent = ((x - fixed) * stopGradient(slope)).sum(axis: 1)
    return GuardedEnergies(values: stopGradient(clean) + tangent, accepted: accepted.cast(to: x.dtype))
  }
}

/// Traps unless an energy gave one number for each row.
func requireEnergies(_ values: Tensor, _ x: Tensor) {
  require(
    values.shape == [x.shape[0]],
    "EDG: the energy gives \(values.shape) at points \(x.shape); give one number for each row, [\(x.shape[0])]: sum over the last axis")
}
