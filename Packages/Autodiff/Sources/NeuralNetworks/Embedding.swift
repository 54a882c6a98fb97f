import Autodiff

/// A learned vector for each of `count` symbols, int32 `[batch...] -> [batch..., features]`.
public struct Embedding: Layer {
  /// `[count, features]`
  public var table: Tensor

  public init(table: Tensor) {
    require(table.rank == 2, "Embedding: table \(table.shape); give [count, features]")
    self.table = table
  }

  /// Standard normal entries.
  public init(_ count: Int, _ features: Int, key: Key, dtype: DType = .float32) {
    self.init(table: .normal([count, features], key: key, dtype: dtype))
  }

  public mutating func walk(_ walker: inout some Walker) { walker.parameter("table", &table) }

  public func callAsFunction(_ indices: Tensor) -> Tensor {
    require(indices.dtype == .int32, "Embedding: indices are \(indices.dtype.rawValue); give int32")
    return table.take(indices, axis: 0)
  }
}
