import Autodiff
import Probability
import Testing

struct SamplerTests {
  /// Neighbours correlated by 0.9, deviations from 1 to 3, far means.
  static func correlatedNormal(_ d: Int) -> (energy: FunctionEnergy, means: [Double], deviations: [Double]) {
    let deviations = (0..<d).map { 1 + 2 * Double($0) / Double(d) }
    let means = (0..<d).map { 3 * referenceCos(Double($0)) }
    let covariance = (0..<d * d).map { entry -> Double in
      let (i, j) = (entry / d, entry % d)
      return referenceExp(referenceLog(0.9) * Double((i - j).magnitude)) * deviations[i] * deviations[j]
    }
    let factor = double(covariance, [d, d]).cholesky()
    let half = factor.triangularSolve(Tensor.identity(d, dtype: .float64))
    let precision = double(half.transposed().matmul(half).doubles, [d, d])
    let center = double(means)
    let energy = FunctionEnergy(eventShape: [d]) { x in
      let away = x - center
      return 0.5 * (away * away.matmul(precision)).sum(axis: -1)
    }
    return (energy, means, deviations)
  }

  private func expectMeans(_ summary: [ChainSummary], _ means: [Double], _ deviations: [Double], within share: Double = 0.1) {
    for ((found, mean), deviation) in zip(zip(summary, means), deviations) {
      #expect((found.mean - mean).magnitude < share * deviation)
      #expect((found.standardDeviation / deviation - 1).magnitude < 0.1)
    }
  }

  @Test func hundredCorrelatedCoordinates() throws {
    let target = Self.correlatedNormal(100)
    let chains = try HamiltonianSampler(warmup: 600, draws: 700).sample(target.energy, key: Key(seed: 1))
    let summary = chains.summary
    expectMeans(summary, target.means, target.deviations)
    #expect(summary.allSatisfy { $0.potentialScaleReduction < 1.02 && $0.bulkEffectiveSampleSize > 400 })
    #expect(chains.statistics.allSatisfy { $0.divergences == 0 && ($0.acceptance - 0.8).magnitude < 0.12 })
  }

  @Test(arguments: [HamiltonianSampler.Mass.unit, .diagonal, .dense])
  func eachMassSamplesTheSameDensity(_ mass: HamiltonianSampler.Mass) throws {
    let target = Self.correlatedNormal(5)
    for path in [HamiltonianSampler.Path.noUTurn(), .fixed(leapfrogSteps: 12)] {
      let chains = try HamiltonianSampler(path: path, mass: mass, chains: 6, warmup: 500, draws: 1000).sample(
        target.energy, key: Key(seed: 2))
      expectMeans(chains.summary, target.means, target.deviations)
    }
  }

  @Test func denseMassNeedsFewerGradients() throws {
    let target = Self.correlatedNormal(10)
    let lengths = try [HamiltonianSampler.Mass.diagonal, .dense].map {
      try HamiltonianSampler(mass: $0, draws: 500).sample(target.energy, key: Key(seed: 3)).gradients
    }
    #expect(lengths[1] * 2 < lengths[0])
  }

  /// The funnel in coordinates in which it is standard normal, its energy by the map's determinant.
  @Test func funnelWithoutItsCentre() throws {
    let funnel = Funnel(dtype: .float64)
    let place = { @Sendable (z: Tensor) -> Tensor in
      let neck = 3.0 * z.slice(axis: -1, 0..<1)
      return Tensor.concatenated([neck, exp(0.5 * neck) * z.slice(axis: -1, 1..<10)], axis: -1)
    }
    let energy = FunctionEnergy(eventShape: [10]) { z in
      let logDeterminant = 9.0 * 1.5 * z.slice(axis: -1, 0..<1).squeezed(axis: -1) + referenceLog(3)
      return -funnel.logDensity(place(z)) - logDeterminant
    }
    let chains = try HamiltonianSampler().sample(energy, key: Key(seed: 4))
    expectMeans(chains.summary, [Double](repeating: 0, count: 10), [Double](repeating: 1, count: 10))
    #expect(chains.warnings(chains.summary).isEmpty)
    let neck = ChainSummary(chains.coordinate(0).map { $0.map { 3 * $0 } })
    #expect(neck.mean.magnitude < 0.3 && (neck.standardDeviation / 3 - 1).magnitude < 0.1)
  }

