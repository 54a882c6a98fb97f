import Autodiff
import NeuralNetworks
import Testing

/// Minimises `½ Σ k (x - c)²`, whose gradient is known.
private let stiffness = [2.0, 0.5]
private let center = [1.0, -3.0]

private func loss(_ x: Tensor) -> Tensor {
  0.5 * (Tensor(stiffness, dtype: x.dtype) * square(x - Tensor(center, dtype: x.dtype))).sum()
}

struct OptimizerTests {
  @Test(arguments: [0.0, 0.03])
  func adamFollowsItsRecurrence(_ decay: Double) {
    let adam = Adam(learningRate: .constant(0.1), weightDecay: decay)
    var model = Tensor([0.3, 0.7], dtype: .float64)
    var state = AdamState(for: model)
    var (x, m, v) = ([0.3, 0.7], [0.0, 0.0], [0.0, 0.0])
    for t in 1...20 {
      (model, state) = adam.update(model, gradient: grad(model, loss), state: state)
      for i in 0..<2 {
        let g = stiffness[i] * (x[i] - center[i])
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        let (mean, scale) = (m[i] / (1 - referencePow(0.9, Double(t))), v[i] / (1 - referencePow(0.999, Double(t))))
        x[i] -= 0.1 * (mean / (scale.squareRoot() + 1e-8) + decay * x[i])
      }
      for i in 0..<2 { #expect((model.doubles[i] - x[i]).magnitude < 1e-13) }
    }
    #expect(state.step.scalars(Int32.self) == [20])
  }

  @Test func adamLeavesAParameterWithoutGradientAlone() {
    let adam = Adam(learningRate: .constant(0.1))
    let model = Tensor([1.5, 2.5])
    let next = adam.update(model, gradient: .zeros(like: model), state: AdamState(for: model)).model
    #expect(next.doubles == [1.5, 2.5])
  }

  @Test func momentumFollowsItsRecurrence() {
    let descent = GradientDescent(learningRate: .constant(0.05), momentum: 0.8)
    var model = Tensor([0.3, 0.7], dtype: .float64)
    var state = MomentumState(for: model)
    var (x, u) = ([0.3, 0.7], [0.0, 0.0])
    for _ in 1...20 {
      (model, state) = descent.update(model, gradient: grad(model, loss), state: state)
      for i in 0..<2 {
        u[i] = 0.8 * u[i] + stiffness[i] * (x[i] - center[i])
        x[i] -= 0.05 * u[i]
      }
    }
    for i in 0..<2 { #expect((model.doubles[i] - x[i]).magnitude < 1e-13) }
  }

  @Test func statesAreSavedUnderTheirPaths() {
    let state = TrainingState(Linear(1, 1, key: Key(seed: 0)), averaging: true)
    #expect(
      state.namedTensors().map(\.path) == [
        "model.weight", "model.bias", "optimizer.first.weight", "optimizer.first.bias", "optimizer.second.weight",
        "optimizer.second.bias", "optimizer.step", "average.weight", "average.bias",
      ])
    let momentum = MomentumState(for: Linear(1, 1, key: Key(seed: 0)))
    #expect(momentum.namedTensors().map(\.path) == ["velocity.weight", "velocity.bias", "step"])
  }

  @Test func schedulesHaveTheirShapes() {
    func rates(_ schedule: LearningRateSchedule, _ steps: [Int32]) -> [Double] { steps.map { schedule(Tensor([$0], shape: [])).item() } }
    func expectClose(_ a: [Double], _ b: [Double]) { for (x, y) in zip(a, b) { #expect((x - y).magnitude < 1e-15) } }

    expectClose(rates(.constant(0.3), [0, 7]), [0.3, 0.3])
    let cosine = LearningRateSchedule.warmUpCosine(peak: 1, warmUp: 4, total: 14, floor: 0.2)
    expectClose(
      rates(cosine, [0, 3, 4, 9, 14, 99]), [0.25, 1, 1, 0.6, 0.2, 0.2])
    expectClose(rates(cosine, [6]), [0.2 + 0.4 * (1 + referenceCos(Double.pi * 0.2))])
    expectClose(rates(.warmUpCosine(peak: 1, warmUp: 0, total: 10, floor: 0), [0, 5, 10]), [1, 0.5, 0])
    expectClose(rates(.exponential(initial: 2, factor: 0.5, every: 10), [0, 5, 20]), [2, 2.0.squareRoot(), 0.5])
    expectClose(rates(.stepwise(initial: 2, factor: 0.5, every: 10), [0, 9, 10, 25]), [2, 2, 1, 0.5])
  }

  @Test func clippingScalesOnlyLongGradients() {
    let gradient = [Tensor([3.0, 0], dtype: .float64), Tensor([4.0], dtype: .float64)]
    #expect(globalNorm(gradient).item() == 5)
    let (short, norm) = clippedByGlobalNorm(gradient, to: 1)
    #expect(norm.item() == 5)
    #expect((globalNorm(short).item() - 1).magnitude < 1e-15)
    #expect(clippedByGlobalNorm(gradient, to: 6).gradient.flatMap(\.doubles) == [3, 0, 4])
    let zero = clippedByGlobalNorm(Tensor.zeros([2], dtype: .float64), to: 1).gradient
    #expect(zero.doubles == [0, 0])
  }

  @Test func averageForgetsItsStartThenDecays() {
    let rule = ExponentialMovingAverage(decay: 0.9)
    var average = Tensor([0.0], dtype: .float64)
    var expected = 0.0
    for t in 1...200 {
      average = rule.update(average, toward: Tensor([1.0], dtype: .float64), step: Tensor([Int32(t)], shape: []))
      let kept = min(0.9, (1 + Double(t)) / (10 + Double(t)))
      expected = kept * expected + (1 - kept)
    }
    #expect((average.doubles[0] - expected).magnitude < 1e-14)
    #expect((average.doubles[0] - 1).magnitude < 1e-8)
  }
}
