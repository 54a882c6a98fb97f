import Autodiff
import Probability
import Testing

/// Sum of `exp(-U)` over the cells of a square grid on `[-half, half]²`, by midpoints: `log Z`.
private func logQuadrature(_ energy: any Energy, half: Double, cells: Int) -> Double {
  let line = (0..<cells).map { half * (2 * (Double($0) + 0.5) / Double(cells) - 1) }
  let sum = line.reduce(0.0) { total, x in
    total + exp(-energy(double(line.flatMap { [x, $0] }, [cells, 2]))).sum().item()
  }
  return referenceLog(sum * (2 * half / Double(cells)) * (2 * half / Double(cells)))
}

struct PlanarTargetTests {
  @Test(arguments: PlanarTarget.allCases)
  func normalizersAreThoseOfQuadrature(_ target: PlanarTarget) {
    let energy = target.energy(dtype: .float64)
    // The kinks of five rings slow the quadrature.
    let tolerance = target == .ring5 ? 1e-4 : 1e-9
    #expect((logQuadrature(energy, half: 14, cells: 700) - energy.logNormalizer).magnitude < tolerance)
  }

  @Test func ringsHaveTheirPublishedNormalizers() {
    #expect((RingEnergy.ring.logNormalizer - 2.187098).magnitude < 1e-6)
    #expect((RingEnergy(radii: [2], width: 0.32.squareRoot()).logNormalizer - 2.533672).magnitude < 1e-6)
    #expect((RingEnergy.five.logNormalizer - 3.508529).magnitude < 1e-6)
  }

  /// Standard deviations of x by quadrature in NumPy; the mixtures' by hand.
  @Test(
    arguments: zip(
      PlanarTarget.allCases,
      [[5.04975, 0.70711], [5.08920, 0.94868], [3.54965, 3.54965], [4.11906, 4.11906], [1.45602, 1.45602], [2.74415, 2.74415]]))
  func exactSamplesHaveTheMomentsOfTheDensity(_ target: PlanarTarget, _ deviations: [Double]) {
    let moments = WeightedMoments(target.energy(dtype: .float64).sample(40_000, key: Key(seed: 3), dtype: .float64))
    for axis in 0..<2 {
      #expect(moments.mean[axis].magnitude < 5 * deviations[axis] / 200)
      #expect((moments.standardDeviation[axis] / deviations[axis] - 1).magnitude < 0.02)
    }
  }

  /// The energy's own mean under exact samples is its mean by quadrature, so the radial law is right and not only its moments.
  @Test(arguments: PlanarTarget.allCases)
  func exactSamplesHaveTheMeanEnergyOfTheDensity(_ target: PlanarTarget) {
    let energy = target.energy(dtype: .float64)
    let values = energy(energy.sample(40_000, key: Key(seed: 4), dtype: .float64)).doubles
    let line = (0..<600).map { -12 + 24 * (Double($0) + 0.5) / 600 }
    let (mass, sum) = line.reduce((0.0, 0.0)) { total, x in
      let u = energy(double(line.flatMap { [x, $0] }, [600, 2]))
      return (total.0 + exp(-u).sum().item(), total.1 + (u * exp(-u)).sum().item())
    }
    let mean = values.reduce(0, +) / 40_000
    let error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000 / 40_000).squareRoot()
    #expect((mean - sum / mass).magnitude < 5 * error + 1e-4)
  }

  @Test func manyWellSamplesVisitBothWellsAsOften() {
    let x = ManyWell(pairs: 1).sample(40_000, key: Key(seed: 5), dtype: .float64)
    let moments = WeightedMoments(x)
    let line = (-5000...5000).map { Double($0) / 1000 }
    let weight = line.map { referenceExp(-$0 * $0 * $0 * $0 + 6 * $0 * $0 + 0.5 * $0) }
    let mean = zip(line, weight).reduce(0) { $0 + $1.0 * $1.1 } / weight.reduce(0, +)
    #expect((moments.mean[0] - mean).magnitude < 5 * moments.standardDeviation[0] / 200)
    #expect((moments.standardDeviation[1] - 1).magnitude < 0.02)
  }

  @Test func gradientAtTheCentreOfRingsIsZero() {
    #expect(RingEnergy.five.gradient(double([0, 0], [1, 2])).doubles == [0, 0])
  }

  @Test func temperatureDividesTheEnergy() {
    let x = double([0.4, -1.1], [1, 2])
    #expect((TemperedEnergy(RingEnergy.ring, temperature: 4)(x).item() - RingEnergy.ring(x).item() / 4).magnitude < 1e-15)
  }
}

