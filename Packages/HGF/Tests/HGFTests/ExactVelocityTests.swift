import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Probability
import Testing

struct ExactVelocityTests {
  private static let paths: [LinearPath] = [
    LinearPath(force: .oscillation(frequency: 1), coupling: .independent(velocityScale: 1), duration: .pi / 2),
    LinearPath(force: .oscillation(frequency: 1), coupling: .independent(velocityScale: 2.2), duration: .pi / 2),
    LinearPath(force: .oscillation(frequency: .pi / 2), coupling: .independent(velocityScale: .pi / 2 * 2.2), duration: 1),
    LinearPath(force: .oscillation(frequency: 3), coupling: .independent(velocityScale: 3), duration: .pi / 6),
  ]

  /// The exact velocity of the toy mixture, integrated back from N(0, τ²/α²), gives the mixture.
  @Test(arguments: paths) func exactVelocityGeneratesTheMixture(_ path: LinearPath) throws {
    let process = try HamiltonianProcess(dimension: 1, path)
    let flow = HamiltonianGenerativeFlow(MixtureVelocity(toy, along: path), process)
    let program = compile { (flow: HamiltonianGenerativeFlow<MixtureVelocity>, key: Key) -> Tensor in
      flow.sample(20_000, with: Sampler(.rungeKutta4, steps: 400), key: key, dtype: .float64)
    }
    let draws = program(flow, Key(seed: 7)).doubles
    // Standard errors at 20,000 draws: 0.016, 0.03, 0.0035.
    #expect((mean(draws) - 0.4).magnitude < 0.06)
    #expect((variance(draws) - 4.84).magnitude < 0.12)
    #expect((mean(draws.map { $0 > 0 ? 1 : 0 }) - 0.5954).magnitude < 0.014)
  }

  /// `E[v_t | x_t]` by quadrature over the data, for one path of each kind.
  @Test func mixtureVelocityIsTheConditionalMean() {
    let kinds = [
      Self.paths[1], LinearPath(force: .zero, coupling: .independent(velocityScale: 1.3), duration: 3),
      LinearPath(force: .zero, coupling: .endpoint(noiseScale: 1.2), duration: 1),
      LinearPath(force: .variancePreserving(minimumRate: 0.1, maximumRate: 5), coupling: .independent(velocityScale: 1), duration: 1),
    ]
    for path in kinds {
      for (x, t) in [(-1.3, 0.4), (0.2, 0.9), (2.5, 0.6)] {
        let c = path.coefficients(at: double([t]))
        let (a, b, da, db) = (c.start.item(), c.launch.item(), c.startRate.item(), c.launchRate.item())
        let tau = path.coupling.noiseScale
        let density = { (x0: Double) in
          let u = (x - a * x0) / b
          return (0.4 * referenceExp(-(x0 + 2) * (x0 + 2) / 2) + 0.6 * referenceExp(-(x0 - 2) * (x0 - 2) / 2))
            * referenceExp(-u * u / (2 * tau * tau))
        }
        let mass = integral(-12...12, intervals: 4000, density)
        let velocity = integral(-12...12, intervals: 4000) { x0 in (da * x0 + db * (x - a * x0) / b) * density(x0) } / mass
        let exact = MixtureVelocity(toy, along: path)
        #expect((exact(double([x], [1, 1]), at: double([t])).item() - velocity).magnitude < 1e-9)
        // The score from the velocity is the gradient of the density that the mixture has at that time.
        let point = double([x], [1, 1])
        let score = grad(point) { exact.logDensity($0, at: double([t])).sum() }
        #expect(difference(path.score(point, velocity: exact(point, at: double([t])), at: double([t])), score) < 1e-11)
      }
    }
  }

  /// F = 0 and normal data: V* = t x/(1 + t²), and the discrepancy of the zero force is T - arctan T.
  @Test func zeroForceOnNormalData() {
    let path = LinearPath(force: .zero, coupling: .independent(velocityScale: 1), duration: 1)
    let exact = MixtureVelocity(GaussianMixture(means: [[0]], standardDeviation: 1, dtype: .float64), along: path)
    for t in [0.2, 0.7, 1.0] {
      #expect((exact(double([1.3], [1, 1]), at: double([t])).item() - t * 1.3 / (1 + t * t)).magnitude < 1e-15)
    }
    let discrepancy = integral(0...1) { t in
      let slope = exact(double([1], [1, 1]), at: double([t])).item()
      return slope * slope * (1 + t * t)
    }
    #expect((discrepancy - (1 - referenceAtan(1))).magnitude < 1e-9 && (discrepancy - 0.2146018).magnitude < 5e-8)
  }

  /// `c_skip`, `c_in`, `c_out` for the zero force are those of EDM, divided by the time where V replaces the denoiser.
  @Test func preconditioningIsEDM() {
    let path = LinearPath(force: .zero, coupling: .independent(velocityScale: 1), duration: 80)
    let data = 0.5
    let t = double([0.01, 0.4, 3, 50])
    let c = Preconditioning.path(path, dataScale: data).coefficients(at: t)!
    let total = square(t) + data * data
    // D = c_skip x + c_out F and V = (x - D)/t.
    #expect(difference(c.skip, (1.0 - data * data / total) / t) < 1e-13)
    #expect(difference(c.output, data / sqrt(total)) < 1e-13)
    #expect(difference(c.input, 1.0 / sqrt(total)) < 1e-13)
    // The oscillation in scale needs none.
    let swing = LinearPath(force: .oscillation(frequency: 2), coupling: .independent(velocityScale: 3), duration: .pi / 4)
    let own = Preconditioning.path(swing, dataScale: 1.5).coefficients(at: double([0.1, 0.3, 0.7]))!
    #expect(own.skip.doubles.allSatisfy { $0.magnitude < 1e-15 })
    #expect(difference(own.output, Tensor.full([3], 3, dtype: .float64)) < 1e-14)
  }

  /// A trained linear predictor of one number would find the mean of the slope: the loss is least at the exact velocity.
  @Test func exactVelocityMinimisesTheLoss() throws {
    let process = try HamiltonianProcess.oscillation(dimension: 1, dataScale: 2.2)
    let exact = MixtureVelocity(toy, along: process.path!)
    let data = toy.sample(20_000, key: Key(seed: 1))
    let loss = { (scale: Double) in
      let predictor = ScaledPredictor(base: exact, scale: scale)
      return HamiltonianGenerativeFlow(predictor, process).loss(data, key: Key(seed: 2)).item()
    }
    #expect(loss(1) < loss(0.9) && loss(1) < loss(1.1) && loss(1) < loss(0))
  }
}

private struct ScaledPredictor: VelocityPredictor {
  var base: MixtureVelocity
  let scale: Double

  mutating func walk(_ walker: inout some Walker) {}
  func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor { scale * base(x, at: time) }
}
