import Autodiff

/// The potential of Müller and Brown (1979), a bent reaction path in two dimensions; energies in the paper's units.
///
///     U = Σ_k A_k exp(a_k (x - x_k)² + b_k (x - x_k)(y - y_k) + c_k (y - y_k)²),   k = 1...4
///
/// Minima: -146.700 at (-0.558, 1.442), -108.167 at (0.623, 0.028), -80.768 at (-0.050, 0.467); saddle points: -40.665 at
/// (-0.822, 0.624), -72.249 at (0.212, 0.293). As a density it wants a temperature of 10 or more.
public struct MuellerBrown: Energy {
  public var eventShape: [Int] { [2] }

  public init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "MuellerBrown")
    let constant = { (values: [Double]) in Tensor(values, dtype: x.dtype) }
    let dx = x.slice(axis: -1, 0..<1) - constant([1, 0, -0.5, -1])
    let dy = x.slice(axis: -1, 1..<2) - constant([0, 0.5, 1.5, 1])
    let quadratic = constant([-1, -1, -6.5, 0.7]) * square(dx) + constant([-10, -10, -6.5, 0.7]) * square(dy)
    return sumOverEvent(constant([-200, -100, -170, 15]) * exp(quadratic + constant([0, 0, 11, 0.6]) * dx * dy))
  }
}
