import Autodiff
import DataIO
import Foundation
import ModelIO
import NHF
import Plotting

/// A density over handwritten digits of 8 x 8 pixels, learned by maximising the evidence lower bound.
///
/// A pixel x in 0...16 becomes (x + u - 8.5) s / σ with uniform u, σ the deviation of all training pixels and s the recipe's
/// `data.scale`; likelihoods are given for the grey levels, so they hold for the images themselves.
final class DigitExperiment: Experiment {
  private static let block = 200
  private static let pixels = 64
  private static let levels = 17.0

  let metricNames = FlowTrainer<NeuralHamiltonianFlow>.metricNames
  private let recipe: Recipe
  private let keys: RunKeys
  private let density: DensityTrainer
  private let file: DatasetFile
  private let coding: PixelCoding
  private let draw: @Sendable (NeuralHamiltonianFlow, Key) -> Tensor
  private let bounds: @Sendable (NeuralHamiltonianFlow, Tensor, Key) -> (Tensor, Tensor)

  init(_ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    let path = context.resolve(recipe.digits.path)
    file = try DatasetFile(contentsOf: path)
    guard file.train.x.rowLength == DigitExperiment.pixels, let test = file.test, test.x.rowLength == DigitExperiment.pixels else {
      throw UserError.failure(
        "\(FileAccess.display(path)): /train/x has rows of \(file.train.x.rowLength) values and \(file.test == nil ? "there is no" : "there is a") /test; expected images of 8 x 8 pixels with a test split"
      )
    }
    coding = PixelCoding(file.train.x.doubles, scale: recipe.digits.scale, dequantise: recipe.digits.dequantise)
    let coding = coding
    let flow = try recipe.model.flow(dimension: DigitExperiment.pixels, key: keys.initial, precision: recipe.precision)
    density = try DensityTrainer(
      flow, resolved, keys, threads: context.threads, data: file.train.x, source: FileAccess.display(path)
    ) { flow, batch, key in
      flow.loss(coding.encoded(batch, key: key.folded(0)), key: key.folded(1))
    }
    draw = compile { (flow: NeuralHamiltonianFlow, key: Key) -> Tensor in flow.sample(DigitExperiment.block, key: key) }
    let importanceSamples = recipe.evaluation.importanceSamples
    bounds = compile { (flow: NeuralHamiltonianFlow, rows: Tensor, key: Key) -> (Tensor, Tensor) in
      let encoded = coding.encoded(rows, key: key.folded(0))
      return (flow.elbo(encoded, key: key.folded(1)), flow.iwae(encoded, samples: importanceSamples, key: key.folded(2)))
    }
  }

  var completedSteps: Int { density.trainer.completedSteps }

  var facts: [(name: String, value: String)] {
    density.trainer.state.model.facts + [("training images", "\(file.train.rowCount)"), ("test images", "\(file.test?.rowCount ?? 0)")]
  }

  func advance() throws -> [Double] { density.advance() }
  func firstNonFiniteParameter() -> String? { density.trainer.firstNonFiniteParameter() }
  func saveCheckpoint(to path: String) throws { try density.save(to: path) }
  func restoreCheckpoint(from path: String) throws { try density.restore(from: path) }

  func sample(count: Int, seed: Int) throws -> SampleSet {
    let columns = images(count, key: RunKeys.drawing(seed))
    let names = (0..<DigitExperiment.pixels).map { "pixel_\($0 / 8)_\($0 % 8)" }
    return SampleSet(names: names, values: (0..<count).flatMap { row in columns.map { $0[row] } })
  }

  func referencePoints(count: Int, seed: Int) throws -> [ReferenceArray] {
    density.trainer.state.model.referencePoints(count: count, key: RunKeys.drawing(seed))
  }

  /// Columns of drawn images in grey levels.
  private func images(_ count: Int, key: Key) -> [[Double]] {
    let flow = density.trainer.evaluated
    return inBlocks(count, of: DigitExperiment.block) { draw(flow, key.folded($0)).columns }
      .map { $0.map(coding.greyLevel) }
  }

