import Autodiff

extension Recipe.Precision {
  var dtype: DType { self == .float32 ? .float32 : .float64 }
}

/// The independent random streams of a run.
struct RunKeys {
  let initial: Key
  let training: Key
  let data: Key
  let evaluation: Key

  init(seed: Int) {
    let keys = Key(seed: UInt64(seed)).split(4)
    (initial, training, data, evaluation) = (keys[0], keys[1], keys[2], keys[3])
  }

  /// The stream of draws that a user asks for with `--seed`.
  static func drawing(_ seed: Int) -> Key { Key(seed: UInt64(seed)).folded(0x5a4d) }
}

/// Draws in blocks of a fixed size, so that one compiled program serves any count.
func inBlocks(_ count: Int, of size: Int, _ draw: (Int) -> [[Double]]) -> [[Double]] {
  var columns: [[Double]] = []
  for block in 0..<(count + size - 1) / size {
    let part = draw(block)
    if columns.isEmpty { columns = part.map { _ in [] } }
    for index in part.indices { columns[index].append(contentsOf: part[index]) }
  }
  return columns.map { Array($0.prefix(count)) }
}

extension Tensor {
  /// The columns of a matrix `[rows, columns]`, in float64.
  var columns: [[Double]] {
    let values = doubles
    return (0..<shape[1]).map { column in stride(from: column, to: values.count, by: shape[1]).map { values[$0] } }
  }
}
