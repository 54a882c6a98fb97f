import Autodiff
import Integrators

/// A system with a clock of its own: a unit of time of steppers is `stepSize` of the system's time, and 0 is `start`.
///
/// Steppers measure time in `Double`, which has no gradient. In this system all their steps are of length 1, and what they
/// would multiply by h is multiplied by a tensor before they see it: H becomes h H, and f becomes h f.
public struct Clocked<System: Sendable>: Sendable {
  let system: System
  let start: Tensor
  let stepSize: Tensor

  init(_ system: System, from start: Tensor, stepSize: Tensor) {
    self.system = system
    self.start = start
    self.stepSize = stepSize
  }
}

extension Clocked: SeparableHamiltonian where System: SeparableHamiltonian, System.Q: TensorState {
  public typealias Q = System.Q

  public func velocity(_ momentum: Q) -> Q { system.velocity(momentum).scaled(by: stepSize) }
  public func force(_ position: Q) -> Q { system.force(position).scaled(by: stepSize) }
}

extension Clocked: NaturalHamiltonian where System: NaturalHamiltonian, System.Q: TensorState {}

extension Clocked: ForceGradientHamiltonian where System: ForceGradientHamiltonian, System.Q: TensorState {
  public func hessian(at position: Q, times direction: Q) -> Q {
    system.hessian(at: position, times: direction).scaled(by: stepSize)
  }
}

extension Clocked: DifferentialEquation where System: TensorEquation {
  public typealias State = System.State

  public func derivative(_ state: State, at time: Double) -> State {
    system.derivative(state, at: start + stepSize * time).scaled(by: stepSize)
  }
}
