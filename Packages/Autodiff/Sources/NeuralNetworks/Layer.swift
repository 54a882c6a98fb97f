import Autodiff

/// A module that maps a batch to a batch, `[batch, ...] -> [batch, ...]`, each example on its own.
public protocol Layer: Module {
  /// What the layer makes of `x`, whose leading axis is the batch.
  func callAsFunction(_ x: Tensor) -> Tensor
}

extension Layer {
  /// Traps unless axis `axis` of `x` has the extent that the layer was made for.
  func requireExtent(_ x: Tensor, _ extent: Int, axis: Int, rank: Int = 1) {
    require(
      x.rank >= rank && x.shape[axis < 0 ? x.rank + axis : axis] == extent,
      "\(Self.self): x has shape \(x.shape); give \(rank) axes or more, with extent \(extent) along axis \(axis)")
  }
}
