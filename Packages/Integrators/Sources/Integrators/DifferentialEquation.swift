/// dy/dt = f(y, t).
public protocol DifferentialEquation<State>: Sendable {
  associatedtype State: VectorSpace

  /// f(y, t), with as many coordinates as the state.
  func derivative(_ state: State, at time: State.Scalar) -> State

  /// Writes f(y, t) over `derivative`; states on the heap implement it to allocate nothing.
  func evaluate(_ derivative: inout State, of state: State, at time: State.Scalar)

  /// ∂f/∂y in rows, or nil to have it estimated by finite differences; only implicit methods ask.
  func jacobian(_ state: State, at time: State.Scalar) -> SquareMatrix<State.Scalar>?
}

extension DifferentialEquation {
  @inlinable @inline(__always)
  public func evaluate(_ derivative: inout State, of state: State, at time: State.Scalar) {
    derivative = self.derivative(state, at: time)
  }

  @inlinable
  public func jacobian(_ state: State, at time: State.Scalar) -> SquareMatrix<State.Scalar>? { nil }
}

/// A differential equation given by a closure: `VectorField { (y: Double, t) in -y }`.
public struct VectorField<State: VectorSpace>: DifferentialEquation {
  public let slope: @Sendable (State, State.Scalar) -> State

  @inlinable
  public init(_ slope: @escaping @Sendable (State, State.Scalar) -> State) { self.slope = slope }

  @inlinable @inline(__always)
  public func derivative(_ state: State, at time: State.Scalar) -> State { slope(state, time) }
}

/// H(q, p) of any form, by the two derivatives that move it: dq/dt = ∂H/∂p, dp/dt = −∂H/∂q.
public protocol GeneralHamiltonian<Q>: DifferentialEquation where State == Phase<Q> {
  associatedtype Q: VectorSpace

  /// ∂H/∂p
  func velocity(_ state: Phase<Q>) -> Q

  /// −∂H/∂q
  func force(_ state: Phase<Q>) -> Q
}

extension GeneralHamiltonian {
  @inlinable @inline(__always)
  public func derivative(_ state: Phase<Q>, at time: Q.Scalar) -> Phase<Q> {
    Phase(position: velocity(state), momentum: force(state))
  }
}

/// A separable Hamiltonian as a differential equation for (q, p), so that every Runge-Kutta method takes it.
public struct FirstOrderForm<System: SeparableHamiltonian>: GeneralHamiltonian {
  public typealias Q = System.Q
  public typealias State = Phase<System.Q>

  public let system: System

  @inlinable
  public init(_ system: System) { self.system = system }

  @inlinable @inline(__always)
  public func velocity(_ state: Phase<Q>) -> Q { system.velocity(state.momentum) }

  @inlinable @inline(__always)
  public func force(_ state: Phase<Q>) -> Q { system.force(state.position) }
}
