import Autodiff

/// A density known up to its normaliser: `p(x)` proportional to `exp(-U(x)/temperature)`.
public protocol Energy: Sendable {
  /// Trailing axes of a point.
  var eventShape: [Int] { get }

  /// `U(x)`, `[batch..., event...] -> [batch...]`; each row depends on its own point alone.
  func callAsFunction(_ x: Tensor) -> Tensor
}

extension Energy {
  /// `-U(x)/temperature`, `[batch..., event...] -> [batch...]`.
  public func logDensity(_ x: Tensor, temperature: Double = 1) -> Tensor { self(x) * (-1 / temperature) }

  /// `grad U(x)`, of the shape of `x`.
  public func gradient(_ x: Tensor) -> Tensor { grad(x) { self($0).sum() } }

  /// `grad log p(x) = -grad U(x)/temperature`, of the shape of `x`.
  public func score(_ x: Tensor, temperature: Double = 1) -> Tensor { gradient(x) * (-1 / temperature) }
}
