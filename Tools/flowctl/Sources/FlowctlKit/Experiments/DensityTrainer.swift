import Autodiff
import DataIO
import ModelIO

/// What the experiments that learn a density from data rows have in common.
final class DensityTrainer<Model: Module> {
  let trainer: ModelTrainer<Model>
  private let rows: any TrainingRows

  init(
    _ model: Model, _ resolved: ResolvedRecipe, _ learning: LearningSettings, _ keys: RunKeys, threads: Int, rows: any TrainingRows,
    loss: @escaping @Sendable (Model, Tensor, Key) -> Tensor
  ) {
    self.rows = rows
    trainer = ModelTrainer(model, resolved, learning, key: keys.training, threads: threads, loss: loss)
  }

  /// Trains on rows that are in memory.
  convenience init(
    _ model: Model, _ resolved: ResolvedRecipe, _ learning: LearningSettings, _ keys: RunKeys, threads: Int, data: HostArray,
    source: String, scaling: Scaling? = nil, loss: @escaping @Sendable (Model, Tensor, Key) -> Tensor
  ) throws {
    let rows = try ResidentRows(data, source: source, scaling: scaling, key: KeyWords(keys.data.folded(1)), resolved.recipe)
    self.init(model, resolved, learning, keys, threads: threads, rows: rows, loss: loss)
  }

  /// Seconds in which training waited for its batches.
  private(set) var dataSeconds = 0.0

  func advance() throws -> [Double] {
    let start = ProgressDisplay.wallSeconds()
    let batch = try rows.next()
    dataSeconds += ProgressDisplay.wallSeconds() - start
    return trainer.advance(batch)
  }

  func capturedCheckpoint() -> PendingCheckpoint { trainer.capturedCheckpoint(data: rows.data) }

  func restore(from path: String) throws {
    let file = try trainer.restore(from: path)
    guard let data = file.data else {
      throw UserError.failure("\(FileAccess.display(path)): no /data, so the position in the training rows is unknown")
    }
    try rows.move(to: data)
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
