import Autodiff
import DifferentiableIntegrators
import HGF
import Integrators
import NeuralNetworks
import Probability
import Testing

struct ScoreMatchingTests {
  private static let linear = KnownForce { x in -1.0 * x }

  /// `E|V*|²` of the linear force -k x on N(0, σ²).
  private func exact(_ t: Double, k: Double, variance: Double) -> Double {
    let omega = k.squareRoot()
    let (s, c) = (referenceSin(omega * t), referenceCos(omega * t))
    let top = (1 / omega - omega * variance) * s * c
    return top * top / (variance * c * c + s * s / (omega * omega))
  }

  /// The closed form at the anchors: 0.153174 at t = 0.7, 0.093861 up to T = 1, and the ratios to T³/3.
  @Test func discrepancyOfALinearForce() {
    #expect((exact(0.7, k: 1, variance: 2) - 0.153174).magnitude < 5e-7)
    let upTo = { (end: Double) in integral(0...end) { exact($0, k: 1, variance: 2) } }
    #expect((upTo(1) - 0.093861).magnitude < 5e-7)
    for (t, ratio) in [(0.4, 0.4607), (0.2, 0.4900), (0.1, 0.4975), (0.05, 0.4994)] {
      #expect((upTo(t) / (t * t * t / 3) - ratio).magnitude < 5.1e-5)
    }
    #expect(exact(0.8, k: 0.5, variance: 2).magnitude < 1e-30)
  }

  /// The min-max value at the exact predictor is the closed form, by simulation.
  @Test func valuesAverageToTheDiscrepancy() throws {
    let matching = try HamiltonianScoreMatching(duration: 1, steps: 40)
    let predictor = LinearPredictor { t in
      // Cov(x_t, v_t)/Var x_t for k = 1, σ² = 2.
      let (s, c) = (sin(t), cos(t))
      return -1.0 * s * c / (2.0 * square(c) + square(s))
    }
    let data = 2.0.squareRoot() * normal([200_000, 1], 1)
    let values = matching.values(Self.linear, predictor, data: data, key: Key(seed: 2))
    let expected = 0.093861 * 3
    #expect((values.mean().item() - expected).magnitude < 4e-3)
    // Any other predictor gains less.
    let other = LinearPredictor { t in -0.3 * t }
    #expect(matching.values(Self.linear, other, data: data, key: Key(seed: 2)).mean().item() < values.mean().item())
  }

  /// The true score leaves the velocity of every position 0 on average; E v² stays 1.
  @Test func trueScoreKeepsTheLaw() {
    let score = KnownForce { x in grad(x) { toy.logDensity($0).sum() } }
    let rows = 100_000
    let launch = Phase(position: toy.sample(rows, key: Key(seed: 1)), momentum: normal([rows, 1], 2))
    let program = compile { (launch: Phase<Tensor>) -> Phase<Tensor> in
      trajectory(of: launch, under: score, at: Tensor.full([rows], 2, dtype: .float64), steps: 100)
    }
    let end = program(launch)
    let (x, v) = (end.position.doubles, end.momentum.doubles)
    #expect((mean(v.map { $0 * $0 }) - 0.998).magnitude < 0.02)
    for lower in stride(from: -4.0, to: 4, by: 1) {
      let inside = x.indices.filter { lower <= x[$0] && x[$0] < lower + 1 }.map { v[$0] }
      #expect(mean(inside).magnitude < 4.5 / Double(inside.count).squareRoot())
    }
  }

  /// The gradient through the steps and that of going back are one.
  @Test func reversibleGradientIsThatThroughTheSteps() throws {
    let network = MLP(sizes: [2, 16, 1], activation: .softplus, key: Key(seed: 1), dtype: .float64)
    let predictor = ShortTimePredictor(
      MLP(sizes: [3, 16, 2], activation: .silu, key: Key(seed: 2), dtype: .float64), duration: 0.8)
    let data = normal([12, 2], 3)
    let gradients = try TrajectoryGradient.allCases.map { choice in
      let matching = try HamiltonianScoreMatching(duration: 0.8, steps: 8, gradient: choice)
      let gradient = grad(EnergyForce(network)) { matching.forceLoss($0, predictor, data: data, key: Key(seed: 4)) }
      return gradient.namedTensors().flatMap { $0.tensor.doubles }
    }
    let scale = gradients[0].map(\.magnitude).max()!
    #expect(scale > 1e-3)
    for (a, b) in zip(gradients[0], gradients[1]) { #expect((a - b).magnitude < 1e-10 * scale) }
    // And that of finite differences, in one weight.
    let matching = try HamiltonianScoreMatching(duration: 0.8, steps: 8)
    let loss = { (shift: Double) in
      var moved = network
      moved.layers[0].weight = network.layers[0].weight + double([shift] + [Double](repeating: 0, count: 31), [2, 16])
      return matching.forceLoss(EnergyForce(moved), predictor, data: data, key: Key(seed: 4)).item()
    }
    #expect(((loss(1e-5) - loss(-1e-5)) / 2e-5 - gradients[0][0]).magnitude < 1e-7 * max(scale, 1))
  }

  /// The game's gradient lowers the force's loss and the predictor's, each in its own parameters.
  @Test func gameHasTheGradientsOfBothPlayers() throws {
    let matching = try HamiltonianScoreMatching(duration: 0.5, steps: 4)
    let game = ScoreMatchingGame(
      force: EnergyForce(MLP(sizes: [2, 8, 1], activation: .softplus, key: Key(seed: 1), dtype: .float64)),
      judge: MLP(sizes: [3, 8, 2], activation: .silu, key: Key(seed: 2), dtype: .float64))
    let (data, key) = (normal([6, 2], 3), Key(seed: 4))
    let both = grad(game) { $0.loss(matching, data: data, key: key) }
    let force = grad(game.force) { matching.forceLoss($0, game.predictor(matching), data: data, key: key) }
    let judge = grad(game.judge) { judge in
      let predictor = RelativePredictor(force: game.force, judge, duration: 0.5)
      return matching.predictorLoss(game.force, predictor, data: data, key: key)
    }
    let flat = { (tensors: [Tensor]) in tensors.flatMap(\.doubles) }
    let found = flat(both.namedTensors().map(\.tensor))
    let expected = flat(force.namedTensors().map(\.tensor)) + flat(judge.namedTensors().map(\.tensor))
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 })
  }
}
