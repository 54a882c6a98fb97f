import Autodiff

/// Mixture of distributions of one kind, `Σ_k w_k p_k`.
public struct Mixture<Component: Distribution>: Distribution {
  public var components: [Component]
  /// `log w_k` up to a constant, `[components]`
  public var logWeights: Tensor

  public var eventShape: [Int] { components[0].eventShape }
  public var dtype: DType { components[0].dtype }

  public init(_ components: [Component], logWeights: Tensor) {
    require(
      !components.isEmpty && logWeights.shape == [components.count] && components.allSatisfy { $0.eventShape == components[0].eventShape },
      "Mixture: \(components.count) components of events \(components.map(\.eventShape)), log weights \(logWeights.shape); give components of one event shape and a weight [components]"
    )
    self.components = components
    self.logWeights = logWeights
  }

  public func logDensity(_ x: Tensor) -> Tensor {
    let each = Tensor.stacked(components.map { $0.logDensity(x) }, axis: -1)
    return (each + logWeights).logSumExp(axis: -1) - logWeights.logSumExp()
  }

  /// Every component is drawn from, and one of the draws is kept.
  public func sample(_ count: Int, key: Key) -> Tensor {
    let keys = key.split(components.count + 1)
    let draws = Tensor.concatenated(components.indices.map { components[$0].sample(count, key: keys[$0]) }, axis: 0)
    let component = Categorical(logits: logWeights).sample(count, key: keys[components.count])
    return draws.gathered(component * Double(count) + Tensor.iota([count]))
  }
}

extension Mixture: Module where Component: Module {
  public mutating func walk(_ walker: inout some Walker) {
    walker.child("components", &components)
    walker.parameter("logWeights", &logWeights)
  }
}
