import Autodiff
import DifferentiableIntegrators
import Integrators
import Probability

/// How the launch velocities `v_0` are drawn for data `x_0`.
public enum Coupling: Hashable, Sendable, Codable {
  /// `v_0` from N(0, `velocityScale`² I), whatever `x_0` is.
  case independent(velocityScale: Double)
  /// The velocity that leads to `x_T` from N(0, `noiseScale`² I), drawn independently: with F = 0 and T = 1, `v_0 = x_1 - x_0`,
  /// flow matching (Lipman et al. 2023).
  case endpoint(noiseScale: Double)
  /// The same with the drawn ends assigned within the batch so that the sum of `|x_0 - x_T|²` is least (Tong et al. 2024).
  case optimalTransport(noiseScale: Double)

  /// Standard deviation of the noise of which launches are made.
  public var noiseScale: Double {
    switch self {
    case .independent(let scale), .endpoint(let scale), .optimalTransport(let scale): scale
    }
  }

  /// Noise `[batch, d]` for data `[batch, d]`. Optimal transport reads the data and cannot be part of a compiled program.
  public func noise(for data: Tensor, key: Key) -> Tensor {
    let drawn = noiseScale * Tensor.normal(data.shape, key: key, dtype: data.dtype)
    guard case .optimalTransport = self else { return drawn }
    return drawn.gathered(Tensor(nearestAssignment(of: data, to: drawn).map(Int32.init)))
  }
}
