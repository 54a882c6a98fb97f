import Autodiff
import NeuralNetworks
import Testing

/// A layer in float64 with what the laws need to know of it.
struct LayerCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// The layer drawn from a key.
  let make: @Sendable (Key) -> any Layer
  let input: Tensor
  let outputShape: [Int]
  let paths: [String]
  /// Its case in the PyTorch values.
  var reference: String?
}

/// Batch normalisation as it acts in training.
struct TrainingBatchNorm: Layer {
  var layer: BatchNorm
  mutating func walk(_ walker: inout some Walker) { layer.walk(&walker) }
  func callAsFunction(_ x: Tensor) -> Tensor { layer.normalizingBatch(x).output }
}

private func wave(_ shape: [Int]) -> Tensor {
  Tensor((0..<shape.reduce(1, *)).map { referenceCos(1.7 * Double($0) + 0.3) + 0.1 * referenceCos(7 * Double($0)) }, shape: shape)
}

/// The layer with every tensor moved by a fixed wave: ones and zeros hide mistakes.
private func stirred<L: Layer>(_ layer: L, _ key: Key) -> L {
  var index = 0
  return layer.mapTensors { tensor in
    index += 1
    return tensor + 0.3 * Tensor.uniform(tensor.shape, key: key.folded(index), dtype: .float64)
  }
}

private let norms = ["scale", "shift"]
private let batchNorms = ["scale", "shift", "runningMean", "runningVariance"]

/// Every layer.
let layerCatalogue: [LayerCase] = [
  LayerCase(
    testDescription: "Linear", make: { Linear(3, 4, key: $0, dtype: .float64) }, input: wave([5, 3]), outputShape: [5, 4],
    paths: ["weight", "bias"], reference: "Linear"),
  LayerCase(
    testDescription: "MLP", make: { MLP(sizes: [2, 3, 1], activation: .softplus, key: $0, dtype: .float64) }, input: wave([4, 2]),
    outputShape: [4, 1], paths: ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"]),
  LayerCase(
    testDescription: "ResidualBlock", make: { ResidualBlock(3, activation: .silu, key: $0, dtype: .float64) }, input: wave([4, 3]),
    outputShape: [4, 3], paths: ["first.weight", "first.bias", "second.weight", "second.bias"]),
  LayerCase(
    testDescription: "ResidualMLP", make: { ResidualMLP(2, 3, width: 4, blocks: 2, activation: .tanh, key: $0, dtype: .float64) },
    input: wave([4, 2]), outputShape: [4, 3],
    paths: [
      "input.weight", "input.bias", "blocks.0.first.weight", "blocks.0.first.bias", "blocks.0.second.weight", "blocks.0.second.bias",
      "blocks.1.first.weight", "blocks.1.first.bias", "blocks.1.second.weight", "blocks.1.second.bias", "output.weight", "output.bias",
    ], reference: "ResidualMLP"),
  LayerCase(
    testDescription: "LayerNorm", make: { stirred(LayerNorm(6, dtype: .float64), $0) }, input: wave([2, 3, 6]), outputShape: [2, 3, 6],
    paths: norms, reference: "LayerNorm"),
  LayerCase(
    testDescription: "GroupNorm", make: { stirred(GroupNorm(groups: 3, channels: 6, dtype: .float64), $0) }, input: wave([2, 6, 2, 2]),
    outputShape: [2, 6, 2, 2], paths: norms, reference: "GroupNorm"),
  LayerCase(
    testDescription: "BatchNorm", make: { stirred(BatchNorm(3, dtype: .float64), $0) }, input: wave([5, 3]), outputShape: [5, 3],
    paths: batchNorms, reference: "BatchNorm"),
  LayerCase(
    testDescription: "BatchNorm of images", make: { stirred(BatchNorm(3, dtype: .float64), $0) }, input: wave([2, 3, 2, 2]),
    outputShape: [2, 3, 2, 2], paths: batchNorms, reference: "BatchNorm images"),
  LayerCase(
    testDescription: "BatchNorm in training", make: { TrainingBatchNorm(layer: stirred(BatchNorm(3, dtype: .float64), $0)) },
    input: wave([5, 3]), outputShape: [5, 3], paths: batchNorms, reference: "BatchNorm training"),
  LayerCase(
    testDescription: "BatchNorm of images in training", make: { TrainingBatchNorm(layer: stirred(BatchNorm(3, dtype: .float64), $0)) },
    input: wave([2, 3, 2, 2]), outputShape: [2, 3, 2, 2], paths: batchNorms, reference: "BatchNorm training images"),
  LayerCase(
    testDescription: "Embedding", make: { Embedding(5, 3, key: $0, dtype: .float64) }, input: Tensor([Int32(1), 4, 0, 1], shape: [2, 2]),
    outputShape: [2, 2, 3], paths: ["table"], reference: "Embedding"),
  LayerCase(
    testDescription: "SinusoidalFeatures", make: { _ in SinusoidalFeatures(frequencies: 3, longestPeriod: 100) }, input: wave([4]),
    outputShape: [4, 6], paths: [], reference: "SinusoidalFeatures"),
  LayerCase(
    testDescription: "FourierFeatures", make: { FourierFeatures(2, frequencies: 3, scale: 1.5, key: $0, dtype: .float64) },
    input: wave([4, 2]), outputShape: [4, 6], paths: ["frequencies"], reference: "FourierFeatures"),
]
