import Integrators
import Synchronization

/// H = p²/(2 m) + k q²/2, whose steps are linear maps.
struct Oscillator: SeparableHamiltonian {
  var stiffness = 1.0
  var inverseMass = 1.0

  func velocity(_ momentum: Double) -> Double { inverseMass * momentum }
  func force(_ position: Double) -> Double { -stiffness * position }

  /// The columns of the matrix of `steps` steps, from the two unit vectors.
  func matrix(_ row: Palindrome, stepSize: Double, steps: Int) -> (position: Phase<Double>, momentum: Phase<Double>) {
    let method = SplittingMethod<Oscillator>(row)
    return (
      integrate(self, from: Phase(position: 1, momentum: 0), stepSize: stepSize, steps: steps, with: method),
      integrate(self, from: Phase(position: 0, momentum: 1), stepSize: stepSize, steps: steps, with: method)
    )
  }
}

/// Duffing: H = p²/2 + q²/2 + q⁴/4, for every kind of state that has its own product.
struct Duffing<Q: VectorSpace>: SeparableHamiltonian {
  let cube: @Sendable (Q) -> Q

  func velocity(_ momentum: Q) -> Q { momentum }
  func force(_ position: Q) -> Q { cube(position).moved(-1, along: position) }
}

extension Duffing where Q == Double {
  static var scalar: Self { Duffing { -$0 * $0 * $0 } }
}

extension Duffing where Q == [Double] {
  static var array: Self { Duffing { $0.map { -$0 * $0 * $0 } } }
}

extension Duffing where Q: SIMD & VectorSpace, Q: SIMD, Q.Scalar: FloatingPoint {
  static var lanes: Self { Duffing { -$0 * $0 * $0 } }
}

/// Counts what a stepper asks of it.
final class CountingOscillator: SeparableHamiltonian {
  let forces = Atomic<Int>(0)
  let velocities = Atomic<Int>(0)

  func velocity(_ momentum: Double) -> Double {
    velocities.add(1, ordering: .relaxed)
    return momentum
  }

  func force(_ position: Double) -> Double {
    forces.add(1, ordering: .relaxed)
    return -position
  }
}