  /// The funnel as it stands: the neck is not reached, and that is said.
  @Test func funnelWithItsCentreIsDoubted() throws {
    let chains = try HamiltonianSampler(warmup: 300, draws: 300).sample(DensityEnergy(Funnel(dtype: .float64)), key: Key(seed: 1))
    let warnings = chains.warnings(chains.summary)
    #expect(!warnings.isEmpty)
    #expect(warnings.allSatisfy { !$0.description.isEmpty })
  }

  @Test func keysDecideEveryDraw() throws {
    let target = Self.correlatedNormal(3).energy
    let sampler = HamiltonianSampler(chains: 3, warmup: 60, draws: 40)
    let draws = try [5, 5, 6].map { try sampler.sample(target, key: Key(seed: $0)).draws.doubles }
    #expect(draws[0] == draws[1] && draws[0] != draws[2])
    // A chain is the same whatever company it has.
    let start = Tensor.normal([3, 3], key: Key(seed: 9), dtype: .float64)
    let moved = Tensor.concatenated([start.slice(axis: 0, 0..<1), start.slice(axis: 0, 1..<3) * 3.0], axis: 0)
    let firsts = try [start, moved].map { try sampler.sample(target, from: $0, key: Key(seed: 5)).coordinate(0)[0] }
    #expect(firsts[0] == firsts[1])
  }

  /// Half of a normal density: the energy is not a number on the other side.
  @Test func undefinedEnergiesAreRejectedAndCounted() throws {
    let half = FunctionEnergy(eventShape: [1]) { x in
      Tensor.where(x .> 0, 0.5 * square(x), .full(x.shape, .nan, dtype: x.dtype)).sum(axis: -1)
    }
    for path in [HamiltonianSampler.Path.noUTurn(), .fixed(leapfrogSteps: 4)] {
      let chains = try HamiltonianSampler(path: path, warmup: 500, draws: 2000).sample(half, key: Key(seed: 2))
      let summary = chains.summary[0]
      #expect(chains.draws.doubles.allSatisfy { $0 > 0 })
      #expect((summary.mean - (2 / Double.pi).squareRoot()).magnitude < 5 * summary.standardError + 0.01)
      let rejected = chains.statistics.reduce(0) { $0 + $1.nonFiniteEnergies }
      #expect(rejected > 0 && chains.warnings([summary]).contains(.nonFiniteEnergies(rejected)))
    }
  }

  @Test func hopelessEnergiesAreThrown() {
    let sampler = HamiltonianSampler(chains: 2, warmup: 20, draws: 20)
    let fault = { (energy: FunctionEnergy) -> EnergyFault? in
      do throws(EnergyFault) {
        _ = try sampler.sample(energy, key: Key(seed: 1))
        return nil
      } catch { return error }
    }
    guard case .unboundedBelow? = fault(FunctionEnergy(eventShape: [2]) { -square($0).sum(axis: -1) }) else {
      Issue.record("an inverted well was sampled")
      return
    }
    #expect(fault(FunctionEnergy(eventShape: [2]) { $0.sum() }) == .shape(found: [], expected: [2]))
    #expect(fault(FunctionEnergy(eventShape: [2]) { log(-square($0).sum(axis: -1)) }) == .notFinite(points: 2, of: 2))
    let kinked = FunctionEnergy(eventShape: [2]) { square($0).sum(axis: -1) + sqrt(($0 * 0.0).sum(axis: -1)) }
    #expect(fault(kinked) == .notDifferentiable(points: 2, of: 2))
  }

  @Test func temperatureWidensTheDraws() throws {
    let well = HarmonicWell(stiffness: double([1, 4]), center: double([0, 2]))
    let chains = try HamiltonianSampler(warmup: 300, draws: 1000).sample(TemperedEnergy(well, temperature: 4), key: Key(seed: 7))
    expectMeans(chains.summary, [0, 2], [2, 1])
  }
}

/// A logistic regression of two weights, whose posterior a grid integrates.
struct LogisticPosteriorTests {
  static let features = double((0..<60).map { referenceCos(2.1 * Double($0)) * 1.5 }, [30, 2])
  static let posterior = LogisticRegressionPosterior(
    features: features, labels: double((0..<30).map { referenceCos(2.1 * Double(2 * $0)) + referenceCos(7 * Double($0)) > 0 ? 1 : 0 }))

