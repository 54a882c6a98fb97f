#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Phase {
  /// Moves along the exact flow of H = p²/(2 m) + m ω² q²/2 for a time, all components with the same ω and m: the linear
  /// part of an exponential splitting, at any step size.
  ///
  /// q cos ωt + p sin ωt / (m ω), p cos ωt − q m ω sin ωt.
  @inlinable
  public mutating func rotate(angularFrequency: Scalar, mass: Scalar = 1, for time: Scalar) {
    let angle = Double(angularFrequency * time)
    let sine = Scalar(sin(angle))
    // cos ωt − 1 without cancellation, for small angles.
    let deficit = Scalar(-2 * sin(angle / 2) * sin(angle / 2))
    let start = self
    position.add(deficit, times: start.position)
    position.add(sine / (mass * angularFrequency), times: start.momentum)
    momentum.add(deficit, times: start.momentum)
    momentum.add(-sine * mass * angularFrequency, times: start.position)
  }
}
