/// A value made of tensors: a model, an optimiser's state, a batch, a key.
///
/// One hand-written `walk` names every tensor, in an order that depends on the value's structure only. From it follow
/// gradients (which have the module's own type), optimiser state, counting, conversion, checkpoint paths and printing.
public protocol Module: Sendable {
  /// Shows every tensor, nested module and setting to `walker`, always in the same order.
  mutating func walk(_ walker: inout some Walker)
}

/// What visits the tensors of a module.
public protocol Walker {
  /// A tensor that is trained. Its path is part of the checkpoint format: renaming it breaks files.
  mutating func parameter(_ name: String, _ tensor: inout Tensor)
  /// A tensor that is saved but not trained; its gradient is zeros.
  mutating func buffer(_ name: String, _ tensor: inout Tensor)
  /// A module inside this one; its paths are prefixed with `name.`.
  mutating func child<M: Module>(_ name: String, _ module: inout M)
  /// A setting that decides which program is traced (an activation, a flag); compiled functions trace again when it changes.
  mutating func setting(_ name: String, _ value: some Hashable & Sendable)
}

extension Walker {
  public mutating func child<M: Module>(_ name: String, _ module: inout M) { module.walk(&self) }
  public mutating func setting(_ name: String, _ value: some Hashable & Sendable) {}
}

extension Tensor: Module {
  public mutating func walk(_ walker: inout some Walker) { walker.parameter("", &self) }
}

extension Array: Module where Element: Module {
  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("count", count)
    for index in indices { walker.child(String(index), &self[index]) }
  }
}

extension Optional: Module where Wrapped: Module {
  public mutating func walk(_ walker: inout some Walker) {
    walker.setting("isPresent", self != nil)
    guard var wrapped = self else { return }
    self = nil
    walker.child("", &wrapped)
    self = wrapped
  }
}

/// Two modules side by side, with paths `first` and `second`.
public struct Pair<First: Module, Second: Module>: Module {
  /// Its paths begin with `first`.
  public var first: First
  /// Its paths begin with `second`.
  public var second: Second

  /// Two modules as one.
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("first", &first)
    walker.child("second", &second)
  }
}
