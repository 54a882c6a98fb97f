import Autodiff
import DataIO
import ModelIO

/// What the experiments that learn a density from data rows have in common.
final class DensityTrainer<Model: Module> {
  let trainer: ModelTrainer<Model>
  /// Rows drawn for each step, each row once per pass.
  private var batches: Batches
  private let data: DataSplit
  private let dtype: DType
  private let source: CheckpointFile.Data

  init(
    _ model: Model, _ resolved: ResolvedRecipe, _ learning: LearningSettings, _ keys: RunKeys, threads: Int, data: HostArray,
    source: String, loss: @escaping @Sendable (Model, Tensor, Key) -> Tensor
  ) throws {
    let batchSize = resolved.recipe.training.batchSize
    guard batchSize <= data.rowCount else {
      throw UserError.failure(
        "training.batchSize is \(batchSize), but \(source) has \(data.rowCount) training rows; use at most that many")
    }
    dtype = resolved.recipe.precision.dtype
    self.data = DataSplit(x: data.cast(to: dtype.elementType).reshaped([data.rowCount, data.rowLength]))
    batches = Batches(rowCount: data.rowCount, batchSize: batchSize, key: KeyWords(keys.data.folded(1)))
    self.source = .init(source: source, position: batches.position)
    trainer = ModelTrainer(model, resolved, learning, key: keys.training, threads: threads, loss: loss)
  }

  /// Seconds spent on gathering batches.
  private(set) var dataSeconds = 0.0

  func advance() -> [Double] {
    let start = ProgressDisplay.wallSeconds()
    let batch = Tensor(batches.next(from: data).x)
    dataSeconds += ProgressDisplay.wallSeconds() - start
    return trainer.advance(batch)
  }

  func capturedCheckpoint() -> CheckpointFile {
    var data = source
    data.position = batches.position
    return trainer.capturedCheckpoint(data: data)
  }

  func restore(from path: String) throws {
    let file = try trainer.restore(from: path)
    guard let data = file.data else {
      throw UserError.failure("\(FileAccess.display(path)): no /data, so the position in the training rows is unknown")
    }
    batches = Batches(rowCount: self.data.rowCount, batchSize: batches.batchSize, position: data.position)
  }
}

/// The mean of a figure of merit over rows and its standard error.
struct RowMean {
  let value: Double
  let error: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    value = mean
    error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
  }
}
