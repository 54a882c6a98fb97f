import Autodiff
import EDG
import Probability
import Testing

/// The bound of a linear Gaussian generator against closed forms: every mean by a quadrature that is exact.
@Suite struct BoundIdentityTests {
  static let target = RoundWell(center: 0.1, variance: 2)

  /// `L` over a product grid of latents, event noise, diffusion noise, and times.
  static func bound(_ kind: LatentDiffusion.Kind, factor: Double = 1, form: BoundForm = .divergence(.exact)) -> Double {
    let model = DiffusionGenerator(
      decoder: LinearDecoder(), score: LinearPosteriorScore(factor: factor), diffusion: LatentDiffusion(kind))
    let times = gaussLegendre(16, parts: 12)
    var (latent, event, noise, time, mass): ([Double], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
    var quadrature: [Double] = []
    for t in times {
      for z in quadraticNodes {
        for e in quadraticNodes {
          for n in quadraticNodes {
            latent.append(z.node)
            event.append(e.node)
            noise.append(n.node)
            time.append(t.node)
            mass.append(t.weight)
            quadrature.append(z.weight * e.weight * n.weight)
          }
        }
      }
    }
    let rows = latent.count
    let t = double(time)
    // Weights make the mean over rows the integral over times.
    let draws = DiffusionTimes.Draws(time: t, weight: 0.5 * model.diffusion.squaredDiffusion(t))
    let terms = model.bound(
      target,
      noise: BoundNoise(
        latent: double(latent, [rows, 1]), event: double(event, [rows, 1]), diffusion: double(noise, [rows, 1]), times: draws), form: form)
    let weights = zip(mass, quadrature).map { $0 * $1 }
    let total = (terms.decoding + terms.energy + terms.encoding).doubles
    return zip(total, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test(arguments: [(LatentDiffusion.Kind.variancePreserving, -6.26776371), (.subVariancePreserving, -6.26774212)])
  func boundIsDivergencePlusInformation(kind: LatentDiffusion.Kind, published: Double) {
    let diffusion = LatentDiffusion(kind)
    let bound = BoundIdentityTests.bound(kind)
    #expect(abs(bound - published) < 1e-8)
    // KL between N(0.4, 1.94) and N(0.1, 2), and I(x; z₁) of the two correlated normal numbers.
    let divergence = 0.5 * (referenceLog(2 / 1.94) + (1.94 + 0.09) / 2 - 1)
    let shared = referenceExp(-diffusion.totalRate) * 1.69 / 1.94 / diffusion.terminalVariance
    let information = -0.5 * referenceLog(1 - shared)
    let excess = bound + diffusion.entropyProduction(dimension: 1) + BoundIdentityTests.target.logNormalizer
    #expect(abs(excess - divergence - information) < 1e-9)
    #expect(abs(divergence - 0.0227296037) < 1e-9)
    #expect(abs(information - 1.881e-5) < 1e-8)
  }

  @Test func theDenoisingFormHasTheSameValue() {
    for kind in LatentDiffusion.Kind.allCases {
      #expect(abs(BoundIdentityTests.bound(kind) - BoundIdentityTests.bound(kind, form: .denoising)) < 1e-9)
    }
  }

  @Test(arguments: [(LatentDiffusion.Kind.variancePreserving, 0.24197889), (.subVariancePreserving, 0.24197803)])
  func aRescaledScoreCostsItsSquaredError(kind: LatentDiffusion.Kind, cost: Double) {
    let increase = BoundIdentityTests.bound(kind, factor: 1.2) - BoundIdentityTests.bound(kind)
    #expect(abs(increase - cost) < 1e-8)
  }

  @Test func entropyProductionIsThatOfTheMarginals() {
    #expect(LatentDiffusion().entropyProduction(dimension: 1) == 5.025)
    #expect(abs(LatentDiffusion(.subVariancePreserving).entropyProduction(dimension: 1) - 5.02497841) < 1e-8)
  }

  @Test func aPerfectGeneratorHasNoExcess() {
    // Events N(0, I) that say nothing about the latents: s = -z, and L + C + log Z = 0.
    let decoder = PlainDecoder(
      latentDimension: 3, center: .zeros([3], dtype: .float64), factor: .zeros([3, 3], dtype: .float64), deviation: 1, hidden: [4],
      key: Key(seed: 1))
    let model = DiffusionGenerator(decoder: decoder, score: PriorScore())
    let times = gaussLegendre(16, parts: 4)
    // Every pair of signs of one unit in each coordinate has the second moments of N(0, I).
    let signs = (0..<8).map { corner in (0..<3).map { corner >> $0 & 1 == 0 ? -1.0 : 1.0 } }
    let rows = signs.flatMap { latent in signs.flatMap { noise in times.map { (latent, noise, $0) } } }
    let latent = double(rows.flatMap(\.0), [rows.count, 3])
    let noise = double(rows.flatMap(\.1), [rows.count, 3])
    let t = double(rows.map(\.2.node))
    let draws = DiffusionTimes.Draws(time: t, weight: 0.5 * model.diffusion.squaredDiffusion(t))
    let terms = model.bound(
      RoundWell(dimension: 3), noise: BoundNoise(latent: latent, event: latent, diffusion: noise, times: draws), form: .divergence(.exact))
    let total = (terms.decoding + terms.energy + terms.encoding).doubles
    let bound = zip(total, rows).reduce(0) { $0 + $1.0 * $1.1.2.weight } / 64
    #expect(abs(bound + model.diffusion.entropyProduction(dimension: 3) + RoundWell(dimension: 3).logNormalizer) < 1e-9)
  }
}