struct IsingTests {
  /// Every configuration of a small torus: the energy sum of the bonds to the right and below.
  private func enumeratedLogPartition(_ n: Int, _ temperature: Double) -> Double {
    var sum = 0.0
    for bits in 0..<1 << (n * n) {
      let spin = { (x: Int, y: Int) in (bits >> ((x % n) * n + y % n)) & 1 == 1 ? 1.0 : -1.0 }
      var bonds = 0.0
      for x in 0..<n { for y in 0..<n { bonds += spin(x, y) * (spin(x + 1, y) + spin(x, y + 1)) } }
      sum += referenceExp(bonds / temperature)
    }
    return referenceLog(sum)
  }

  @Test(arguments: [1.0, 2.0, 2.269185314213022, 2.7, 6.0])
  func kaufmanIsTheSumOverAllConfigurations(_ temperature: Double) {
    for side in [3, 4] {
      let exact = IsingLattice(side: side, temperature: temperature).logPartitionFunction
      #expect((exact - enumeratedLogPartition(side, temperature)).magnitude < 1e-10)
    }
  }

  @Test func sixteenBySixteen() {
    let known = [
      (2.0, 263.296210, 662.7150), (2.1, 252.895274, 634.3829), (2.2, 243.975698, 608.9257), (2.3, 236.481168, 586.1170),
      (2.4, 230.310956, 565.7131), (2.5, 225.228847, 547.3572), (2.6, 220.961126, 530.6726), (2.7, 217.304667, 515.3680),
    ]
    for (temperature, lattice, relaxed) in known {
      let exact = IsingLattice(side: 16, temperature: temperature)
      #expect((exact.logPartitionFunction - lattice).magnitude < 1e-6)
      let relaxation = IsingRelaxation(exact)
      #expect((relaxation.logNormalizer - relaxed).magnitude < 1e-4)
      #expect((relaxation.latticeLogPartitionFunction(fromRelaxed: relaxation.logNormalizer) - lattice).magnitude < 1e-6)
    }
    // Where an unsigned γ₀ goes wrong: it gives 14.2750.
    #expect((IsingLattice(side: 4, temperature: 2.7).logPartitionFunction - 13.944167).magnitude < 1e-6)
  }

  /// `exp(-U)` is a mixture of one normal for each configuration, whose total mass is `Z`.
  @Test func relaxationIsAMixtureOverTheConfigurations() {
    let (n, temperature) = (3, 2.3)
    let relaxation = IsingRelaxation(IsingLattice(side: n, temperature: temperature))
    let sites = n * n
    var coupling = [Double](repeating: 0, count: sites * sites)
    for x in 0..<n {
      for y in 0..<n {
        for (u, v) in [(x + 1, y), (x + n - 1, y), (x, y + 1), (x, y + n - 1)] {
          coupling[(x * n + y) * sites + (u % n) * n + v % n] += 1 / temperature
        }
      }
    }
    let matrix = double(coupling, [sites, sites]) + relaxation.shift * Tensor.identity(sites, dtype: .float64)
    let spins = double((0..<1 << sites).flatMap { bits in (0..<sites).map { (bits >> $0) & 1 == 1 ? 1.0 : -1.0 } }, [1 << sites, sites])
    let logWeights = 0.5 * (spins * spins.matmul(matrix)).sum(axis: 1)
    let logDeterminant = 2 * log(matrix.cholesky().diagonal()).sum().item()
    let mass = logWeights.logSumExp(axis: 0).item() - Double(sites) * referenceLog(2) + 0.5 * logDeterminant
    #expect((mass + 0.5 * Double(sites) * referenceLog(2 * Double.pi) - relaxation.logNormalizer).magnitude < 1e-10)

    let mixture = Mixture(
      (0..<1 << sites).map { row in
        MultivariateNormal(mean: spins.slice(axis: 0, row..<row + 1).squeezed(axis: 0).matmul(matrix), covariance: matrix)
      }, logWeights: logWeights)
    let x = Tensor.normal([4, sites], key: Key(seed: 2), dtype: .float64) * 2.0
    for (a, b) in zip((-relaxation(x) - relaxation.logNormalizer).doubles, mixture.logDensity(x).doubles) {
      #expect((a - b).magnitude < 1e-9)
    }
  }

