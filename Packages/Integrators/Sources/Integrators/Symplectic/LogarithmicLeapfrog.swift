/// A point of extended phase space: position and momentum, time and the momentum conjugate to it.
public struct ExtendedPhase<Q: VectorSpace>: VectorSpace {
  public typealias Scalar = Q.Scalar

  public var position: Q
  public var momentum: Q
  /// The physical time, which now is a coordinate.
  public var time: Q.Scalar
  /// −H at the start: constant along the flow, the conjugate of time.
  public var bindingEnergy: Q.Scalar

  @inlinable
  public init(position: Q, momentum: Q, time: Q.Scalar, bindingEnergy: Q.Scalar) {
    self.position = position
    self.momentum = momentum
    self.time = time
    self.bindingEnergy = bindingEnergy
  }

  /// A state of `system`, from which its binding energy follows.
  @inlinable
  public init<System: MeasurableHamiltonian>(_ state: Phase<Q>, at time: Q.Scalar = 0, of system: System) where System.Q == Q {
    self.init(
      position: state.position, momentum: state.momentum, time: time, bindingEnergy: -system.energy(state))
  }

  /// The position and the momentum alone.
  @inlinable
  public var phase: Phase<Q> { Phase(position: position, momentum: momentum) }

  @inlinable @inline(__always)
  public mutating func add(_ scale: Q.Scalar, times direction: Self) {
    position.add(scale, times: direction.position)
    momentum.add(scale, times: direction.momentum)
    time += scale * direction.time
    bindingEnergy += scale * direction.bindingEnergy
  }
}

extension ExtendedPhase: Equatable where Q: Equatable {}
extension ExtendedPhase: Hashable where Q: Hashable {}

/// Position, time, momentum, binding energy: conjugate halves.
extension ExtendedPhase: CoordinateSpace where Q: CoordinateSpace {
  @inlinable public var coordinateCount: Int { 2 * position.coordinateCount + 2 }
  @inlinable public subscript(coordinate index: Int) -> Q.Scalar {
    get {
      let half = position.coordinateCount + 1
      if index < half { return index + 1 < half ? position[coordinate: index] : time }
      return index + 1 < 2 * half ? momentum[coordinate: index - half] : bindingEnergy
    }
    set {
      let half = position.coordinateCount + 1
      if index + 1 < half {
        position[coordinate: index] = newValue
      } else if index < half {
        time = newValue
      } else if index + 1 < 2 * half {
        momentum[coordinate: index - half] = newValue
      } else {
        bindingEnergy = newValue
      }
    }
  }
}

/// Leapfrog in a fictitious time s, dt = ds / U with U = −V > 0: short steps where the potential is deep, and still a canonical
/// map, of extended phase space, since Γ = ln(T + B) − ln U is separable. For gravity: two bodies follow their exact orbit.
///
/// drift: t += h/(T + B), q += v(p) h/(T + B); kick: p += F(q) h/U. B is the binding energy.
/// Preto, Tremaine, Astron. J. 118, 2532 (1999); Mikkola, Tanikawa, Celest. Mech. Dyn. Astron. 74, 287 (1999).
///
///     let start = ExtendedPhase(perihelion, of: kepler)
///     let end = integrate(kepler, from: start, stepSize: 0.1, steps: 1_000, with: LogarithmicLeapfrog())
public struct LogarithmicLeapfrog<System: MeasurableHamiltonian>: SymplecticStepper, ReversibleStepper {
  public typealias State = ExtendedPhase<System.Q>

  @inlinable
  public init() {}

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    Self.drift(&state, system, stepSize / 2)
    let depth = -system.potentialEnergy(state.position)
    state.momentum.add(stepSize / depth, times: system.force(state.position))
    Self.drift(&state, system, stepSize / 2)
  }

  @inlinable @inline(__always)
  static func drift(_ state: inout State, _ system: System, _ step: State.Scalar) {
    let duration = step / (system.kineticEnergy(state.momentum) + state.bindingEnergy)
    state.time += duration
    state.position.add(duration, times: system.velocity(state.momentum))
  }
}
