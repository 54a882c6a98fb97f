import Autodiff

/// The law of `y = bijection(x)` for `x` from `base`: `log p(y) = log p_base(x) + log|det ∂x/∂y|`.
public struct TransformedDistribution<Base: Distribution, Map: Bijection>: Distribution {
  public var base: Base
  public var bijection: Map

  public var eventShape: [Int] { bijection.eventShape }
  public var dtype: DType { base.dtype }
  public var isReparameterized: Bool { base.isReparameterized }

  public init(_ base: Base, through bijection: Map) {
    require(
      base.eventShape == bijection.eventShape,
      "TransformedDistribution: the base has events \(base.eventShape), the bijection \(bijection.eventShape); give two of one event shape")
    self.base = base
    self.bijection = bijection
  }

  public func logDensity(_ y: Tensor) -> Tensor {
    requireEvent(y, "TransformedDistribution.logDensity")
    let (x, logDeterminant) = bijection.inverse(y)
    return base.logDensity(x) + logDeterminant
  }

  public func sample(_ count: Int, key: Key) -> Tensor { bijection.forward(base.sample(count, key: key)).y }
}

extension TransformedDistribution: Module where Base: Module {
  public mutating func walk(_ walker: inout some Walker) {
    walker.child("base", &base)
    walker.child("bijection", &bijection)
  }
}
