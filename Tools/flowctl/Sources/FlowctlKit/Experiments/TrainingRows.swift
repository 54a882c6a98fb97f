import Autodiff
import DataIO
import ModelIO

/// Shuffled batches to train on, each row once per pass, in an order that the key alone decides.
protocol TrainingRows: AnyObject {
  /// The next batch, `[batchSize, features]`.
  func next() throws -> Tensor

  /// Where the next batch starts, for a checkpoint.
  var data: CheckpointFile.Data { get }

  /// Goes on where a checkpoint stood.
  func move(to data: CheckpointFile.Data) throws
}

/// Batches of rows that are in memory.
final class ResidentRows: TrainingRows {
  private var batches: Batches
  private let rows: DataSplit
  private let source: String
  private let scaling: Scaling?

  /// `scaling`: what made `x` of physical numbers, where it is standardised.
  init(_ x: HostArray, source: String, scaling: Scaling? = nil, key: KeyWords, _ recipe: Recipe) throws {
    try requireFullBatch(recipe, rowCount: x.rowCount, source)
    rows = DataSplit(x: x.cast(to: recipe.precision.dtype.elementType).reshaped([x.rowCount, x.rowLength]))
    batches = Batches(rowCount: x.rowCount, batchSize: recipe.training.batchSize, key: key)
    self.source = source
    self.scaling = scaling
  }

  func next() -> Tensor { Tensor(batches.next(from: rows).x) }

  var data: CheckpointFile.Data { .init(source: source, position: batches.position, scaling: scaling) }

  func move(to data: CheckpointFile.Data) throws {
    // Samples of a model that saw other means and deviations would come back in wrong units.
    if let saved = data.scaling, saved != scaling {
      throw UserError.failure(
        "\(source): the columns have other means or deviations than those the checkpoint was standardised with; use the data the run began with"
      )
    }
    batches = Batches(rowCount: rows.rowCount, batchSize: batches.batchSize, position: data.position)
  }
}

/// Batches of a file that need not fit into memory, read on a thread of their own while training goes on.
final class StreamedRows: TrainingRows {
  private let path: String
  private let source: String
  private let dtype: DType
  private let encode: (DataSplit) -> HostArray
  private var stream: RowStream

  /// `encode` makes the numbers that the loss sees of the rows of a batch.
  init(_ path: String, key: KeyWords, _ recipe: Recipe, encode: @escaping (DataSplit) -> HostArray) throws {
    (self.path, source, dtype, self.encode) = (path, FileAccess.display(path), recipe.precision.dtype, encode)
    stream = try RowStream(contentsOf: path, batchSize: recipe.training.batchSize, position: BatchPosition(key: key))
    try requireFullBatch(recipe, rowCount: stream.rowCount, source)
  }

  func next() throws -> Tensor { Tensor(encode(try stream.next()), dtype: dtype) }

  var data: CheckpointFile.Data { .init(source: source, stream: stream) }

  func move(to data: CheckpointFile.Data) throws {
    guard let order = data.windowedOrder else {
      throw UserError.failure(
        "\(source): the checkpoint's rows were shuffled as a whole, not window by window; resume with the recipe the run began with")
    }
    stream = try RowStream(contentsOf: path, batchSize: stream.batchSize, position: data.position, continuing: order)
  }
}

private func requireFullBatch(_ recipe: Recipe, rowCount: Int, _ source: String) throws(UserError) {
  guard recipe.training.batchSize <= rowCount else {
    throw .failure(
      "training.batchSize is \(recipe.training.batchSize), but \(source) has \(rowCount) training rows; use at most that many")
  }
}
