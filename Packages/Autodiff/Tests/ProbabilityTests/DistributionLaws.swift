import Autodiff
import Probability
import Testing

/// Midpoints of a square grid on [-9, 9]², `[n n, 2]`, and the area of a cell.
private let (grid, cellArea): (Tensor, Double) = {
  let n = 720
  let spacing = 18.0 / Double(n)
  let line = (0..<n).map { -9 + (Double($0) + 0.5) * spacing }
  return (double(line.flatMap { x in line.flatMap { [x, $0] } }, [n * n, 2]), spacing * spacing)
}()

struct DistributionLaws {
  @Test(arguments: distributions)
  func densityIntegratesToOne(_ named: Named<any Distribution>) {
    let total = exp(named.value.logDensity(grid)).sum().item() * cellArea
    // Uniform has jumps on cell borders at best; the others are smooth on the scale of a cell.
    #expect((total - 1).magnitude < 1e-6, "\(total)")
  }

  @Test(arguments: distributions)
  func samplesHaveTheMomentsOfTheDensity(_ named: Named<any Distribution>) {
    let count = 20_000
    let density = exp(named.value.logDensity(grid)).doubles
    let total = density.reduce(0, +)
    let expected = WeightedMoments(grid, weights: density.map { $0 / total })
    let found = WeightedMoments(named.value.sample(count, key: Key(seed: 17)))
    for i in 0..<2 {
      let error = expected.standardDeviation[i] / Double(count).squareRoot()
      #expect((found.mean[i] - expected.mean[i]).magnitude < 5 * error)
      #expect((found.standardDeviation[i] / expected.standardDeviation[i] - 1).magnitude < 0.03)
    }
    #expect((found.correlation(0, 1) - expected.correlation(0, 1)).magnitude < 0.04)
  }

  @Test(arguments: distributions)
  func samplesFallIntoHalfPlanesAsTheDensitySays(_ named: Named<any Distribution>) {
    let count = 20_000
    let mass = exp(named.value.logDensity(grid)).doubles.map { $0 * cellArea }
    let (points, samples) = (grid.doubles, named.value.sample(count, key: Key(seed: 18)).doubles)
    for (a, b, c) in [(1.0, 0.0, 0.3), (0.0, 1.0, -0.4), (0.8, 0.6, 1.1), (-0.5, 1.0, 0.9)] {
      let expected = mass.indices.reduce(0.0) { a * points[2 * $1] + b * points[2 * $1 + 1] > c ? $0 + mass[$1] : $0 }
      let found = (0..<count).filter { a * samples[2 * $0] + b * samples[2 * $0 + 1] > c }.count
      let error = (max(expected * (1 - expected), 0) / Double(count)).squareRoot()
      #expect((Double(found) / Double(count) - expected).magnitude < 5 * error + 0.004)
    }
  }

  @Test(arguments: distributions)
  func shapesFollowTheContract(_ named: Named<any Distribution>) {
    #expect(named.value.sample(3, key: Key(seed: 1)).shape == [3, 2])
    #expect(named.value.logDensity(Tensor.zeros([4, 5, 2], dtype: .float64)).shape == [4, 5])
    #expect(named.value.logDensity(Tensor.zeros([2], dtype: .float64)).shape == [])
    let again = named.value.sample(3, key: Key(seed: 1)).doubles
    #expect(named.value.sample(3, key: Key(seed: 1)).doubles == again)
    #expect(named.value.sample(3, key: Key(seed: 2)).doubles != again)
  }

  @Test func catalogueHoldsTheDistributionsOfThePlane() {
    let kinds = Set(distributions.map { String(describing: type(of: $0.value)).prefix { $0 != "<" } })
    #expect(
      kinds == [
        "DiagonalNormal", "SoftUniform", "Uniform", "GaussianMixture", "MultivariateNormal", "Logistic", "Funnel", "Mixture",
        "TransformedDistribution",
      ])
  }
}

struct ClosedForms {
  @Test func standardNormalAtItsMode() {
    let value = DiagonalNormal(dimension: 3, dtype: .float64).logDensity(Tensor.zeros([1, 3], dtype: .float64)).item()
    #expect((value + 1.5 * referenceLog(2 * Double.pi)).magnitude < 1e-14)
  }

  /// A uniform variable plus a logistic one: variance `w²/12 + π²/(3β²)`.
  @Test func softUniformHasItsVariance() {
    let (width, sharpness) = (1.5, 3.0)
    let samples = SoftUniform(dimension: 1, width: width, sharpness: sharpness, dtype: .float64).sample(100_000, key: Key(seed: 4))
    let expected = width * width / 12 + Double.pi * Double.pi / (3 * sharpness * sharpness)
    #expect((WeightedMoments(samples).covariance[0][0] / expected - 1).magnitude < 0.02)
  }

  /// `p(0) = (1 - exp(-βw))/w f(βw/2)²`
  @Test func softUniformAtItsCentre() {
    let (width, sharpness) = (1.5, 3.0)
    let edge = 1 / (1 + referenceExp(-sharpness * width / 2))
    let expected = referenceLog((1 - referenceExp(-sharpness * width)) / width * edge * edge)
    let value = SoftUniform(dimension: 1, width: width, sharpness: sharpness, dtype: .float64).logDensity(double([0], [1, 1])).item()
    #expect((value - expected).magnitude < 1e-14)
  }

  @Test func softUniformStaysFiniteFarOutInFloat32() {
    let density = SoftUniform(dimension: 1, width: 6, sharpness: 10)
    let x = Tensor([Float(-500), 500], shape: [2, 1])
    #expect(density.logDensity(x).doubles.allSatisfy { $0.isFinite && $0 < -1000 })
    #expect(density.sample(50_000, key: Key(seed: 9)).doubles.allSatisfy { $0.isFinite })
  }

  @Test func oneComponentMixtureIsANormal() {
    let mixture = GaussianMixture(means: [[1, -2]], standardDeviation: 0.7, dtype: .float64)
    let normal = DiagonalNormal(mean: double([1, -2]), standardDeviation: double([0.7, 0.7]))
    let x = double([0.2, 1.1, -3, 4], [2, 2])
    for (a, b) in zip(mixture.logDensity(x).doubles, normal.logDensity(x).doubles) { #expect((a - b).magnitude < 1e-13) }
  }

  @Test func outsideTheBoxThereIsNothing() {
    let box = Uniform(lower: double([0, 0]), upper: double([2, 4]))
    let values = box.logDensity(double([1, 1, 3, 1], [2, 2])).doubles
    #expect((values[0] + referenceLog(8)).magnitude < 1e-14 && values[1] == -.infinity)
  }
}
