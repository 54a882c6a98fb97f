import Autodiff
import Probability
import Testing

struct EnergyReference {
  @Test func muellerBrownHasItsPublishedExtrema() {
    let energy = MuellerBrown()
    let minima: [([Double], Double)] = [([-0.558, 1.442], -146.700), ([0.623, 0.028], -108.167), ([-0.050, 0.467], -80.768)]
    for (point, value) in minima {
      let laplace = LaplaceApproximation(of: energy, from: double(point))
      #expect((laplace.energy - value).magnitude < 1e-3)
      for (a, b) in zip(laplace.mode.doubles, point) { #expect((a - b).magnitude < 1e-3) }
    }
    for (point, value) in [([-0.822, 0.624], -40.665), ([0.212, 0.293], -72.249)] {
      #expect((energy(double(point)).item() - value).magnitude < 2e-3)
      let curvature = hessian(double(point)) { energy($0) }.doubles
      #expect(curvature[0] * curvature[3] - curvature[1] * curvature[2] < 0)
    }
  }

  @Test func normalizersAreThoseOfQuadrature() {
    let n = 800
    let line = (0..<n).map { -12 + 24 * (Double($0) + 0.5) / Double(n) }
    let area = (24 / Double(n)) * (24 / Double(n))
    let well = ManyWell(pairs: 1)
    let grid = double(line.flatMap { x in line.flatMap { [x / 3, $0] } }, [n * n, 2])
    #expect((referenceLog(exp(-well(grid)).sum().item() * area / 3) - well.logNormalizer).magnitude < 1e-9)
    // The constant of Midgley et al. (2023).
    #expect((well.logNormalizer - referenceLog(11784.50927) - 0.5 * referenceLog(2 * Double.pi)).magnitude < 1e-8)
    #expect((ManyWell().logNormalizer - 16 * well.logNormalizer).magnitude < 1e-9)
    // The valley is narrow and long: integrate along x₁ and, with its closed form, across.
    let valley = RosenbrockEnergy()
    let bent = double(line.flatMap { x in line.map { [x * 2, 4 * x * x + $0 / 4] }.joined() }, [n * n, 2])
    #expect((referenceLog(exp(-valley(bent)).sum().item() * area / 2) - valley.logNormalizer!).magnitude < 1e-6)
    #expect(RosenbrockEnergy(dimension: 3).logNormalizer == nil)
    #expect(RosenbrockEnergy(dimension: 5)(Tensor.ones([5], dtype: .float64)).item() == 0)
  }

  @Test func knownPointsHaveTheirEnergies() throws {
    let energies: [(String, any Energy)] = [
      ("DW4", DoubleWellParticles()), ("LJ13", LennardJonesCluster()), ("forty", DensityEnergy(GaussianMixture.forty(dtype: .float64))),
    ]
    for (name, energy) in energies {
      let reference = try #require(ScipyValues.stored.energies[name])
      // The means of the forty normals are rounded to five decimals.
      let tolerance = name == "forty" ? 3e-4 : 1e-11
      for (a, b) in zip(energy(reference.points.tensor).doubles, reference.energy) {
        #expect((a - b).magnitude < tolerance * (1 + b.magnitude), "\(name): \(a) and \(b)")
      }
    }
  }

  /// Three particles can all be at the distance of least energy: `3 (-b²/4c)`.
  @Test func equilateralTriangleIsAMinimumOfTheDoubleWell() {
    let side = 4 + (4 / 1.8).squareRoot()
    let points = double([0, 0, side, 0, side / 2, side * 3.0.squareRoot() / 2], [1, 6])
    let energy = DoubleWellParticles(particles: 3)
    #expect((energy(points).item() + 3 * 16 / 3.6).magnitude < 1e-12)
    #expect(energy.gradient(points).doubles.allSatisfy { $0.magnitude < 1e-12 })
  }

  /// The icosahedron around a thirteenth particle, scaled to least energy: the known minimum of LJ13.
  @Test func icosahedronIsTheMinimumOfThirteenParticles() {
    let phi = (1 + 5.0.squareRoot()) / 2
    var unit: [[Double]] = [[0, 0, 0]]
    for a in [-1.0, 1] { for b in [-phi, phi] { unit += [[0, a, b], [a, b, 0], [b, 0, a]] } }
    var (sixth, twelfth) = (0.0, 0.0)
    for i in 0..<13 {
      for j in 0..<i {
        let squared = (0..<3).reduce(0) { $0 + (unit[i][$1] - unit[j][$1]) * (unit[i][$1] - unit[j][$1]) }
        sixth += 1 / (squared * squared * squared)
        twelfth += 1 / (squared * squared * squared * squared * squared * squared)
      }
    }
    let scale = referenceExp(referenceLog(twelfth / sixth) / 6)
    let points = double(unit.flatMap { $0.map { scale * $0 } }, [1, 39])
    let free = LennardJonesCluster(stiffness: 0)
    #expect((free(points).item() + 44.326801).magnitude < 1e-6)
    #expect(free.gradient(points).doubles.allSatisfy { $0.magnitude < 1e-10 })
    // The spring adds half of 12 squared radii.
    let radius = scale * scale * (1 + phi * phi)
    #expect((LennardJonesCluster()(points).item() - free(points).item() - 6 * radius).magnitude < 1e-12)
  }

  @Test(arguments: [8, 39])
  func particlesAreFreeToMoveAndTurn(_ coordinates: Int) {
    let energy: any Energy = coordinates == 8 ? DoubleWellParticles() : LennardJonesCluster()
    let reference = ScipyValues.stored.energies[coordinates == 8 ? "DW4" : "LJ13"]!.points.tensor
    let dimensions = coordinates == 8 ? 2 : 3
    let points = reference.reshaped([coordinates / dimensions, dimensions])
    let swapped = points.gathered(Tensor((0..<coordinates / dimensions).reversed().map { Int32($0) }))
    let mirrored = points.matmul(
      dimensions == 2 ? double([0.6, 0.8, 0.8, -0.6], [2, 2]) : double([0.6, 0.8, 0, 0.8, -0.6, 0, 0, 0, 1], [3, 3]))
    let expected = energy(reference).item()
    for moved in [points + 1.7, swapped, mirrored] {
      #expect((energy(moved.reshaped([1, coordinates])).item() - expected).magnitude < 1e-9 * (1 + expected.magnitude))
    }
  }

  @Test func fortyNormalsAreNormalised() {
    let target = GaussianMixture.forty(dtype: .float64)
    #expect(target.components == 40)
    let estimate = ImportanceWeights(
      logWeights: target.logDensity(Uniform(lower: double([-48, -48]), upper: double([48, 48])).sample(40_000, key: Key(seed: 1))) + 2
        * referenceLog(96))
    #expect(estimate.logNormalizer.value.magnitude < 5 * estimate.logNormalizer.standardError)
  }
}