  /// `log Z`, means and standard deviations by the midpoint rule on [-6, 8]².
  static let exact: (logNormalizer: Double, means: [Double], deviations: [Double]) = {
    let n = 400
    let line = (0..<n).map { -6 + 14 * (Double($0) + 0.5) / Double(n) }
    let grid = double(line.flatMap { x in line.flatMap { [x, $0] } }, [n * n, 2])
    let density = exp(-posterior(grid))
    let mass = density.sum().item()
    let weights = density.doubles.map { $0 / mass }
    let moments = WeightedMoments(grid, weights: weights)
    return (referenceLog(mass * (14 / Double(n)) * (14 / Double(n))), moments.mean, moments.standardDeviation)
  }()

  @Test func noUTurnSamplerFindsTheMomentsOfQuadrature() throws {
    let chains = try HamiltonianSampler().sample(Self.posterior, key: Key(seed: 3))
    for (axis, found) in chains.summary.enumerated() {
      #expect((found.mean - Self.exact.means[axis]).magnitude < 0.1 * Self.exact.deviations[axis])
      #expect((found.standardDeviation / Self.exact.deviations[axis] - 1).magnitude < 0.05)
    }
    #expect(chains.warnings(chains.summary).isEmpty)
  }

  @Test func annealingFindsTheEvidence() throws {
    let prior = DiagonalNormal(dimension: 2, dtype: .float64)
    let run = AnnealedImportanceSampling(particles: 400, rungs: 60).run(from: prior, to: Self.posterior, key: Key(seed: 4))
    let diagnosis = WeightDiagnosis(run.weights)
    let found = try #require(diagnosis.logNormalizer.estimate)
    #expect((found.value - Self.exact.logNormalizer).magnitude < 5 * found.standardError && found.standardError < 0.05)
    #expect(run.weights.efficiency > 0.5)
    #expect(run.path.first == 0 && run.path.last == 1 && run.path == run.path.sorted())
    let means = WeightedMoments(run.points, weights: run.weights.normalized).mean
    for axis in 0..<2 { #expect((means[axis] - Self.exact.means[axis]).magnitude < 0.25 * Self.exact.deviations[axis]) }
  }

  /// A wrong start with too few rungs is flagged instead of trusted.
  @Test func hastyAnnealingIsFlagged() {
    let far = DiagonalNormal(mean: double([30, -30]), standardDeviation: double([0.1, 0.1]))
    let run = AnnealedImportanceSampling(particles: 100, rungs: 2, leapfrogSteps: 1).run(from: far, to: Self.posterior, key: Key(seed: 4))
    #expect(WeightDiagnosis(run.weights).logNormalizer.estimate == nil)
  }
}

/// Talts et al. (2018): ranks of parameters drawn from the prior among the draws of their posteriors are uniform.
struct SimulationBasedCalibrationTests {
  @Test func ranksOfPriorDrawsAreUniform() throws {
    let (simulations, rows, kept, thinning) = (256, 8, 31, 5)
    let keys = Key(seed: 12).split(3)
    let truth = Tensor.normal([simulations, 2], key: keys[0], dtype: .float64)
    let features = LogisticPosteriorTests.features.slice(axis: 0, 0..<rows)
    let probabilities = sigmoid(truth.matmul(features.transposed()))
    let labels = (Tensor.uniform([simulations, rows], key: keys[1], dtype: .float64) .< probabilities).cast(to: .float64)
    // One chain for each simulation, each with its own labels.
    let posterior = FunctionEnergy(eventShape: [2]) { theta in
      let logits = theta.matmul(features.transposed())
      return (softplus(logits) - labels * logits).sum(axis: 1) + 0.5 * square(theta).sum(axis: 1)
    }
    let chains = try HamiltonianSampler(chains: simulations, warmup: 200, draws: kept * thinning).sample(posterior, key: keys[2])
    let values = truth.doubles
    for axis in 0..<2 {
      var counts = [Int](repeating: 0, count: 8)
      for (simulation, draws) in chains.coordinate(axis).enumerated() {
        let rank = stride(from: thinning - 1, to: draws.count, by: thinning).filter { draws[$0] < values[2 * simulation + axis] }.count
        counts[rank / 4] += 1
      }
      // χ² of 8 classes: 24.3 is passed by one in a thousand.
      let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 32) * (Double($1) - 32) / 32 }
      #expect(chiSquare < 24.3, "\(counts)")
    }
  }
}
