import Autodiff

/// A smooth invertible map of events; event axes trail, batch axes lead.
public protocol Bijection: Module {
  var eventShape: [Int] { get }

  /// `y(x)` and `log|det ∂y/∂x|` of batch shape.
  func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor)

  /// `x(y)` and `log|det ∂x/∂y|` of batch shape: the sign is that of the map as called.
  func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor)
}

/// A bijection run backwards.
public struct Inverted<Map: Bijection>: Bijection {
  public var bijection: Map

  public var eventShape: [Int] { bijection.eventShape }

  public init(_ bijection: Map) { self.bijection = bijection }

  public mutating func walk(_ walker: inout some Walker) { bijection.walk(&walker) }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    let (y, logDeterminant) = bijection.inverse(x)
    return (y, logDeterminant)
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let (x, logDeterminant) = bijection.forward(y)
    return (x, logDeterminant)
  }
}

/// `first`, then `second`.
public struct Composed<First: Bijection, Second: Bijection>: Bijection {
  public var first: First
  public var second: Second

  public var eventShape: [Int] { first.eventShape }

  public init(_ first: First, then second: Second) {
    require(
      first.eventShape == second.eventShape,
      "Composed: the first bijection has events \(first.eventShape), the second \(second.eventShape); give two of one event shape")
    self.first = first
    self.second = second
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("first", &first)
    walker.child("second", &second)
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    let (middle, inner) = first.forward(x)
    let (y, outer) = second.forward(middle)
    return (y, inner + outer)
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    let (middle, outer) = second.inverse(y)
    let (x, inner) = first.inverse(middle)
    return (x, inner + outer)
  }
}
