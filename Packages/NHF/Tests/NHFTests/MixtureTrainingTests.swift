import Autodiff
import NHF
import NeuralNetworks
import Probability
import Testing

/// The example of the README, with its figures.
struct MixtureTrainingTests {
  @Test func fourModesGiveFourWells() throws {
    let data = GaussianMixture(means: [[2, 2], [-2, 2], [2, -2], [-2, -2]], standardDeviation: 0.5)

    var configuration = HamiltonianFlowConfiguration()
    configuration.potential.hidden = [64, 64]
    configuration.encoder.hidden = [64, 64]
    configuration.prior.standardDeviation = 3

    let flow = try NeuralHamiltonianFlow(configuration, key: Key(seed: 1))
    let adam = Adam(learningRate: .warmUpCosine(peak: 5e-3, warmUp: 50, total: 1000, floor: 1e-5))
    let step = compile(maximumTraces: 1) { (state: TrainingState<NeuralHamiltonianFlow>, key: Key) in
      let keys = key.folded(state.step).split()
      let batch = data.sample(256, key: keys[0])
      let next = state.advanced(by: adam) { $0.loss(batch, key: keys[1]) }
      return (next.state, next.loss)
    }

    var state = TrainingState(flow)
    for _ in 0..<1000 { state = step(state, Key(seed: 2)).0 }

    let test = data.sample(2000, key: Key(seed: 3))
    let elbo = state.model.elbo(test, key: Key(seed: 4)).mean().item()
    let iwae = state.model.iwae(test, samples: 64, key: Key(seed: 5)).mean().item()
    let exact = data.logDensity(test).mean().item()
    #expect(elbo < iwae && iwae < exact, "\(elbo) \(iwae) \(exact)")
    #expect(iwae > exact - 0.4)

    let wells = state.model.potentialLandscape(x: -4...4, y: -4...4).localMinima
    #expect(wells.count == 4 && Set(wells.map { [$0.x > 0, $0.y > 0] }).count == 4)
    #expect(wells.allSatisfy { ($0.x.magnitude - 2).magnitude < 0.6 && ($0.y.magnitude - 2).magnitude < 0.6 })
    #expect(energyDistance(state.model.sample(1000, key: Key(seed: 6)), test.slice(axis: 0, 0..<1000)) < 0.05)
  }

  /// A grid of a known function: rows are y, columns x, and a saddle is no minimum.
  @Test func landscapeOfATiltedDoubleWell() {
    let landscape = PotentialLandscape(
      of: DoubleWell(dimension: 3, barrier: 1, position: 1, tilt: 0.25), x: -2...2, y: -1.5...1.5, resolution: 61, axes: (0, 2),
      through: [0, 0.5, 0], dtype: .float64)
    #expect(landscape.values.count == 61 && landscape.x.first == -2 && landscape.y.last == 1.5)
    let (x, y) = (landscape.x[10], landscape.y[45])
    let well = { (q: Double) in (q * q - 1) * (q * q - 1) + 0.25 * q }
    #expect((landscape.values[45][10] - (well(x) + well(0.5) + well(y))).magnitude < 1e-12)
    #expect(landscape.localMinima.count == 4)
    #expect(landscape.localMinima.min { $0.value < $1.value }.map { $0.x < 0 && $0.y < 0 } == true)
  }

  @Test func sameSeedSameBits() throws {
    let flow = try NeuralHamiltonianFlow(HamiltonianFlowConfiguration(), key: Key(seed: 1))
    let again = try NeuralHamiltonianFlow(HamiltonianFlowConfiguration(), key: Key(seed: 1))
    #expect(flow.sample(16, key: Key(seed: 2)).doubles == again.sample(16, key: Key(seed: 2)).doubles)
    #expect(flow.sample(16, key: Key(seed: 3)).doubles != again.sample(16, key: Key(seed: 2)).doubles)
  }
}
