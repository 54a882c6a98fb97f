import Autodiff
import DifferentiableIntegrators
import Integrators
import NHF
import Probability
import Testing

/// Harmonic `V = ½ 2.3 q²`, inverse mass 0.8, seven steps of 0.15: the flow is a matrix, all laws are normal.
struct LinearFlowTests {
  private let stiffness = 2.3
  private let inverseMass = 0.8

  /// `S` with `(q_T, p_T) = S (q_0, p_0)`, row by row, from plain numbers.
  private var map: [[Double]] {
    let columns = [(1.0, 0.0), (0.0, 1.0)].map { start in
      var (q, p) = start
      for _ in 0..<7 {
        p -= 0.075 * stiffness * q
        q += 0.15 * inverseMass * p
        p -= 0.075 * stiffness * q
      }
      return [q, p]
    }
    return [[columns[0][0], columns[1][0]], [columns[0][1], columns[1][1]]]
  }

  /// The flow with the exact conditional law of the momentum as its encoder.
  private var flow: HamiltonianFlow<HarmonicWell> {
    let s = map
    let qq = s[0][0] * s[0][0] + s[0][1] * s[0][1]
    let qp = s[0][0] * s[1][0] + s[0][1] * s[1][1]
    let pp = s[1][0] * s[1][0] + s[1][1] * s[1][1]
    return HamiltonianFlow(
      potential: HarmonicWell(stiffness: double([stiffness]), center: double([0])),
      kinetic: .scalar(scale: Tensor(inverseMass.squareRoot(), dtype: .float64)),
      encoder: linearEncoder(slope: qp / qq, deviation: (pp - qp * qp / qq).squareRoot()), prior: PhaseSpacePrior(dimension: 1),
      leapfrogSteps: 7, integrationTime: 7 * 0.15)
  }

  @Test func boundIsTheLogLikelihoodWithoutVariance() {
    let q = Tensor.full([64, 1], 1.1, dtype: .float64)
    let bounds = flow.elbo(q, key: Key(seed: 8)).doubles
    #expect(bounds.allSatisfy { ($0 + 2.07309530).magnitude < 5e-9 }, "\(bounds[0])")
    #expect(standardDeviation(bounds) < 1e-13)
    #expect((flow.loss(q, key: Key(seed: 9)).item() - 2.07309530).magnitude < 5e-9)
  }

  @Test func iwaeOfAPoorEncoderTendsToTheLogLikelihood() {
    var poor = flow
    poor.encoder = linearEncoder(slope: -0.2, deviation: 1.9)
    let q = Tensor.full([1, 1], 1.1, dtype: .float64)
    let one = mean(poor.elbo(q.broadcast(to: [4000, 1]), key: Key(seed: 1)).doubles)
    let many = poor.iwae(q, samples: 200_000, key: Key(seed: 2)).item()
    #expect(one < -2.08 && (many + 2.07309530).magnitude < 0.01, "\(one) \(many)")
  }

  @Test func reverseKLOfTheExactTargetIsZero() {
    let s = map
    let variance = s[0][0] * s[0][0] + s[0][1] * s[0][1]
    let target = DensityEnergy(DiagonalNormal(mean: double([0]), standardDeviation: double([variance.squareRoot()])))
    let weights = flow.weightedSamples(256, of: target, key: Key(seed: 3)).logWeight.doubles
    #expect(weights.allSatisfy { $0.magnitude < 1e-12 })
    #expect(flow.reverseKL(to: target, count: 256, key: Key(seed: 3)).item().magnitude < 1e-12)
  }

  @Test func reverseKLIsNotBelowMinusLogZ() {
    let wide = DensityEnergy(DiagonalNormal(mean: double([0.7]), standardDeviation: double([1.6])))
    #expect(flow.reverseKL(to: wide, count: 20_000, key: Key(seed: 4)).item() > 0.05)
    // exp(-U) with U shifted by -c has log Z = c.
    let scaled = Shifted(base: wide, shift: -3)
    let samples = flow.weightedSamples(20_000, of: scaled, key: Key(seed: 4))
    let logZ = ImportanceWeights(logWeights: samples.logWeight).logNormalizer
    #expect((logZ.value - 3).magnitude < 5 * logZ.standardError && logZ.standardError < 0.05)
    #expect(flow.reverseKL(to: scaled, count: 20_000, key: Key(seed: 4)).item() > -3)
  }