  func evaluate() throws -> Evaluation {
    let flow = density.trainer.evaluated
    func likelihood(_ split: DataSplit, _ stream: Int) -> (elbo: RowMean, iwae: RowMean) {
      let rows = Tensor(split.x, dtype: recipe.precision.dtype).reshaped([split.rowCount, DigitExperiment.pixels])
      let (elbo, iwae) = bounds(flow, rows, keys.evaluation.folded(stream))
      return (RowMean(elbo.doubles.map { $0 + coding.logJacobian }), RowMean(iwae.doubles.map { $0 + coding.logJacobian }))
    }
    let test = likelihood(file.test!, 0)
    let trainRows = file.train.rows(Array(0..<min(file.train.rowCount, file.test!.rowCount)))
    let train = likelihood(trainRows, 1)
    let bits = { (nats: Double) in -nats / (Double(DigitExperiment.pixels) * log(2.0)) }
    let uniform = -Double(DigitExperiment.pixels) * log(DigitExperiment.levels)
    let gaussian = coding.diagonalGaussian(train: file.train.x.doubles, test: file.test!.x.doubles)
    return Evaluation(
      comparisons: [
        Comparison(
          "test log likelihood in nats (IWAE-\(recipe.evaluation.importanceSamples))", ours: test.iwae.value,
          target: Target("nats above a diagonal Gaussian", achieved: test.iwae.value - gaussian, .atLeast, 0)),
        Comparison("test evidence lower bound in nats", ours: test.elbo.value),
        Comparison("test bits per pixel", ours: bits(test.iwae.value)),
        Comparison("training log likelihood in nats (as many images)", ours: train.iwae.value),
        Comparison("a diagonal Gaussian on the same images, nats", ours: gaussian),
        Comparison("uniform grey levels, nats", ours: uniform),
      ],
      remarks: [
        "Likelihoods are of images of 17 grey levels with uniform noise of one level; the standard error of the test mean is \(Formatting.tidy(test.iwae.error, digits: 2)) nats.",
        "No figure for these images is published with the paper.",
      ])
  }

  func figures() throws -> [Figure] {
    let columns = images(40, key: keys.evaluation.folded(5))
    let pixels = (0..<40).map { row in columns.map { $0[row] } }
    let data = file.test!.x.doubles
    let sheet = ImageSheet(
      panels: (0..<20).map { index in
        .init(title: index == 0 ? "data" : "", pixels: Array(data[index * 64..<(index + 1) * 64]))
      } + pixels.enumerated().map { .init(title: $0.offset == 0 ? "samples" : "", pixels: $0.element) },
      height: 8, width: 8, columns: 10, range: 0...16)
    return [
      Figure(
        name: "samples", title: "Samples beside data", caption: "Two rows of test images, then four rows of draws of the flow.",
        svg: sheet.svg)
    ]
  }
}

/// The map between grey levels and the flow's coordinates.
struct PixelCoding: Sendable {
  private let factor: Double
  private let dequantise: Bool

  init(_ pixels: [Double], scale: Double, dequantise: Bool) {
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    let variance = pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)
    factor = scale / max(variance.squareRoot(), 1e-12)
    self.dequantise = dequantise
  }

  /// `[batch, 64]` grey levels to coordinates; the noise is uniform over one level.
  func encoded(_ grey: Tensor, key: Key) -> Tensor {
    let noise = dequantise ? Tensor.uniform(grey.shape, key: key, dtype: grey.dtype) : Tensor.full(grey.shape, 0.5, dtype: grey.dtype)
    return (grey + noise - 8.5) * factor
  }

  func greyLevel(_ coordinate: Double) -> Double { coordinate / factor + 8 }

  /// What a log density in coordinates lacks to be one in grey levels.
  var logJacobian: Double { 64 * log(factor) }

  /// Mean test log likelihood of independent Gaussians fitted to each training pixel with its noise.
  func diagonalGaussian(train: [Double], test: [Double]) -> Double {
    var total = 0.0
    for pixel in 0..<64 {
      let own = stride(from: pixel, to: train.count, by: 64).map { train[$0] + 0.5 }
      let mean = own.reduce(0, +) / Double(own.count)
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count) + 1.0 / 12
      for index in stride(from: pixel, to: test.count, by: 64) {
        let difference = test[index] + 0.5 - mean
        // The noise of the test pixel adds its own variance to the expected square.
        total += -0.5 * ((difference * difference + 1.0 / 12) / variance + log(2 * .pi * variance))
      }
    }
    return total / Double(test.count / 64)
  }
}
