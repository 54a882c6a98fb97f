import Autodiff

/// Any number of bijections of one event shape, one after the other; saved as `0.<path>`, `1.<path>`, ...
public struct Chain: Bijection {
  public var bijections: [any Bijection]

  public var eventShape: [Int] { bijections[0].eventShape }

  public init(_ bijections: [any Bijection]) {
    require(
      !bijections.isEmpty && bijections.allSatisfy { $0.eventShape == bijections[0].eventShape },
      "Chain: bijections of events \(bijections.map(\.eventShape)); give one or more of one event shape")
    self.bijections = bijections
  }

  public mutating func walk(_ walker: inout some Walker) {
    for index in bijections.indices { walker.child(String(index), &bijections[index]) }
  }

  public func forward(_ x: Tensor) -> (y: Tensor, logDeterminant: Tensor) {
    bijections.dropFirst().reduce(bijections[0].forward(x)) { result, bijection in
      let (y, logDeterminant) = bijection.forward(result.y)
      return (y, result.logDeterminant + logDeterminant)
    }
  }

  public func inverse(_ y: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
    bijections.dropLast().reversed().reduce(bijections[bijections.count - 1].inverse(y)) { result, bijection in
      let (x, logDeterminant) = bijection.inverse(result.x)
      return (x, result.logDeterminant + logDeterminant)
    }
  }
}
