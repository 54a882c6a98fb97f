import Autodiff
import NeuralNetworks
import Testing

/// `y = sin(3 x₀) cos(2 x₁)` on fixed points.
private func regression(_ dtype: DType) -> (x: Tensor, y: Tensor) {
  let x = Tensor.normal([64, 2], key: Key(seed: 11), dtype: dtype)
  let y = sin(3.0 * x.slice(axis: 1, 0..<1)) * cos(2.0 * x.slice(axis: 1, 1..<2))
  return (x, y)
}

private func state(_ dtype: DType) -> TrainingState<MLP> {
  TrainingState(MLP(sizes: [2, 16, 16, 1], activation: .softplus, key: Key(seed: 5), dtype: dtype), averaging: true)
}

@Sendable private func step(_ state: TrainingState<MLP>, _ x: Tensor, _ y: Tensor) -> (TrainingState<MLP>, Tensor, Tensor) {
  let adam = Adam(learningRate: .warmUpCosine(peak: 1e-2, warmUp: 5, total: 400, floor: 1e-4), weightDecay: 1e-4)
  let advanced = state.advanced(by: adam, averaging: ExponentialMovingAverage(decay: 0.99), clippingTo: 1) { square($0(x) - y).mean() }
  return (advanced.state, advanced.loss, advanced.gradientNorm)
}

struct TrainingTests {
  @Test func compiledTrainingEqualsUncompiled() {
    let (x, y) = regression(.float64)
    let compiled = compile(step)
    var (a, b) = (state(.float64), state(.float64))
    for _ in 0..<10 {
      let plain = step(a, x, y)
      let fast = compiled(b, x, y)
      (a, b) = (plain.0, fast.0)
      #expect((plain.1.item() - fast.1.item()).magnitude < 1e-13)
      #expect((plain.2.item() - fast.2.item()).magnitude < 1e-12)
    }
    for (p, q) in zip(a.namedTensors(), b.namedTensors()) {
      for (u, v) in zip(p.tensor.doubles, q.tensor.doubles) { #expect((u - v).magnitude < 1e-12, "\(p.path)") }
    }
    #expect(b.step.scalars(Int32.self) == [10])
  }

  @Test(arguments: [DType.float32, .float64])
  func regressionLearns(_ dtype: DType) {
    let (x, y) = regression(dtype)
    let compiled = compile(step)
    var (current, losses): (TrainingState<MLP>, [Double]) = (state(dtype), [])
    for _ in 0..<400 {
      let (next, loss, _) = compiled(current, x, y)
      losses.append(loss.item())
      current = next
    }
    #expect(losses.last! < 0.4 * losses[0], "\(losses[0]) -> \(losses.last!)")
    let averaged = square(current.evaluated(x) - y).mean().item()
    #expect(averaged < 0.5 * losses[0])
  }
}
