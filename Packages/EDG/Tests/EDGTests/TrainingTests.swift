import Autodiff
import EDG
import NeuralNetworks
import Probability
import Testing

@Suite struct TrainingTests {
  typealias Model = DiffusionGenerator<PlainDecoder, BoundaryExactScore>

  @Test func aTiltedGaussianIsLearned() {
    // Correlated, off centre: the decoder starts as N(0, 1.25 I).
    let target = FunctionEnergy(eventShape: [2]) { x in
      let (a, b) = (x.slice(axis: -1, 0..<1).squeezed(axis: -1) - 1.0, x.slice(axis: -1, 1..<2).squeezed(axis: -1))
      return 0.5 * (square(a) + square(b - 0.8 * a) / 0.36)
    }
    let logNormalizer = referenceLog(2 * Double.pi * 0.6)
    let model = Model(
      decoder: PlainDecoder(latentDimension: 2, center: .zeros([2]), factor: .identity(2), deviation: 0.5, hidden: [16], key: Key(seed: 1)),
      score: BoundaryExactScore(latentDimension: 2, eventScale: .ones([2]), width: 32, blocks: 1, key: Key(seed: 2)))
    let adam = Adam(learningRate: .warmUpCosine(peak: 5e-3, warmUp: 50, total: 1200, floor: 5e-5))
    let step = compile { (state: TrainingState<Model>, key: Key) -> (TrainingState<Model>, Tensor) in
      let next = state.advanced(by: adam, clippingTo: 10) { (model: Model) -> Tensor in
        model.bound(target, noise: model.noise(256, times: .importance(start: 1e-4), key: key.folded(state.step))).mean
      }
      return (next.state, next.loss)
    }
    var state = TrainingState(model)
    var losses: [Double] = []
    for _ in 0..<1200 {
      let (next, loss) = step(state, Key(seed: 3))
      state = next
      losses.append(loss.item())
    }
    let bound = losses.suffix(100).reduce(0, +) / 100 + model.diffusion.entropyProduction(dimension: 2) + logNormalizer
    // The mean of 100 losses has a standard error of about 0.15.
    #expect(abs(bound) < 0.6)
    let trained = state.model
    let chain = trained.encoderChain(steps: 64, fitting: trained.sample(8000, key: Key(seed: 4)), key: Key(seed: 5))
    let weights = ImportanceWeights(
      logWeights: trained.weighted(trained.sample(2000, key: Key(seed: 6)), against: target, along: chain, key: Key(seed: 7)).logWeight)
    #expect(weights.efficiency > 0.4)
    #expect(abs(weights.logNormalizer.value - logNormalizer) < 0.05)
  }
}