  @Test func spinsFollowTheirProbability() {
    let relaxation = IsingRelaxation(IsingLattice(side: 3, temperature: 2))
    let spins = relaxation.spins(given: Tensor.full([4000, 9], 0.5, dtype: .float64), key: Key(seed: 1))
    #expect(spins.doubles.allSatisfy { $0.magnitude == 1 })
    // E s = tanh x
    #expect((spins.mean().item() - 0.46211715726).magnitude < 0.02)
  }
}

struct ParticleTargetTests {
  private static let icosahedron: [[Double]] = {
    let phi = (1 + 5.0.squareRoot()) / 2
    var corners: [[Double]] = []
    for a in [-1.0, 1] { for b in [-phi, phi] { corners += [[0, a, b], [a, b, 0], [b, 0, a]] } }
    let norm = (1 + phi * phi).squareRoot()
    return corners.map { $0.map { $0 / norm } }
  }()

  /// The middles of the 30 edges.
  private static let edges: [[Double]] = {
    var middles: [[Double]] = []
    for i in 0..<12 {
      for j in 0..<i {
        let (a, b) = (icosahedron[i], icosahedron[j])
        // Neighbours are at the cosine 1/√5.
        if (zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } - 1 / 5.0.squareRoot()).magnitude < 1e-9 {
          let middle = zip(a, b).map { $0 + $1 }
          let norm = middle.reduce(0) { $0 + $1 * $1 }.squareRoot()
          middles.append(middle.map { $0 / norm })
        }
      }
    }
    return middles
  }()

  /// The least energy over the radii of the shells, by Newton's method from `start`.
  private func relaxed(_ energy: LennardJonesCluster, _ shells: [[[Double]]], from start: [Double]) -> Double {
    let directions = double(([[0.0, 0, 0]] + shells.flatMap { $0 }).flatMap { $0 }, [energy.particles, 3])
    var membership = [Double](repeating: 0, count: energy.particles * shells.count)
    var row = 1
    for (shell, points) in shells.enumerated() {
      for _ in points {
        membership[row * shells.count + shell] = 1
        row += 1
      }
    }
    let members = double(membership, [energy.particles, shells.count])
    let radial = FunctionEnergy(eventShape: [shells.count]) { radii in
      let batch = Array(radii.shape.dropLast())
      let points = radii.matmul(members.transposed()).expanded(axis: radii.rank) * directions
      return energy(points.reshaped(batch + energy.eventShape))
    }
    return LaplaceApproximation(of: radial, from: double(start)).energy
  }

  @Test func thirteenParticlesHaveTheirMinimaInBothConventions() {
    #expect((relaxed(.lj13(), [Self.icosahedron], from: [0.95]) + 38.772188).magnitude < 1e-6)
    #expect((relaxed(.lj13(pairs: .twice), [Self.icosahedron], from: [0.95]) + 83.089644).magnitude < 1e-6)
  }

  /// The Mackay icosahedron.
  @Test func fiftyFiveParticlesHaveTheirMinimum() {
    #expect(Self.edges.count == 30)
    let free = LennardJonesCluster(particles: 55, stiffness: 0)
    let shells = [Self.icosahedron, Self.icosahedron, Self.edges]
    #expect((relaxed(free, shells, from: [0.93, 1.85, 1.6]) + 279.248470).magnitude < 1e-6)
    #expect(LennardJonesCluster.lj55().eventShape == [165])
  }

  /// The springs of a tethered cluster hold each particle to the origin: `Σ|x_i|² = Σ|x_i - c|² + n|c|²`.
  @Test func tetheredClusterIsHeldAtTheOrigin() {
    let x = double((0..<12).map { referenceCos(1.7 * Double($0)) }, [1, 12])
    let tethered = TetheredParticles(LennardJonesCluster(particles: 4), dimensions: 3)
    let expected = LennardJonesCluster(particles: 4, stiffness: 0)(x).item() + 0.5 * square(x).sum().item()
    #expect((tethered(x).item() - expected).magnitude < 1e-12)
  }
}

