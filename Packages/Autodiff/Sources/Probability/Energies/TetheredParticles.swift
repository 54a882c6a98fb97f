import Autodiff

/// Particles whose centre of mass a spring holds at the origin, `U + k/2 Σ_i |centroid|²`, `[particles dimensions]`.
///
/// An energy of distances alone is free to move as a whole, so `exp(-U)` has no integral. Here the centroid is normal with variance
/// `1/(k particles)` in each direction, and independent of all else, which keeps its law. On a `LennardJonesCluster` of the same
/// stiffness the springs hold each particle to the origin instead of the centroid.
public struct TetheredParticles<Base: Energy>: Energy {
  public var base: Base
  public let dimensions: Int
  /// `k`
  public let stiffness: Double

  public var eventShape: [Int] { base.eventShape }
  public var particles: Int { eventShape[0] / dimensions }

  public init(_ base: Base, dimensions: Int, stiffness: Double = 1) {
    require(
      base.eventShape.count == 1 && dimensions > 0 && base.eventShape[0] % dimensions == 0 && stiffness > 0,
      "TetheredParticles: events \(base.eventShape), \(dimensions) dimensions, stiffness \(stiffness); give [particles dimensions] and a positive stiffness"
    )
    self.base = base
    self.dimensions = dimensions
    self.stiffness = stiffness
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let centroid = x.reshaped(Array(x.shape.dropLast()) + [particles, dimensions]).mean(axis: -2)
    return base(x) + (0.5 * stiffness * Double(particles)) * sumOverEvent(square(centroid))
  }
}

extension LennardJonesCluster {
  /// How often the sum of a cluster's energy meets a pair: conventions of published codes that differ by a factor of the pair terms.
  public enum PairCount: Double, Sendable, CaseIterable {
    /// `Σ_{i<j}` (Köhler et al. 2020, bgflow).
    case once = 1
    /// `Σ_{i≠j}` (Akhound-Sadegh et al. 2024, DEM).
    case twice = 2
  }

  /// Thirteen particles with unit springs: least energy -38.772188 with pairs counted once, -83.089644 twice.
  public static func lj13(pairs: PairCount = .once) -> LennardJonesCluster { LennardJonesCluster(particles: 13, wellDepth: pairs.rawValue) }

  /// Fifty-five particles with unit springs; without springs and with pairs counted once its minimum is -279.248470.
  public static func lj55(pairs: PairCount = .once) -> LennardJonesCluster { LennardJonesCluster(particles: 55, wellDepth: pairs.rawValue) }
}
