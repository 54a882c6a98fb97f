import Autodiff
import Integrators

/// dy/dt = f(y, t; θ) on tensors; θ are the tensors of the module, t is a scalar tensor, and derivatives reach all three.
public protocol TensorEquation<State>: Module {
  associatedtype State: TensorState

  /// f(y, t), of the shapes of the state.
  func derivative(_ state: State, at time: Tensor) -> State
}

/// An equation given by its parameters and a closure.
///
///     let decay = ParametricField(rate) { rate, y, t in -rate * y }
public struct ParametricField<Parameters: Module, State: TensorState>: TensorEquation {
  public var parameters: Parameters
  public let slope: @Sendable (Parameters, State, Tensor) -> State

  /// `slope` takes everything that is to have a gradient from its arguments, not from outside.
  public init(_ parameters: Parameters, _ slope: @escaping @Sendable (Parameters, State, Tensor) -> State) {
    self.parameters = parameters
    self.slope = slope
  }

  public func derivative(_ state: State, at time: Tensor) -> State { slope(parameters, state, time) }

  public mutating func walk(_ walker: inout some Walker) { walker.child("parameters", &parameters) }
}

/// H(q, p) = pᵀ M⁻¹ p / 2 + V(q; θ) with a diagonal M⁻¹, whose parameters are explicit: those of the potential, and M⁻¹.
///
///     let system = PotentialGradients(network, inverseMass: Tensor(1, dtype: .float64)) { network, q in network(q) }
public struct PotentialGradients<Potential: Module>: ForceGradientHamiltonian, Module {
  public var potential: Potential
  /// A scalar, or `[coordinates]`.
  public var inverseMass: Tensor
  private let energy: @Sendable (Potential, Tensor) -> Tensor

  /// `energy` maps `[batch, coordinates]` to `[batch]`, or `[coordinates]` to a scalar, each row on its own.
  public init(
    _ potential: Potential, inverseMass: Tensor, energy: @escaping @Sendable (Potential, Tensor) -> Tensor
  ) {
    self.potential = potential
    self.inverseMass = inverseMass
    self.energy = energy
  }

  /// M⁻¹ p
  public func velocity(_ momentum: Tensor) -> Tensor { inverseMass * momentum }

  /// −∂V/∂q, in the shape of `position`.
  public func force(_ position: Tensor) -> Tensor { -grad(position) { energy(potential, $0).sum() } }

  public func hessian(at position: Tensor, times direction: Tensor) -> Tensor {
    hvp(position, along: direction) { energy(potential, $0).sum() }
  }

  public mutating func walk(_ walker: inout some Walker) {
    walker.child("potential", &potential)
    walker.parameter("inverseMass", &inverseMass)
  }
}

extension FirstOrderForm: Module where System: Module {
  public mutating func walk(_ walker: inout some Walker) {
    var system = system
    walker.child("", &system)
    self = FirstOrderForm(system)
  }
}

/// A separable Hamiltonian for Runge-Kutta methods; time does not matter to it.
extension FirstOrderForm: TensorEquation where System: Module, System.Q: TensorState {
  public func derivative(_ state: Phase<System.Q>, at time: Tensor) -> Phase<System.Q> {
    Phase(position: velocity(state), momentum: force(state))
  }
}
