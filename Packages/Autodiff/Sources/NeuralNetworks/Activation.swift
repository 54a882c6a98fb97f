import Autodiff

/// Element-wise nonlinearity of a network.
public enum Activation: String, Sendable, Codable, CaseIterable {
  case tanh
  case softplus
  /// `x * sigmoid(x)`.
  case silu
  /// `max(x, 0)`, with derivative 0 at 0.
  case relu
  case sigmoid

  /// Whether the second derivative is continuous, as a network whose gradient is a force needs.
  public var isSmooth: Bool { self != .relu }

  /// The function of every element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .tanh: Autodiff.tanh(x)
    case .softplus: Autodiff.softplus(x)
    case .silu: Autodiff.silu(x)
    case .relu: Autodiff.relu(x)
    case .sigmoid: Autodiff.sigmoid(x)
    }
  }
}
