import Autodiff

/// An energy given as a function of tensors, `[batch..., event...] -> [batch...]`.
///
/// Make it of the operations on tensors, so that it has derivatives; `EnergyInspection` says what is wrong with it, if anything is.
public struct FunctionEnergy: Energy {
  public let eventShape: [Int]
  private let energy: @Sendable (Tensor) -> Tensor

  public init(eventShape: [Int], _ energy: @escaping @Sendable (Tensor) -> Tensor) {
    self.eventShape = eventShape
    self.energy = energy
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireTrailing(x, eventShape, "FunctionEnergy")
    return energy(x)
  }
}
