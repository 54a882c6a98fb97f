import Autodiff

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The six densities in the plane of the energy-based diffusion generator (Wang et al. 2024, arXiv:2401.02080), with exact samples.
///
/// Variances and the shapes of the rings are published. The places of the centres are not: those of two lie at (±5, 0), "10 apart"; six
/// at radius 5 and nine on a grid follow the code of earlier work on the same targets. All weights are equal.
public enum PlanarTarget: String, CaseIterable, Sendable {
  /// Two normals of variance 0.5.
  case mog2
  /// Two normals of variances 1.5 and 0.3.
  case mog2i
  /// Six normals of variance 0.1 on a circle.
  case mog6
  /// Nine normals of variance 0.3 on a grid.
  case mog9
  /// `RingEnergy.ring`
  case ring
  /// `RingEnergy.five`
  case ring5

  /// `U`, whose constants have `dtype` where it holds tensors.
  public func energy(dtype: DType = .float32) -> any ReferenceEnergy {
    switch self {
    case .ring: RingEnergy.ring
    case .ring5: RingEnergy.five
    default: DensityEnergy(mixture(dtype: dtype)!)
    }
  }

  /// The mixture of normals, `nil` for the rings.
  public func mixture(dtype: DType = .float32) -> GaussianMixture? {
    switch self {
    case .mog2: normals([[-5, 0], [5, 0]], [0.5, 0.5], dtype)
    case .mog2i: normals([[-5, 0], [5, 0]], [1.5, 0.3], dtype)
    case .mog6:
      normals(
        (0..<6).map { [5 * cos(Double($0) * Double.pi / 3), 5 * sin(Double($0) * Double.pi / 3)] }, .init(repeating: 0.1, count: 6), dtype)
    case .mog9: normals([-5.0, 0, 5].flatMap { x in [-5.0, 0, 5].map { [x, $0] } }, .init(repeating: 0.3, count: 9), dtype)
    case .ring, .ring5: nil
    }
  }

  private func normals(_ means: [[Double]], _ variances: [Double], _ dtype: DType) -> GaussianMixture {
    GaussianMixture(
      logWeights: .zeros([means.count], dtype: dtype), means: Tensor(means.flatMap { $0 }, shape: [means.count, 2], dtype: dtype),
      standardDeviations: Tensor(variances.flatMap { [$0.squareRoot(), $0.squareRoot()] }, shape: [means.count, 2], dtype: dtype))
  }
}
