import Autodiff

/// Energy distance `2 E|X - Y| - E|X - X'| - E|Y - Y'|` between samples `[n, d]` and `[m, d]` (Székely and Rizzo 2013).
///
/// Unbiased: pairs of one sample with itself are left out, so the estimate scatters about 0 where the laws are equal.
public func energyDistance(_ x: Tensor, _ y: Tensor) -> Double {
  -TwoSamples(x, y, "energyDistance").contrast { $0.squareRoot() }
}
