import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Probability
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct SamplerTests {
  private static func flow(_ process: HamiltonianProcess) -> HamiltonianGenerativeFlow<MixtureVelocity> {
    HamiltonianGenerativeFlow(MixtureVelocity(toy, along: process.path!), process)
  }

  /// Errors against a fine solution fall with the order of the method.
  @Test func ordersOfConvergence() throws {
    let flow = Self.flow(try .oscillation(dimension: 1, dataScale: 2.2))
    let noise = double([-2.5, -1, 0.3, 1.8], [4, 1])
    let exact = flow.generated(from: noise, with: Sampler(.rungeKutta4, steps: 800))
    let expected: [(Sampler.Method, Double)] = [
      (.euler, 1), (.exactMotion, 1), (.heun, 2), (.midpoint, 2), (.exactMidpoint, 2), (.rungeKutta4, 4),
    ]
    for (method, order) in expected {
      let error = { (steps: Int) in difference(flow.generated(from: noise, with: Sampler(method, steps: steps)), exact) }
      let measured = log2(error(40) / error(80))
      #expect((measured - order).magnitude < 0.35, "\(method) has order \(measured)")
      #expect(Sampler(method, steps: 10).evaluations == 10 * method.evaluationsPerStep)
    }
  }

  /// With data at one point the velocity is that of a motion: one step of the exact motion, rotation or straight line, arrives there.
  @Test func exactMotionIsExactForOnePoint() throws {
    let point = GaussianMixture(means: [[0.7, -1.2]], standardDeviation: 1e-9, dtype: .float64)
    let processes = [
      try HamiltonianProcess.oscillation(dimension: 2, frequency: 1.4), try HamiltonianProcess.flowMatching(dimension: 2),
    ]
    for process in processes {
      let flow = HamiltonianGenerativeFlow(MixtureVelocity(point, along: process.path!), process)
      for method in [Sampler.Method.exactMotion, .exactMidpoint] {
        let end = flow.generated(from: normal([6, 2], 3), with: Sampler(method, steps: 1))
        #expect(difference(end, double([0.7, -1.2])[newAxes: 6]) < 1e-7, "\(process.force) \(method)")
      }
    }
  }

  @Test func adaptiveSolveMatchesFixedSteps() throws {
    let flow = Self.flow(try .flowMatching(dimension: 1))
    let draws = try flow.adaptiveSample(500, tolerance: 1e-8, key: Key(seed: 3), dtype: .float64)
    let noise = flow.process.terminal.distribution(dimension: 1, dtype: .float64).sample(500, key: Key(seed: 3))
    let fixed = flow.generated(from: noise, with: Sampler(.rungeKutta4, steps: 400))
    #expect(difference(draws.positions, fixed) < 1e-6)
    #expect(draws.evaluations > 20 && draws.evaluations < 1600)
  }

  /// Noise and the drift that balances it leave the law as it is.
  @Test(arguments: [1.0, 5.0]) func stochasticSamplerKeepsTheLaw(_ rate: Double) throws {
    let flow = Self.flow(try .oscillation(dimension: 1, dataScale: 2.2))
    let sampler = Sampler(.heun, steps: 200, stochasticity: rate)
    let draws = flow.sample(20_000, with: sampler, key: Key(seed: 5), dtype: .float64).doubles
    #expect((mean(draws) - 0.4).magnitude < 0.07)
    #expect((variance(draws) - 4.84).magnitude < 0.15)
    let plain = flow.sample(200, with: Sampler(.heun, steps: 200), key: Key(seed: 5), dtype: .float64).doubles
    #expect(difference(double(Array(draws.prefix(200))), double(plain)) > 0.1)
    #expect(sampler.evaluations == 600)
  }

  /// The likelihood of the exact velocity is that of the data: exact at every point, Hutchinson's in the mean.
  @Test func likelihoodIsThatOfTheData() throws {
    let processes = [
      try HamiltonianProcess.oscillation(dimension: 1, dataScale: 2.2), try HamiltonianProcess.flowMatching(dimension: 1),
    ]
    let x = toy.sample(64, key: Key(seed: 2))
    for process in processes {
      let flow = Self.flow(process)
      #expect(difference(flow.logDensity(x, steps: 200), toy.logDensity(x)) < 2e-6)
      // In one dimension one sign is exact too.
      let probe = flow.logDensity(x, steps: 200, divergence: .hutchinson(probes: 1, key: Key(seed: 1)))
      #expect(difference(probe, toy.logDensity(x)) < 2e-6)
      let score = grad(x) { flow.logDensity($0, steps: 100).sum() }
      #expect(difference(score, grad(x) { toy.logDensity($0).sum() }) < 1e-4)
    }
  }

  /// A gradient of the likelihood in the parameters of a predictor is that of finite differences.
  @Test func likelihoodIsDifferentiableInThePredictor() throws {
    let process = try HamiltonianProcess.flowMatching(dimension: 1)
    let x = double([0.3, -0.8], [2, 1])
    let likelihood = { (mean: Tensor) -> Tensor in
      var data = toy
      data.means = mean
      let flow = HamiltonianGenerativeFlow(MixtureVelocity(data, along: process.path!), process)
      return flow.logDensity(x, steps: 20).sum()
    }
    let gradient = grad(toy.means, likelihood).doubles
    for index in 0..<2 {
      let step = double((0..<2).map { $0 == index ? 1e-5 : 0 }, [2, 1])
      let slope = (likelihood(toy.means + step).item() - likelihood(toy.means - step).item()) / 2e-5
      #expect((gradient[index] - slope).magnitude < 1e-7)
    }
  }
}

extension Tensor {
  /// The same row `rows` times.
  fileprivate subscript(newAxes rows: Int) -> Tensor { broadcast(to: [rows] + shape) }
}
