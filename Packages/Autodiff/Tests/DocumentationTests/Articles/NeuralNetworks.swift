import Autodiff
import NeuralNetworks
import Testing

@Suite struct NeuralNetworksPage {
  @Test func training() {
    let network = MLP(sizes: [2, 32, 32, 1], activation: .silu, key: Key(seed: 1))
    let schedule = LearningRateSchedule.warmUpCosine(peak: 0.01, warmUp: 20, total: 300, floor: 0)
    let adam = Adam(learningRate: schedule, weightDecay: 1e-4)
    let average = ExponentialMovingAverage(decay: 0.99)

    let step = compile(donating: true) {
      (state: TrainingState<MLP>, x: Tensor) -> (TrainingState<MLP>, Tensor) in
      let next = state.advanced(by: adam, averaging: average, clippingTo: 1) { model in
        square(model(x) - x.sum(axis: 1, keepingDimensions: true)).mean()
      }
      return (next.state, next.loss)
    }

    var state = TrainingState(network, for: adam, averaging: true)
    var loss = Tensor(0)
    for index in 0..<300 {
      let x = Tensor.normal([128, 2], key: Key(seed: 2).folded(index))
      (state, loss) = step(state, x)
    }
    let model = state.evaluated  // the averaged network
    #expect(loss.item() < 0.05)
    #expect(isClose(model(Tensor([0.3, 0.4] as [Float], shape: [1, 2])), [0.7], 0.15))
    #expect(state.step.item() == 300)
  }
}
