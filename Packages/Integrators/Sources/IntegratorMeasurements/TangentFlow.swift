import Integrators

/// A position and a small displacement from it.
public struct Displaced<Q: VectorSpace>: VectorSpace {
  public typealias Scalar = Q.Scalar

  public var point: Q
  public var displacement: Q

  public init(_ point: Q, _ displacement: Q) {
    self.point = point
    self.displacement = displacement
  }

  public mutating func add(_ scale: Q.Scalar, times direction: Displaced) {
    point.add(scale, times: direction.point)
    displacement.add(scale, times: direction.displacement)
  }
}

extension Displaced: CoordinateSpace where Q: CoordinateSpace {
  public var coordinateCount: Int { point.coordinateCount + displacement.coordinateCount }
  public subscript(coordinate index: Int) -> Q.Scalar {
    get {
      let count = point.coordinateCount
      return index < count ? point[coordinate: index] : displacement[coordinate: index - count]
    }
    set {
      let count = point.coordinateCount
      if index < count { point[coordinate: index] = newValue } else { displacement[coordinate: index - count] = newValue }
    }
  }
}

/// A Hamiltonian together with its variational equation, δq' = M⁻¹ δp and δp' = −∇²V(q) δq.
///
/// It is separable like the Hamiltonian itself, so every method for that moves it, and what it does to the displacement is the
/// derivative of what it does to the point: the tangent map of the method.
public struct TangentFlow<Base: ForceGradientHamiltonian>: NaturalHamiltonian {
  public let base: Base

  public init(_ base: Base) { self.base = base }

  public func velocity(_ momentum: Displaced<Base.Q>) -> Displaced<Base.Q> {
    Displaced(base.velocity(momentum.point), base.velocity(momentum.displacement))
  }

  public func force(_ position: Displaced<Base.Q>) -> Displaced<Base.Q> {
    let curvature = base.hessian(at: position.point, times: position.displacement)
    let zero = curvature.moved(-1, along: curvature)
    return Displaced(base.force(position.point), zero.moved(-1, along: curvature))
  }
}

extension LyapunovExponent {
  /// The same by the variational equation: the displacement is infinitesimal, and only its length is set back.
  ///
  /// `direction` is any displacement of position and momentum but zero.
  public init<Base: ForceGradientHamiltonian, Method: Stepper>(
    tangentOf method: Method, on system: Base, from initial: Phase<Base.Q>, along direction: Phase<Base.Q>, stepSize: Double,
    stepsPerRound: Int, rounds: Int, transient: Int = 0
  ) where Method.System == TangentFlow<Base>, Method.State == Phase<Displaced<Base.Q>>, Base.Q: CoordinateSpace, Base.Q.Scalar == Double {
    var state = Phase(
      position: Displaced(initial.position, direction.position), momentum: Displaced(initial.momentum, direction.momentum))
    func setBack() -> Double {
      let (q, p) = (state.position.displacement, state.momentum.displacement)
      let length = (q.dot(q) + p.dot(p)).squareRoot()
      precondition(length > 0, "LyapunovExponent: the direction is zero; give a displacement")
      state.position.displacement.add(1 / length - 1, times: q)
      state.momentum.displacement.add(1 / length - 1, times: p)
      return length
    }
    _ = setBack()
    self.init(period: Double(stepsPerRound) * stepSize, rounds: rounds, transient: transient) { round in
      method.steps(
        stepsPerRound, &state, of: TangentFlow(system), at: Double(round * stepsPerRound) * stepSize, by: stepSize)
      return setBack()
    }
  }
}