  @Test func reverseKLByNumbersAlone() {
    let start = Phase(position: double([0.4], [1, 1]), momentum: double([-0.7], [1, 1]))
    let energy = HarmonicWell(stiffness: double([1.3]), center: double([0.2]))
    var poor = flow
    poor.encoder = linearEncoder(slope: 0.3, deviation: 0.9)
    let s = map
    let (q, p) = (s[0][0] * 0.4 - s[0][1] * 0.7, s[1][0] * 0.4 - s[1][1] * 0.7)
    let logPrior = -0.5 * (0.16 + 0.49) - referenceLog(2 * Double.pi)
    let u = 0.65 * (q - 0.2) * (q - 0.2)
    let z = (p - 0.3 * q) / 0.9
    let logEncoder = -0.5 * z * z - referenceLog(0.9) - 0.5 * referenceLog(2 * Double.pi)
    #expect((poor.reverseKL(to: energy, from: start).item() - (logPrior + u - logEncoder)).magnitude < 1e-13)
  }

  /// T -> 0: the flow is the identity, the momentum prior the best encoder, and the bound `log π₀(q)`.
  @Test(arguments: [PhaseSpacePrior.Position.gaussian(standardDeviation: 1.4), .softUniform(width: 3, sharpness: 6)])
  func shortFlowGivesThePrior(_ position: PhaseSpacePrior.Position) {
    let prior = PhaseSpacePrior(dimension: 1, position: position, momentumStandardDeviation: 0.6)
    let short = HamiltonianFlow(
      potential: HarmonicWell(stiffness: double([2.3]), center: double([0.4])), kinetic: .scalar(scale: Tensor(1, dtype: .float64)),
      encoder: linearEncoder(slope: 0, deviation: 0.6), prior: prior, leapfrogSteps: 3, integrationTime: 1e-13)
    let q = double([-2, -0.5, 0.3, 1.7], [4, 1])
    let expected = prior.positionDistribution(dtype: .float64).logDensity(q).doubles
    for seed in [1, 2] as [UInt64] {
      for (a, b) in zip(short.elbo(q, key: Key(seed: seed)).doubles, expected) { #expect((a - b).magnitude < 1e-11) }
    }
    let drawn = prior.sample(5, key: Key(seed: 3), dtype: .float64)
    for (a, b) in zip(short.sample(5, key: Key(seed: 3)).doubles, drawn.position.doubles) { #expect((a - b).magnitude < 1e-11) }
  }

  /// An asymmetric potential tells the time directions apart: the density of samples must be that of the bound.
  @Test func samplesAndDensityAgreeForAnAsymmetricPotential() {
    let flow = HamiltonianFlow(
      potential: DoubleWellPotential(barrier: 0.1, tilt: 1.5), kinetic: .scalar(scale: Tensor(0.9, dtype: .float64)),
      encoder: linearEncoder(slope: 0, deviation: 1.5), prior: PhaseSpacePrior(dimension: 1), leapfrogSteps: 6, integrationTime: 0.8)
    let count = 40_000
    let samples = flow.sample(count, key: Key(seed: 10)).doubles
    // p(q) on a grid from the phase-space density, with the momentum integrated out by the midpoint rule.
    let momenta = (0..<400).map { -8 + (Double($0) + 0.5) * 0.04 }
    let grid = (0..<160).map { -4 + (Double($0) + 0.5) * 0.05 }
    let point = Phase(
      position: double(grid.flatMap { q in momenta.map { _ in q } }, [64_000, 1]),
      momentum: double(grid.flatMap { _ in momenta }, [64_000, 1]))
    let density = exp(flow.logDensity(point)).reshaped([160, 400]).sum(axis: 1).doubles.map { $0 * 0.04 }
    #expect((density.reduce(0, +) * 0.05 - 1).magnitude < 1e-3)
    let expected = zip(grid, density).reduce(0) { $0 + $1.0 * $1.1 * 0.05 }
    let error = standardDeviation(samples) / Double(count).squareRoot()
    #expect(expected.magnitude > 20 * error)
    #expect((mean(samples) - expected).magnitude < 5 * error, "\(mean(samples)) \(expected)")
    let left = zip(grid, density).reduce(0) { $1.0 < -0.5 ? $0 + $1.1 * 0.05 : $0 }
    #expect((Double(samples.filter { $0 < -0.5 }.count) / Double(count) - left).magnitude < 0.015)
  }
}

private struct Shifted<Base: Energy>: Energy {
  let base: Base
  let shift: Double

  var eventShape: [Int] { base.eventShape }

  func callAsFunction(_ x: Tensor) -> Tensor { base(x) + shift }
}
