import Autodiff

/// The parameters of a map as a function of coordinates that the map leaves alone: a network, a kernel expansion.
public protocol Conditioner: Module {
  /// `[batch, inputs] -> [batch, outputs]`
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// A bijection that can start from the points that reach it, as ActNorm and kernel couplings do.
public protocol DataInitialized: Bijection {
  /// The same map with its starting values taken from `x`, `[rows, d]`, its own input.
  func initialized(from x: Tensor, key: Key) -> Self
}

extension Chain: DataInitialized {
  /// Each part sees what the parts before it, already initialised, make of `x`.
  public func initialized(from x: Tensor, key: Key) -> Chain {
    var (next, input) = (self, x)
    for (index, bijection) in bijections.enumerated() {
      if let part = bijection as? any DataInitialized { next.bijections[index] = part.initialized(from: input, key: key.folded(index)) }
      input = next.bijections[index].forward(input).y
    }
    return next
  }
}

/// A conditioner that can start from the points it will see, such as a kernel expansion around some of them.
public protocol DataInitializedConditioner: Conditioner {
  /// The same with its starting values taken from `x`, `[rows, inputs]`.
  func initialized(from x: Tensor, key: Key) -> Self
}
