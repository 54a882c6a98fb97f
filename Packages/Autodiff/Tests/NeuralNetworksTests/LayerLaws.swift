import Autodiff
import NeuralNetworks
import Testing

struct LayerLaws {
  @Test(arguments: layerCatalogue)
  func shapesAndPathsAreItsInterface(_ entry: LayerCase) {
    let layer = entry.make(Key(seed: 1))
    #expect(layer(entry.input).shape == entry.outputShape)
    #expect(layer.namedTensors().map(\.path) == entry.paths)
    #expect(
      layer.namedTensors().filter { !$0.isParameter }.map(\.path) == entry.paths.filter { $0.hasPrefix("running") || $0 == "frequencies" })
  }

  @Test(arguments: layerCatalogue)
  func gradientsAreThoseOfFiniteDifferences(_ entry: LayerCase) { checkGradients(entry.make(Key(seed: 2)), entry.input) }

  private func checkGradients<L: Layer>(_ layer: L, _ x: Tensor) {
    let weights = cotangent(like: layer(x))
    let loss = { (pair: Pair<L, Tensor>) in (pair.first(pair.second) * weights).sum() }
    let point = Pair(layer, x)
    let (tensors, gradients) = (point.tensors(), grad(point, loss).namedTensors())
    for (index, tensor) in tensors.enumerated() where tensor.dtype.isFloatingPoint && gradients[index].isParameter {
      let found = gradients[index].tensor.doubles
      for element in found.indices {
        let h = 1e-5
        func shifted(_ by: Double) -> Double {
          var (changed, values) = (tensors, tensor.doubles)
          values[element] += by
          changed[index] = Tensor(values, shape: tensor.shape)
          return loss(point.replacing(changed)).item()
        }
        let slope = (shifted(h) - shifted(-h)) / (2 * h)
        #expect((found[element] - slope).magnitude < 1e-7 * (1 + slope.magnitude), "\(gradients[index].path)[\(element)]")
      }
    }
  }

  @Test(arguments: layerCatalogue)
  func savingAndLoadingGivesTheSameLayer(_ entry: LayerCase) throws {
    let (layer, other) = (entry.make(Key(seed: 3)), entry.make(Key(seed: 4)))
    let expected = layer(entry.input).doubles
    #expect(try outputs(of: other, loading: saved(layer), entry.input) == expected)
    #expect(entry.paths.isEmpty || other(entry.input).doubles != expected)
  }

  private func outputs<L: Layer>(of layer: L, loading tensors: [String: Tensor], _ x: Tensor) throws -> [Double] {
    var layer = layer
    try layer.load(tensors)
    return layer(x).doubles
  }

  @Test(arguments: layerCatalogue)
  func compiledEqualsUncompiled(_ entry: LayerCase) { checkCompiled(entry.make(Key(seed: 5)), entry.input) }

  private func checkCompiled<L: Layer>(_ layer: L, _ x: Tensor) {
    let compiled = compile { (layer: L, x: Tensor) in layer(x) }
    #expect(distance(compiled(layer, x), layer(x)) < 1e-14)
  }

  @Test(arguments: layerCatalogue.filter { $0.reference != nil })
  func agreesWithPyTorch(_ entry: LayerCase) throws {
    let reference = try #require(TorchValues.stored.layers.first { $0.name == entry.reference })
    try checkReference(entry.make(Key(seed: 6)), reference)
  }

  private func checkReference<L: Layer>(_ start: L, _ reference: TorchValues.LayerCase) throws {
    var layer = start
    try layer.load(reference.tensors.mapValues(\.tensor))
    let isInteger = reference.inputGradient == nil
    let x = isInteger ? reference.input.tensor.cast(to: .int32) : reference.input.tensor
    #expect(distance(layer(x), reference.output.tensor) < 1e-13)
    let weights = cotangent(like: layer(x))
    let gradient = grad(Pair(layer, x)) { ($0.first($0.second) * weights).sum() }
    let found = saved(gradient.first)
    #expect(Set(reference.gradients.keys) == Set(layer.namedTensors().filter(\.isParameter).map(\.path)))
    for (path, values) in reference.gradients { #expect(distance(found[path]!, values.tensor) < 1e-12, "\(path)") }
    if let expected = reference.inputGradient { #expect(distance(gradient.second, expected.tensor) < 1e-12) }
    if let training = layer as? TrainingBatchNorm, let expected = reference.updated {
      let updated = saved(training.layer.normalizingBatch(x).updated)
      for (path, values) in expected { #expect(distance(updated[path]!, values.tensor) < 1e-14, "\(path)") }
    }
  }

  @Test func runningMomentsOfATrainingStepAreKeptAndSaved() {
    struct Network: Module {
      var norm = BatchNorm(2, dtype: .float64)
      var head = Linear(2, 1, key: Key(seed: 7), dtype: .float64)
      mutating func walk(_ walker: inout some Walker) {
        walker.child("norm", &norm)
        walker.child("head", &head)
      }
    }
    let x = 2.0 + 3.0 * Tensor.normal([64, 2], key: Key(seed: 8), dtype: .float64)
    let adam = Adam(learningRate: .constant(1e-2))
    let step = compile { (state: TrainingState<Network>, x: Tensor) -> TrainingState<Network> in
      state.advancedWithBuffers(
        by: adam, averaging: ExponentialMovingAverage(decay: 0.9),
        loss: { network in
          let (normalized, norm) = network.norm.normalizingBatch(x)
          var updated = network
          updated.norm = norm
          return (square(network.head(normalized) - 1.0).mean(), updated)
        }
      ).state
    }
    var state = TrainingState(Network(), averaging: true)
    for _ in 0..<100 { state = step(state, x) }
    let mean = x.mean(axis: 0).doubles
    for i in 0..<2 {
      #expect((state.model.norm.runningMean.doubles[i] / mean[i] - 1).magnitude < 1e-4)
      #expect((state.model.norm.runningVariance.doubles[i] / 9 - 1).magnitude < 0.4)
    }
    #expect(state.evaluated.norm.runningMean.doubles == state.model.norm.runningMean.doubles)
    #expect(distance(state.model.norm(x), state.model.norm.normalizingBatch(x).output) < 1e-2)
    #expect(state.model.norm.scale.doubles != [1, 1])
  }

  @Test func newNormalisationsStandardise() {
    let x = 5.0 + 2.0 * Tensor.normal([8, 6, 3], key: Key(seed: 9), dtype: .float64)
    let group = GroupNorm(groups: 2, channels: 6, dtype: .float64)(x).reshaped([8, 2, 9])
    #expect(abs(group.mean(axis: 2)).max().item() < 1e-14)
    #expect(abs(square(group).mean(axis: 2) - 1.0).max().item() < 1e-4)
  }
}

struct LayerMisuse {
  @Test func aWrongNumberOfFeaturesIsNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LayerNorm(4)(Tensor.zeros([2, 3]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("LayerNorm: x has shape [2, 3]; give 1 axes or more, with extent 4 along axis -1"))
  }

  @Test func trainingBatchNormOnOneExampleIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm(3).normalizingBatch(Tensor.zeros([1, 3]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("has one value per channel"))
  }
}
