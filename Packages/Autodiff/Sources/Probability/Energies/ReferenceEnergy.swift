import Autodiff

/// An energy whose density at temperature 1 is known in full: what a sampler is measured against.
public protocol ReferenceEnergy: Energy {
  /// `log Z = log ∫ exp(-U)`, in nats.
  var logNormalizer: Double { get }

  /// Independent draws from `exp(-U)/Z`, `[count, event...]`.
  func sample(_ count: Int, key: Key, dtype: DType) -> Tensor
}

extension DensityEnergy: ReferenceEnergy {
  public var logNormalizer: Double { 0 }

  /// Independent draws from the density, `[count, event...]`.
  public func sample(_ count: Int, key: Key, dtype: DType) -> Tensor { density.sample(count, key: key).cast(to: dtype) }
}

extension ManyWell: ReferenceEnergy {
  /// Independent draws, `[count, 2 pairs]`: the wells by inversion on a grid, the free coordinates as normals.
  public func sample(_ count: Int, key: Key, dtype: DType) -> Tensor {
    let keys = key.split()
    let line = GridDensity(lower: -5, upper: 5) { 6 * $0 * $0 + 0.5 * $0 - $0 * $0 * $0 * $0 }
    let well = line.sample([count, pairs], key: keys[0])
    let free = Tensor.normal([count, pairs], key: keys[1], dtype: .float64)
    return Tensor.stacked([well, free], axis: 2).reshaped([count, 2 * pairs]).cast(to: dtype)
  }
}
