import Autodiff

/// Particles in a plane or in space with double wells between them, `[particles dimensions]`, particle by particle.
///
///     U = Σ_{i<j} b (d_ij - d₀)² + c (d_ij - d₀)⁴
///
/// Without units, at temperature 1; free to move and turn as a whole, so a density only of what is left (Köhler et al. 2020).
public struct DoubleWellParticles: Energy {
  public let particles: Int
  public let dimensions: Int
  /// `b`
  public let quadratic: Double
  /// `c`
  public let quartic: Double
  /// `d₀`
  public let offset: Double

  public var eventShape: [Int] { [particles * dimensions] }

  /// DW4: four particles in the plane, `b = -4`, `c = 0.9`, `d₀ = 4`.
  public init(particles: Int = 4, dimensions: Int = 2, quadratic: Double = -4, quartic: Double = 0.9, offset: Double = 4) {
    self.particles = particles
    self.dimensions = dimensions
    self.quadratic = quadratic
    self.quartic = quartic
    self.offset = offset
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "DoubleWellParticles")
    let stretch = square(sqrt(squaredPairDistances(x, particles, dimensions)) - offset)
    return sumOverEvent(quadratic * stretch + quartic * square(stretch))
  }
}

/// A Lennard-Jones cluster held together by a weak spring, `[3 particles]`, particle by particle.
///
///     U = ε Σ_{i<j} (r/d_ij)¹² - 2 (r/d_ij)⁶  +  k/2 Σ_i |x_i - centre|²
///
/// LJ13 of Köhler et al. (2020) with 13 particles, `ε = r = k = 1`, temperature 1; codes that sum over ordered pairs have `ε = 2`.
/// Without the spring its minimum is the icosahedron, -44.326801 ε (Hoare and Pal 1971).
public struct LennardJonesCluster: Energy {
  public let particles: Int
  /// `ε`
  public let wellDepth: Double
  /// `r`, the distance of least energy
  public let distance: Double
  /// `k`
  public let stiffness: Double

  public var eventShape: [Int] { [3 * particles] }

  public init(particles: Int = 13, wellDepth: Double = 1, distance: Double = 1, stiffness: Double = 1) {
    self.particles = particles
    self.wellDepth = wellDepth
    self.distance = distance
    self.stiffness = stiffness
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "LennardJonesCluster")
    let inverseSixth = pow(distance * distance / squaredPairDistances(x, particles, 3), 3)
    let pairs = wellDepth * sumOverEvent(square(inverseSixth) - 2.0 * inverseSixth)
    let points = x.reshaped(Array(x.shape.dropLast()) + [particles, 3])
    let arms = points - points.mean(axis: -2, keepingDimensions: true)
    return pairs + (0.5 * stiffness) * square(arms).sum(axes: [-2, -1])
  }
}

/// `|x_i - x_j|²` for all `i < j`, `[batch..., particles dimensions] -> [batch..., pairs]`.
private func squaredPairDistances(_ x: Tensor, _ particles: Int, _ dimensions: Int) -> Tensor {
  require(particles >= 2, "particles: \(particles); give two or more")
  let pairs = (0..<particles).flatMap { i in (i + 1..<particles).map { (i, $0) } }
  // Column p takes the difference of pair p: a product with the edges of the complete graph, whose derivative is one too.
  var edges = [Double](repeating: 0, count: particles * pairs.count)
  for (pair, (i, j)) in pairs.enumerated() {
    edges[i * pairs.count + pair] = 1
    edges[j * pairs.count + pair] = -1
  }
  let coordinates = x.reshaped([-1, particles, dimensions]).transposed().reshaped([-1, particles])
  let differences = coordinates.matmul(Tensor(edges, shape: [particles, pairs.count], dtype: x.dtype))
  let squared = square(differences).reshaped([-1, dimensions, pairs.count]).sum(axis: 1)
  return squared.reshaped(Array(x.shape.dropLast()) + [pairs.count])
}
