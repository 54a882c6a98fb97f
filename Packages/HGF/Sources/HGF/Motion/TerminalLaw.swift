import Autodiff
import Probability

/// The law of `x_T`, from which sampling starts.
public enum TerminalLaw: Hashable, Sendable {
  case normal(scale: Double)
  case uniform(lower: [Double], upper: [Double])

  /// The law in `dimension` coordinates.
  public func distribution(dimension: Int, dtype: DType) -> any Distribution {
    switch self {
    case .normal(let scale): DiagonalNormal(dimension: dimension, scale: scale, dtype: dtype)
    case .uniform(let lower, let upper): Uniform(lower: Tensor(lower, dtype: dtype), upper: Tensor(upper, dtype: dtype))
    }
  }
}
