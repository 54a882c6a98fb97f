import Autodiff
import DataIO
import Foundation
import ModelIO
import NHF
import Plotting

/// A density over handwritten digits of 8 x 8 pixels, learned by maximising the evidence lower bound.
///
/// A grey level x in 0...16 becomes (x + u - μ) s / σ with uniform u, μ and σ the mean and deviation of that pixel over the training
/// images and s the recipe's `data.scale`; likelihoods are given for the grey levels, so they hold for the images themselves.
final class DigitExperiment: Experiment {
  private static let block = 200
  private static let pixels = 64
  private static let levels = 17.0

  let metricNames = ModelTrainer<NeuralHamiltonianFlow>.metricNames
  private let recipe: Recipe
  private let settings: DigitSettings
  private let keys: RunKeys
  private let density: DensityTrainer<NeuralHamiltonianFlow>
  private let file: DatasetFile
  private let coding: PixelCoding
  private let draw: @Sendable (NeuralHamiltonianFlow, Key) -> Tensor
  private let bounds: @Sendable (NeuralHamiltonianFlow, Tensor, Key) -> (Tensor, Tensor)

  init(_ settings: DigitSettings, _ resolved: ResolvedRecipe, _ context: ExperimentContext) throws {
    self.settings = settings
    recipe = resolved.recipe
    keys = RunKeys(seed: recipe.seed)
    let path = context.resolve(settings.data.path)
    file = try DatasetFile(contentsOf: path)
    guard file.train.x.rowLength == DigitExperiment.pixels, let test = file.test, test.x.rowLength == DigitExperiment.pixels else {
      throw UserError.failure(
        "\(FileAccess.display(path)): /train/x has rows of \(file.train.x.rowLength) values and \(file.test == nil ? "there is no" : "there is a") /test; expected images of 8 x 8 pixels with a test split"
      )
    }
    coding = PixelCoding(file.train.x.doubles, scale: settings.data.scale, dequantise: settings.data.dequantise)
    let coding = coding
    let flow = try settings.model.flow(dimension: DigitExperiment.pixels, key: keys.initial, precision: recipe.precision)
    density = try DensityTrainer(
      flow, resolved, settings.learning, keys, threads: context.threads, data: file.train.x, source: FileAccess.display(path)
    ) { flow, batch, key in
      flow.loss(coding.encoded(batch, key: key.folded(0)), key: key.folded(1))
    }
    draw = compile { (flow: NeuralHamiltonianFlow, key: Key) -> Tensor in flow.sample(DigitExperiment.block, key: key) }
    let importanceSamples = settings.evaluation.importanceSamples
    bounds = compile { (flow: NeuralHamiltonianFlow, rows: Tensor, key: Key) -> (Tensor, Tensor) in
      let encoded = coding.encoded(rows, key: key.folded(0))
      return (flow.elbo(encoded, key: key.folded(1)), flow.iwae(encoded, samples: importanceSamples, key: key.folded(2)))
    }
  }

  var completedSteps: Int { density.trainer.completedSteps }

  var facts: [(name: String, value: String)] {
    density.trainer.state.model.facts + [("training images", "\(file.train.rowCount)"), ("test images", "\(file.test?.rowCount ?? 0)")]
  }

  func advance() throws -> [Double] { try density.advance() }
  func firstNonFiniteParameter() -> String? { density.trainer.firstNonFiniteParameter() }
  func capturedCheckpoint() throws -> PendingCheckpoint? { density.capturedCheckpoint() }
  var dataSeconds: Double? { density.dataSeconds }
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
      .enumerated().map { pixel, column in column.map { coding.greyLevel($0, pixel: pixel) } }
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
    let gaussians = PixelCoding.gaussians(train: file.train.x.doubles, test: file.test!.x.doubles)
    return Evaluation(
      comparisons: [
        Comparison(
          "test log likelihood in nats (IWAE-\(settings.evaluation.importanceSamples))", ours: test.iwae.value,
          target: Target("nats above the better Gaussian", achieved: test.iwae.value - max(gaussians.diagonal, gaussians.full), .atLeast, 5)
        ),
        Comparison("test evidence lower bound in nats", ours: test.elbo.value),
        Comparison("test bits per pixel", ours: bits(test.iwae.value)),
        Comparison("training log likelihood in nats (as many images)", ours: train.iwae.value),
        Comparison("a Gaussian with correlated pixels, nats", ours: gaussians.full),
        Comparison("a Gaussian with independent pixels, nats", ours: gaussians.diagonal),
        Comparison("uniform grey levels, nats", ours: uniform),
      ],
      remarks: [
        "Likelihoods are of images of 17 grey levels with uniform noise of one level; the standard error of the test mean is \(Formatting.tidy(test.iwae.error, digits: 2)) nats.",
        "No figure for these images is published with the paper.",
      ])
  }

  func figures() throws -> [Figure] {
    let count = 60
    let columns = images(count, key: keys.evaluation.folded(5))
    let drawn = (0..<count).flatMap { row in columns.map { $0[row] } }
    let data = Array(file.test!.x.doubles.prefix(count * DigitExperiment.pixels))
    let sheet = ImageSheet(
      panels: [.init(title: "test images", pixels: data), .init(title: "samples", pixels: drawn)], height: 8, width: 8, columns: 6,
      range: 0...16)
    return [
      Figure(
        name: "samples", title: "Samples beside data", caption: "Sixty test images, and as many draws of the flow, none chosen.",
        svg: sheet.svg),
      FlowFigures.potential(
        density.trainer.evaluated, on: PrincipalPlane(coding.centred(file.train.x.doubles), dimension: DigitExperiment.pixels),
        rows: coding.centred(file.test!.x.doubles), points: settings.evaluation.gridPoints,
        caption:
          "The learned potential V on the plane through the mean image in which the training images spread most, and the test images projected onto it."
      ),
    ]
  }
}
