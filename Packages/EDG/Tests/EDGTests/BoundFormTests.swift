import Autodiff
import EDG
import NeuralNetworks
import Testing

@Suite struct BoundFormTests {
  typealias Model = DiffusionGenerator<PlainDecoder, BoundaryExactScore>

  static func model(gate: BoundaryExactScore.Gate, latentDimension n: Int = 1) -> Model {
    let keys = Key(seed: 5).split(4)
    let scale = Tensor.full([n], 1.5, dtype: .float64)
    var decoder = PlainDecoder(
      latentDimension: n, center: .zeros([n], dtype: .float64), factor: .identity(n, dtype: .float64), deviation: 0.6, hidden: [6],
      key: keys[0])
    var score = BoundaryExactScore(
      latentDimension: n, eventScale: scale, gate: gate, width: 8, blocks: 1, activation: .tanh, key: keys[1])
    // Away from zero, so that every term takes part.
    decoder.network.layers[1].weight = 0.3 * Tensor.normal([6, 2 * n], key: keys[2], dtype: .float64)
    score.network.output.weight = 0.3 * Tensor.normal([8, n + 1], key: keys[3], dtype: .float64)
    return DiffusionGenerator(decoder: decoder, score: score)
  }

  @Test(arguments: BoundaryExactScore.Gate.allCases)
  func bothFormsHaveTheSameGradient(gate: BoundaryExactScore.Gate) {
    let model = BoundFormTests.model(gate: gate)
    let nodes = normalNodes(241)
    let (rows, time) = (nodes.count, Tensor.full([nodes.count], 0.07, dtype: .float64))
    let noise = BoundNoise(
      latent: .full([rows, 1], 0.4, dtype: .float64), event: .full([rows, 1], -0.8, dtype: .float64),
      diffusion: double(nodes.map(\.node), [rows, 1]), times: .init(time: time, weight: model.diffusion.squaredDiffusion(time)))
    let weights = double(nodes.map(\.weight))
    func gradient(_ form: BoundForm) -> [(path: String, tensor: Tensor, isParameter: Bool)] {
      grad(model) { (model: Model) -> Tensor in
        let event = model.decoder(noise.latent).event(noise: noise.event)
        return (weights * model.encoding(event, noise, form)).sum()
      }.namedTensors()
    }
    let (exact, denoising) = (gradient(.divergence(.exact)), gradient(.denoising))
    var largest = 0.0
    for (a, b) in zip(exact, denoising) where a.isParameter {
      for (x, y) in zip(a.tensor.doubles, b.tensor.doubles) {
        #expect(abs(x - y) < 1e-8 * (1 + abs(x)), "\(a.path)")
        largest = max(largest, abs(x))
      }
    }
    #expect(largest > 0.01)
  }

  @Test(arguments: BoundaryExactScore.Gate.allCases)
  func scoreIsExactAtBothEnds(gate: BoundaryExactScore.Gate) {
    let model = BoundFormTests.model(gate: gate, latentDimension: 2)
    let z = Tensor.normal([5, 2], key: Key(seed: 8), dtype: .float64)
    let x = Tensor.normal([5, 2], key: Key(seed: 9), dtype: .float64)
    let start = model.score(z, given: x, at: .zeros([5], dtype: .float64)).doubles
    for (a, b) in zip(start, model.decoder.jointScore(z, given: x).doubles) { #expect(abs(a - b) < 1e-12) }
    let end = model.score(z, given: x, at: .ones([5], dtype: .float64)).doubles
    for (a, b) in zip(end, model.diffusion.terminalScore(z).doubles) { #expect(abs(a - b) < 1e-12) }
    let middle = model.score(z, given: x, at: .full([5], 0.3, dtype: .float64)).doubles
    #expect(zip(middle, start).contains { abs($0 - $1) > 0.1 })
  }

  @Test func signsGiveTheTraceOnAverage() {
    let model = BoundFormTests.model(gate: .learned, latentDimension: 3)
    let z = Tensor.normal([1, 3], key: Key(seed: 1), dtype: .float64)
    let x = Tensor.normal([1, 3], key: Key(seed: 2), dtype: .float64)
    let field = { (z: Tensor) in model.score(z, given: x, at: .full([1], 0.2, dtype: .float64)) }
    let mean = (0..<8).reduce(0.0) { sum, corner in
      let signs = double((0..<3).map { corner >> $0 & 1 == 0 ? -1 : 1 }, [1, 3])
      return sum + (jvp(z, along: signs, field).tangent * signs).sum().item() / 8
    }
    #expect(abs(mean - divergence(z, field).divergence.item()) < 1e-12)
  }

  @Test(arguments: LatentDiffusion.Kind.allCases)
  func drawnTimesIntegrate(kind: LatentDiffusion.Kind) {
    let diffusion = LatentDiffusion(kind)
    let quantiles = double(gaussLegendre(16, parts: 40).map(\.node))
    let weights = double(gaussLegendre(16, parts: 40).map(\.weight))
    // ∫ ½ g² v dt from `start` to 1 by either density, and by a quadrature in time itself.
    func integral(_ times: DiffusionTimes) -> Double {
      let draws = times.draws(at: quantiles, of: diffusion)
      return (weights * draws.weight * diffusion.variance(draws.time)).sum().item()
    }
    #expect(abs(integral(.uniform(start: 0.01)) - integral(.importance(start: 0.01))) < 1e-9)
    let drawn = DiffusionTimes.importance(start: 1e-4).draws(64, of: diffusion, key: Key(seed: 1), dtype: .float64).time.doubles
    #expect(drawn.allSatisfy { $0 >= 1e-4 * (1 - 1e-9) && $0 <= 1 } && zip(drawn, drawn.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func timeInvertsTheAccumulatedRate() {
    let diffusion = LatentDiffusion()
    let t = double([1e-7, 1e-3, 0.2, 0.9, 1])
    for (a, b) in zip(diffusion.time(accumulated: diffusion.accumulatedRate(t)).doubles, t.doubles) { #expect(abs(a / b - 1) < 1e-13) }
    #expect(abs(diffusion.accumulatedRate(double([1])).item() - 10.05) < 1e-13)
  }
}
