import Autodiff

/// A module whose parameters are saved but not trained: every tensor is walked as a buffer, under the same path.
public struct Frozen<Wrapped: Module>: Module {
  public var module: Wrapped

  public init(_ module: Wrapped) { self.module = module }

  public mutating func walk(_ walker: inout some Walker) {
    var freezing = FreezingWalker(base: walker)
    module.walk(&freezing)
    walker = freezing.base
  }
}

private struct FreezingWalker<Base: Walker>: Walker {
  var base: Base

  mutating func parameter(_ name: String, _ tensor: inout Tensor) { base.buffer(name, &tensor) }
  mutating func buffer(_ name: String, _ tensor: inout Tensor) { base.buffer(name, &tensor) }

  mutating func child<M: Module>(_ name: String, _ module: inout M) {
    var frozen = Frozen(module)
    base.child(name, &frozen)
    module = frozen.module
  }
}
