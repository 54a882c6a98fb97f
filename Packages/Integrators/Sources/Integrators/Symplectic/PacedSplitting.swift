/// A separable Hamiltonian that says where its steps have to be short.
public protocol PacedHamiltonian: SeparableHamiltonian {
  /// σ(q, p) > 0, the relative length of steps: |q|^(3/2) for gravity.
  func pace(_ state: Phase<Q>) -> Q.Scalar

  /// −(d/dt ln σ) along the flow: how fast steps have to become denser.
  func quickening(_ state: Phase<Q>) -> Q.Scalar
}

/// Position, momentum and time, and how many steps there are to a unit of time.
public struct PacedPhase<Q: VectorSpace>: VectorSpace {
  public typealias Scalar = Q.Scalar

  public var position: Q
  public var momentum: Q
  /// The physical time.
  public var time: Q.Scalar
  /// 1/σ at the start, then carried along with the flow.
  public var density: Q.Scalar

  @inlinable
  public init(position: Q, momentum: Q, time: Q.Scalar, density: Q.Scalar) {
    self.position = position
    self.momentum = momentum
    self.time = time
    self.density = density
  }

  /// A state of `system`, from which the density follows.
  @inlinable
  public init<System: PacedHamiltonian>(_ state: Phase<Q>, at time: Q.Scalar = 0, of system: System) where System.Q == Q {
    self.init(position: state.position, momentum: state.momentum, time: time, density: 1 / system.pace(state))
  }

  /// The position and the momentum alone.
  @inlinable
  public var phase: Phase<Q> {
    get { Phase(position: position, momentum: momentum) }
    set {
      position = newValue.position
      momentum = newValue.momentum
    }
  }

  @inlinable @inline(__always)
  public mutating func add(_ scale: Q.Scalar, times direction: Self) {
    position.add(scale, times: direction.position)
    momentum.add(scale, times: direction.momentum)
    time += scale * direction.time
    density += scale * direction.density
  }
}

extension PacedPhase: Equatable where Q: Equatable {}
extension PacedPhase: Hashable where Q: Hashable {}

/// Position, momentum, time, density.
extension PacedPhase: CoordinateSpace where Q: CoordinateSpace {
  @inlinable public var coordinateCount: Int { 2 * position.coordinateCount + 2 }
  @inlinable public subscript(coordinate index: Int) -> Q.Scalar {
    get {
      let count = position.coordinateCount
      if index < 2 * count { return phase[coordinate: index] }
      return index == 2 * count ? time : density
    }
    set {
      let count = position.coordinateCount
      if index < 2 * count {
        phase[coordinate: index] = newValue
      } else if index == 2 * count {
        time = newValue
      } else {
        density = newValue
      }
    }
  }
}

/// A palindrome with steps of σ(q, p) times the nominal one, chosen so that they are the same on the way back: adaptive and
/// reversible, of the order of the palindrome, for any separable Hamiltonian. Not symplectic.
///
/// ρ += h G/2; one step of h/ρ; ρ += h G/2, with G = −d/dt ln σ. Hairer, Söderlind, SIAM J. Sci. Comput. 26, 1838 (2005).
public struct PacedSplitting<System: PacedHamiltonian>: ReversibleStepper {
  public typealias State = PacedPhase<System.Q>

  public let splitting: SplittingMethod<System>

  @inlinable
  public init(_ palindrome: Palindrome) { splitting = SplittingMethod(palindrome) }

  @inlinable
  public func step(_ state: inout State, of system: System, at time: State.Scalar, by stepSize: State.Scalar) {
    var phase = state.phase
    state.density += stepSize / 2 * system.quickening(phase)
    let duration = stepSize / state.density
    splitting.step(&phase, of: system, at: state.time, by: duration)
    state.phase = phase
    state.time += duration
    state.density += stepSize / 2 * system.quickening(phase)
  }
}
