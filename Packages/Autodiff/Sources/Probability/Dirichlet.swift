import Autodiff

/// Dirichlet density on the simplex, `p = Π x_i^(α_i - 1) Γ(Σ α)/Π Γ(α_i)`, with respect to all coordinates but one.
public struct Dirichlet: ClosedFormEntropy, ClosedFormDivergence, Module {
  /// `α`, `[k]`
  public var concentration: Tensor

  public var eventShape: [Int] { concentration.shape }
  public var dtype: DType { concentration.dtype }
  public var isReparameterized: Bool { true }

  public init(concentration: Tensor) {
    requireVectors("Dirichlet", ["concentration": concentration])
    self.concentration = concentration
  }

  public mutating func walk(_ walker: inout some Walker) { walker.parameter("concentration", &concentration) }

  public func logDensity(_ x: Tensor) -> Tensor {
    requireEvent(x, "Dirichlet.logDensity")
    return sumOverEvent((concentration - 1.0) * log(x)) - logNormalizer
  }

  public func sample(_ count: Int, key: Key) -> Tensor {
    let parts = Tensor.gamma([count] + eventShape, concentration: concentration, key: key, dtype: dtype)
    return parts / parts.sum(axis: -1, keepingDimensions: true)
  }

  public var entropy: Tensor {
    let total = concentration.sum()
    return logNormalizer + (total - Double(concentration.count)) * digamma(total) - ((concentration - 1.0) * digamma(concentration)).sum()
  }

  public func kullbackLeibler(to other: Dirichlet) -> Tensor {
    let change = (concentration - other.concentration) * (digamma(concentration) - digamma(concentration.sum()))
    return other.logNormalizer - logNormalizer + change.sum()
  }

  /// `Σ log Γ(α_i) - log Γ(Σ α)`, `[]`
  private var logNormalizer: Tensor { logGamma(concentration).sum() - logGamma(concentration.sum()) }
}
