import Integrators

/// Six bodies in space, stored in place.
@available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *)
public typealias SixBodies = InlineArray<6, SIMD3<Double>>

/// The Sun with the inner planets, Jupiter, Saturn, Uranus, Neptune and Pluto under Newton's law, in AU, days and solar masses:
/// V = −Σ G mᵢ mⱼ / |qᵢ − qⱼ|. Hairer, Lubich, Wanner, Geometric Numerical Integration (2006), I.2.4.
@available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *)
public struct OuterSolarSystem: MeasurableHamiltonian, NaturalHamiltonian {
  /// G in AU³ per day² and solar mass.
  public static var gravity: Double { 2.95912208286e-4 }
  /// Solar masses.
  public let masses: InlineArray<6, Double>
  /// 1/m
  public let inverseMasses: InlineArray<6, Double>

  public init() {
    masses = [1.00000597682, 9.54786104043e-4, 2.85583733151e-4, 4.37273164546e-5, 5.17759138449e-5, 1 / 1.3e8]
    var inverse = masses
    for body in inverse.indices { inverse[body] = 1 / inverse[body] }
    inverseMasses = inverse
  }

  @inlinable
  public func velocity(_ momentum: SixBodies) -> SixBodies {
    var velocity = momentum
    for body in momentum.indices { velocity[body] *= inverseMasses[body] }
    return velocity
  }

  @inlinable
  public func force(_ position: SixBodies) -> SixBodies {
    var state = Phase(position: position, momentum: SixBodies(repeating: .zero))
    kick(&state, for: 1)
    return state.momentum
  }

  @inlinable @inline(__always)
  public func drift(_ state: inout Phase<SixBodies>, for time: Double) {
    // Spans: a subscript of an inline array may copy all of it.
    let inverse = inverseMasses.span
    let p = state.momentum.span
    var q = state.position.mutableSpan
    for body in 0..<6 { q[body] += time * (p[body] * inverse[body]) }
  }

  /// Every pair once, action and reaction added to the momenta.
  @inlinable @inline(__always)
  public func kick(_ state: inout Phase<SixBodies>, for time: Double) {
    let masses = masses.span
    let q = state.position.span
    var p = state.momentum.mutableSpan
    for i in 0..<6 {
      let here = q[i]
      let strength = time * Self.gravity * masses[i]
      var pull = SIMD3<Double>.zero
      for j in (i + 1)..<Swift.max(6, i + 1) {
        let offset = q[j] - here
        let squares = offset * offset
        let squared = squares.x + squares.y + squares.z
        let part = offset * (strength * masses[j] / (squared * squared.squareRoot()))
        pull += part
        p[j] -= part
      }
      p[i] += pull
    }
  }

  public func kineticEnergy(_ momentum: SixBodies) -> Double {
    momentum.indices.reduce(0) { $0 + (momentum[$1] * momentum[$1]).sum() / (2 * masses[$1]) }
  }

  public func potentialEnergy(_ position: SixBodies) -> Double {
    var energy = 0.0
    for i in position.indices {
      for j in (i + 1)..<Swift.max(position.count, i + 1) {
        let offset = position[j] - position[i]
        energy -= Self.gravity * masses[i] * masses[j] / (offset * offset).sum().squareRoot()
      }
    }
    return energy
  }

  /// Σ qᵢ × pᵢ
  public func angularMomentum(_ state: Phase<SixBodies>) -> SIMD3<Double> {
    state.position.indices.reduce(.zero) { sum, body in
      let (q, p) = (state.position[body], state.momentum[body])
      return sum + SIMD3(q.y * p.z - q.z * p.y, q.z * p.x - q.x * p.z, q.x * p.y - q.y * p.x)
    }
  }

  /// 5 September 1994 at 0 h.
  public var start: Phase<SixBodies> {
    let position: SixBodies = [
      .zero, [-3.5023653, -3.8169847, -1.5507963], [9.0755314, -3.0458353, -1.6483708], [8.3101420, -16.2901086, -7.2521278],
      [11.4707666, -25.7294829, -10.8169456], [-15.5387357, -25.2225594, -3.1902382],
    ]
    var momentum: SixBodies = [
      .zero, [0.00565429, -0.00412490, -0.00190589], [0.00168318, 0.00483525, 0.00192462], [0.00354178, 0.00137102, 0.00055029],
      [0.00288930, 0.00114527, 0.00039677], [0.00276725, -0.00170702, -0.00136504],
    ]
    for body in momentum.indices { momentum[body] *= masses[body] }
    return Phase(position: position, momentum: momentum)
  }
}
