import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Probability
import Testing

struct GuidanceTests {
  /// `V = t x + sum of the context`.
  private struct Labelled: VelocityPredictor {
    mutating func walk(_ walker: inout some Walker) {}
    func velocity(_ x: Tensor, at time: Tensor, context: Tensor?) -> Tensor {
      let base = time.expanded(axis: 1) * x
      return context.map { base + $0.sum(axis: 1).expanded(axis: 1) } ?? base
    }
  }

  @Test func labelGuidanceExtrapolates() {
    let (x, t) = (normal([4, 2], 1), double([0.1, 0.2, 0.3, 0.4]))
    let context = labelContext([0, 2, -1, 1], classes: 3, dtype: .float64)
    #expect(context.doubles == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    let guided = { (weight: Double) in LabelGuidance(Labelled(), weight: weight).velocity(x, at: t, context: context) }
    let free = Labelled()(x, at: t)
    #expect(difference(guided(0), free) == 0)
    #expect(difference(guided(1), Labelled().velocity(x, at: t, context: context)) < 1e-15)
    #expect(difference(guided(3) - free, 3.0 * (guided(1) - free)) < 1e-14)
  }

  @Test func contextIsDroppedAsOften() {
    let context = labelContext([Int](repeating: 1, count: 10_000), classes: 3, dtype: .float64)
    let kept = droppingContext(context, probability: 0.2, key: Key(seed: 1))
    #expect((kept.mean().item() * 3 - 0.8).magnitude < 0.016)
    #expect(droppingContext(context, probability: 0, key: Key(seed: 1)).doubles == context.doubles)
  }

  /// Narrow modes and E(x) = k x: p exp(-E) has the same modes with weights times exp(-k μ). The approximation by the mean of x_0 is
  /// exact where the data are one point, and close where modes are told apart.
  @Test func energyGuidanceMovesTheLaw() throws {
    let process = try HamiltonianProcess.oscillation(dimension: 1)
    let data = GaussianMixture(means: [[0]], standardDeviation: 1, dtype: .float64)
    let base = MixtureVelocity(data, along: process.path!)
    let draws = { (k: Double) -> [Double] in
      let guided = EnergyGuidance(base, along: process.path!, energy: Tensor(k, dtype: .float64), maximumFactor: 1e3) { k, x in
        k * x.sum(axis: 1)
      }
      let flow = HamiltonianGenerativeFlow(guided, process)
      return flow.sample(4000, with: Sampler(.heun, steps: 100), key: Key(seed: 2), dtype: .float64).doubles
    }
    // N(0, 1) exp(-k x) is N(-k, 1); E[x_0|x_t] is linear, so the guidance is exact but for the cut.
    for k in [0.0, 0.7, -1.5] {
      let found = draws(k)
      #expect((mean(found) + k).magnitude < 0.08 && (variance(found) - 1).magnitude < 0.1, "\(k): \(mean(found)), \(variance(found))")
    }
  }

  /// Two modes at (2, 2) and (-2, -2): with the first coordinate known, the second follows.
  @Test func inpaintingFollowsTheKnown() throws {
    let process = try HamiltonianProcess.oscillation(dimension: 2, dataScale: 2)
    let data = GaussianMixture(means: [[2, 2], [-2, -2]], standardDeviation: 0.3, dtype: .float64)
    let flow = HamiltonianGenerativeFlow(MixtureVelocity(data, along: process.path!), process)
    let known = double((0..<400).flatMap { [$0 % 2 == 0 ? 2.0 : -2.0, 0] }, [400, 2])
    let draws = try flow.inpainted(known: known, mask: double([1, 0]), with: Sampler(.exactMotion, steps: 40), key: Key(seed: 3))
    #expect(difference(draws.slice(axis: 1, 0..<1), known.slice(axis: 1, 0..<1)) == 0)
    let values = draws.doubles
    let agreeing = (0..<400).filter { values[2 * $0 + 1] * values[2 * $0] > 0 }.count
    #expect(agreeing > 380)
    let spread = (0..<400).map { values[2 * $0 + 1].magnitude - 2 }
    #expect(mean(spread).magnitude < 0.1 && (variance(spread).squareRoot() - 0.3).magnitude < 0.08)
  }
}
