import Autodiff

/// `U(x)/temperature`: the density of `base` at a temperature, as an energy of temperature 1.
public struct TemperedEnergy<Base: Energy>: Energy {
  public var base: Base
  public let temperature: Double

  public var eventShape: [Int] { base.eventShape }

  public init(_ base: Base, temperature: Double) {
    require(temperature > 0, "TemperedEnergy: temperature \(temperature); give a positive one")
    self.base = base
    self.temperature = temperature
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { base(x) * (1 / temperature) }
}

/// `(1 - β) U₀ + β U₁`: the geometric path between two densities, `β` a number from 0 to 1 or a tensor `[]` or `[batch...]`.
public struct GeometricPath<Start: Energy, End: Energy>: Sendable {
  public var start: Start
  public var end: End

  public init(from start: Start, to end: End) {
    require(
      start.eventShape == end.eventShape,
      "GeometricPath: energies of events \(start.eventShape) and \(end.eventShape); give two of one event shape")
    self.start = start
    self.end = end
  }

  /// The energy at `β`, `[batch..., event...] -> [batch...]`.
  public func energy(_ x: Tensor, at beta: Tensor) -> Tensor { (1.0 - beta) * start(x) + beta * end(x) }
}
