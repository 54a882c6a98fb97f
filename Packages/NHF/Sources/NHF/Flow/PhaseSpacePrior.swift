import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

/// `Π₀(q₀, p₀) = π₀(q₀) N(p₀; 0, σ_p² I)`: numbers alone, so that the flow may change dtype.
public struct PhaseSpacePrior: Sendable, Hashable {
  /// The law of positions, centred at 0 in every coordinate.
  public enum Position: Sendable, Hashable {
    case gaussian(standardDeviation: Double)
    /// See `SoftUniform`.
    case softUniform(width: Double, sharpness: Double)
  }

  /// `d`
  public let dimension: Int
  public let position: Position
  /// `σ_p`
  public let momentumStandardDeviation: Double

  public init(dimension: Int, position: Position = .gaussian(standardDeviation: 1), momentumStandardDeviation: Double = 1) {
    self.dimension = dimension
    self.position = position
    self.momentumStandardDeviation = momentumStandardDeviation
  }

  /// `π₀`
  public func positionDistribution(dtype: DType) -> any Distribution {
    switch position {
    case .gaussian(let standardDeviation): DiagonalNormal(dimension: dimension, scale: standardDeviation, dtype: dtype)
    case .softUniform(let width, let sharpness): SoftUniform(dimension: dimension, width: width, sharpness: sharpness, dtype: dtype)
    }
  }

  /// `N(0, σ_p² I)`
  public func momentumDistribution(dtype: DType) -> DiagonalNormal {
    DiagonalNormal(dimension: dimension, scale: momentumStandardDeviation, dtype: dtype)
  }

  /// `log Π₀`, `[batch]`, both normalisers included.
  public func logDensity(_ point: Phase<Tensor>) -> Tensor {
    positionDistribution(dtype: point.position.dtype).logDensity(point.position)
      + momentumDistribution(dtype: point.momentum.dtype).logDensity(point.momentum)
  }

  /// Positions and momenta, `[count, d]` each.
  public func sample(_ count: Int, key: Key, dtype: DType) -> Phase<Tensor> {
    let keys = key.split()
    return Phase(
      position: positionDistribution(dtype: dtype).sample(count, key: keys[0]),
      momentum: momentumDistribution(dtype: dtype).sample(count, key: keys[1]))
  }
}
