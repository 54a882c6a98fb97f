/// A point of phase space: where the system is and how it moves.
public struct Phase<Q: VectorSpace>: VectorSpace {
  public typealias Scalar = Q.Scalar

  /// q
  public var position: Q
  /// p
  public var momentum: Q

  @inlinable
  public init(position: Q, momentum: Q) {
    self.position = position
    self.momentum = momentum
  }

  @inlinable @inline(__always)
  public mutating func add(_ scale: Q.Scalar, times direction: Self) {
    position.add(scale, times: direction.position)
    momentum.add(scale, times: direction.momentum)
  }
}

extension Phase: Equatable where Q: Equatable {}
extension Phase: Hashable where Q: Hashable {}

/// H(q, p) = T(p) + V(q), given by the two derivatives that move it: dq/dt = ∂T/∂p, dp/dt = −∂V/∂q.
public protocol SeparableHamiltonian: Sendable {
  /// The space of positions, and of momenta.
  associatedtype Q: VectorSpace

  /// ∂T/∂p at `momentum`.
  func velocity(_ momentum: Q) -> Q

  /// −∂V/∂q at `position`.
  func force(_ position: Q) -> Q

  /// q += time · velocity(p), made of `velocity` unless the system does it in place.
  func drift(_ state: inout Phase<Q>, for time: Q.Scalar)

  /// p += time · force(q), made of `force` unless the system does it in place: pairs of many bodies add to the momenta at
  /// once. Then observing a run may change its last bits, as it may not otherwise.
  func kick(_ state: inout Phase<Q>, for time: Q.Scalar)
}

extension SeparableHamiltonian {
  @inlinable @inline(__always)
  public func drift(_ state: inout Phase<Q>, for time: Q.Scalar) {
    state.position.add(time, times: velocity(state.momentum))
  }

  @inlinable @inline(__always)
  public func kick(_ state: inout Phase<Q>, for time: Q.Scalar) {
    state.momentum.add(time, times: force(state.position))
  }
}

/// A separable Hamiltonian whose kinetic energy is quadratic in the momentum, T = pᵀ M⁻¹ p / 2: `velocity` is linear.
///
/// A promise without a requirement, which Runge-Kutta-Nyström and force-gradient methods rest on.
public protocol NaturalHamiltonian: SeparableHamiltonian {}

/// A natural Hamiltonian that gives the second derivative of its potential along a direction, for force-gradient methods.
public protocol ForceGradientHamiltonian: NaturalHamiltonian {
  /// ∇²V(q) · direction.
  func hessian(at position: Q, times direction: Q) -> Q
}

/// A separable Hamiltonian whose two energies can be read, for diagnostics; no stepper needs them.
public protocol MeasurableHamiltonian: SeparableHamiltonian {
  /// T(p)
  func kineticEnergy(_ momentum: Q) -> Q.Scalar

  /// V(q)
  func potentialEnergy(_ position: Q) -> Q.Scalar
}

extension MeasurableHamiltonian {
  /// H(q, p) = T(p) + V(q)
  @inlinable
  public func energy(_ state: Phase<Q>) -> Q.Scalar {
    kineticEnergy(state.momentum) + potentialEnergy(state.position)
  }
}