struct LogisticRegressionTests {
  private let features = double((0..<24).map { referenceCos(2.1 * Double($0)) * 2 }, [12, 2])
  private let labels = double([1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0])

  @Test func energyByHand() {
    let posterior = LogisticRegressionPosterior(features: double([0.3, 1, -2, 1], [2, 2]), labels: double([1, 0]), priorScale: 2)
    // θ = (1, 0.5): z = (0.8, -1.5)
    let expected =
      referenceLog(1 + referenceExp(-0.8)) + referenceLog(1 + referenceExp(-1.5)) + 1.25 / 8 + referenceLog(8 * Double.pi)
    #expect((posterior(double([1, 0.5], [1, 2])).item() - expected).magnitude < 1e-14)
  }

  @Test func minibatchesAverageToTheWhole() {
    let posterior = LogisticRegressionPosterior(features: features, labels: labels)
    let theta = double([0.4, -0.9], [1, 2])
    let thirds = (0..<3).map { part in posterior.minibatch(Tensor((0..<4).map { Int32(3 * $0 + part) }))(theta).item() }
    #expect((thirds.reduce(0, +) / 3 - posterior(theta).item()).magnitude < 1e-12)
    #expect((thirds[0] - posterior(theta).item()).magnitude > 1e-3)
  }

  @Test func preparedFeaturesAreStandardised() {
    let raw = Tensor.concatenated([3.0 * features + 7.0, .full([12, 1], 4, dtype: .float64)], axis: 1)
    let prepared = LogisticRegressionPosterior.prepared(raw, by: raw)
    #expect(prepared.shape == [12, 4])
    let moments = WeightedMoments(prepared)
    for column in 0..<2 { #expect(moments.mean[column].magnitude < 1e-14 && (moments.standardDeviation[column] - 1).magnitude < 1e-14) }
    #expect(moments.mean[2] == 0 && moments.mean[3] == 1)
  }

  @Test func scoresByHand() {
    let scores = ClassificationScores(probabilities: [0.9, 0.4, 0.4, 0.2, 0.7], labels: [1, 1, 0, 0, 0])
    #expect(scores.accuracy == 3.0 / 5)
    // Pairs in order: 0.9 over three, 0.4 over 0.2 and half over 0.4.
    #expect((scores.areaUnderCurve - 4.5 / 6).magnitude < 1e-15)
    let weights = double([1, 0, 0, 1], [2, 2])
    let prediction = LogisticRegressionPosterior.prediction(double([2, 0], [1, 2]), weights: weights).item()
    #expect((prediction - 0.5 * (1 / (1 + referenceExp(-2)) + 0.5)).magnitude < 1e-15)
  }
}

struct EnergyFaultTests {
  private let points = double([0.3, -1.2, 2.0, 0.7, -0.4, -0.1], [3, 2])

  @Test(arguments: energies)
  func soundEnergiesPass(_ named: Named<any Energy>) {
    let shape = [5] + named.value.eventShape
    #expect(named.value.faults(at: Tensor.normal(shape, key: Key(seed: 7), dtype: .float64) * 0.9).isEmpty)
  }

  @Test func faultsAreNamed() {
    let wrongShape = FunctionEnergy(eventShape: [2]) { square($0).sum() }
    #expect(wrongShape.faults(at: points) == [.shape(found: [], expected: [3])])
    let undefined = FunctionEnergy(eventShape: [2]) { log($0).sum(axis: -1) + square($0).sum(axis: -1) }
    #expect(undefined.faults(at: points) == [.notFinite(points: 2, of: 3)])
    let rough = FunctionEnergy(eventShape: [2]) { square($0).sum(axis: -1) + sqrt(maximum($0, .zeros(like: $0))).sum(axis: -1) }
    #expect(rough.faults(at: double([0, 0], [1, 2])) == [.notDifferentiable(points: 1, of: 1)])
    for unbounded: @Sendable (Tensor) -> Tensor in [{ -square($0).sum(axis: -1) }, { $0.sum(axis: -1) }] {
      let faults = FunctionEnergy(eventShape: [2], unbounded).faults(at: points)
      guard case .unboundedBelow? = faults.first else {
        Issue.record("not noticed: \(faults)")
        continue
      }
      #expect(faults[0].description.contains("unbounded below"))
    }
  }
}
