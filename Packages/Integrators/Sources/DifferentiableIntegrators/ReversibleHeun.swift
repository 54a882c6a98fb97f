import Integrators

/// A state and its shadow, which start as one: what reversible Heun steps.
public struct ShadowedState<Base: VectorSpace>: VectorSpace {
  public typealias Scalar = Base.Scalar

  public var state: Base
  public var shadow: Base

  public init(_ state: Base) {
    self.state = state
    shadow = state
  }

  public mutating func add(_ scale: Base.Scalar, times direction: Self) {
    state.add(scale, times: direction.state)
    shadow.add(scale, times: direction.shadow)
  }
}

/// Reversible Heun: second order for any differential equation, undone exactly by its own step of −h.
///
/// ŷ₁ = 2 y₀ − ŷ₀ + h f(ŷ₀, t₀), y₁ = y₀ + h (f(ŷ₀, t₀) + f(ŷ₁, t₁)) / 2. Kidger, Foster, Li, Lyons (arXiv:2105.13493).
/// Stable only for short steps: on decaying solutions the shadow leaves its state.
public struct ReversibleHeun<System: DifferentialEquation>: ReversibleStepper {
  public typealias State = ShadowedState<System.State>

  public init() {}

  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    let before = system.derivative(state.shadow, at: time)
    var shadow = state.state.moved(1, along: state.state)
    shadow.add(-1, times: state.shadow)
    shadow.add(stepSize, times: before)
    state.shadow = shadow
    state.state.add(stepSize / 2, times: before)
    state.state.add(stepSize / 2, times: system.derivative(shadow, at: time + stepSize))
  }
}
