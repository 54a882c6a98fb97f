import Autodiff
import NeuralNetworks
import Testing

private func rates(_ schedule: LearningRateSchedule, _ steps: [Int]) -> [Double] {
  steps.map { schedule(Tensor([Int32($0)], shape: [])).item() }
}

private func expectClose(_ a: [Double], _ b: [Double]) {
  #expect(a.count == b.count)
  for (x, y) in zip(a, b) { #expect((x - y).magnitude < 1e-14, "\(x) and \(y)") }
}

struct ScheduleTests {
  @Test func schedulesHaveTheirShapes() {
    expectClose(rates(.constant(0.3), [0, 7]), [0.3, 0.3])
    let cosine = LearningRateSchedule.warmUpCosine(peak: 1, warmUp: 4, total: 14, floor: 0.2)
    expectClose(rates(cosine, [0, 3, 4, 9, 14, 99]), [0.25, 1, 1, 0.6, 0.2, 0.2])
    expectClose(rates(cosine, [6]), [0.2 + 0.4 * (1 + referenceCos(Double.pi * 0.2))])
    expectClose(rates(.warmUpCosine(peak: 1, warmUp: 0, total: 10, floor: 0), [0, 5, 10]), [1, 0.5, 0])
    expectClose(rates(.exponential(initial: 2, factor: 0.5, every: 10), [0, 5, 20]), [2, 2.0.squareRoot(), 0.5])
    expectClose(rates(.stepwise(initial: 2, factor: 0.5, every: 10), [0, 9, 10, 25]), [2, 2, 1, 0.5])
    let delayed = LearningRateSchedule.warmUp(steps: 2, then: .stepwise(initial: 2, factor: 0.5, every: 3))
    expectClose(rates(delayed, [0, 1, 2, 4, 5, 8]), [1, 2, 2, 2, 1, 0.5])
  }

  @Test(arguments: [
    ("cosine", LearningRateSchedule.cosine(peak: 2, total: 12, floor: 0.1)), ("step", .stepwise(initial: 2, factor: 0.5, every: 4)),
    ("exponential", .exponential(initial: 2, factor: 0.9, every: 1)), ("warm-up", .warmUp(steps: 5, then: .constant(2))),
    ("one cycle", .oneCycle(peak: 2, total: 30)),
  ])
  func ratesAreThoseOfPyTorch(_ name: String, _ schedule: LearningRateSchedule) throws {
    let expected = try #require(TorchValues.stored.schedules[name])
    expectClose(rates(schedule, Array(expected.indices)), expected)
  }
}

struct GradientTests {
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

  @Test func clippingByValueLimitsEachComponent() {
    let gradient = [Tensor([3.0, -0.5], dtype: .float64), Tensor([-4.0], dtype: .float64)]
    #expect(clippedByValue(gradient, to: 2).flatMap(\.doubles) == [2, -0.5, -2])
  }

  @Test func accumulatedGradientIsThatOfTheWholeBatch() {
    let network = MLP(sizes: [2, 5, 1], activation: .tanh, key: Key(seed: 1), dtype: .float64)
    let x = Tensor.normal([12, 2], key: Key(seed: 2), dtype: .float64)
    let loss = { @Sendable (network: MLP, x: Tensor) in square(network(x) - x.sum(axis: 1, keepingDimensions: true)).mean() }
    let add = compile { (sum: GradientAccumulator<MLP>, x: Tensor) -> GradientAccumulator<MLP> in
      sum.adding(grad(network) { loss($0, x) })
    }
    var sum = GradientAccumulator(for: network)
    for start in stride(from: 0, to: 12, by: 4) { sum = add(sum, x.slice(axis: 0, start..<start + 4)) }
    for (a, b) in zip(sum.mean.tensors(), grad(network, { loss($0, x) }).tensors()) { #expect(distance(a, b) < 1e-14) }
    let adam = Adam(learningRate: .constant(0.1))
    let state = TrainingState(network)
    let (next, norm) = state.advanced(by: adam, clippingTo: 1e9, gradient: sum.mean)
    let whole = state.advanced(by: adam, loss: { loss($0, x) })
    #expect((norm.item() - whole.gradientNorm.item()).magnitude < 1e-13)
    for (a, b) in zip(next.tensors(), whole.state.tensors()) { #expect(distance(a, b) < 1e-12) }
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
